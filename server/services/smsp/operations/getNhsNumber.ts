/** getNHSNumber: the number of the one person who fits. */
import { traceUnique } from '../../../core/demographics/trace.ts';
import { CODES } from '../codes.ts';
import { numberResponse } from '../messages/responses.ts';
import { traceFailure } from './failures.ts';
import type { MiniService } from './operations.ts';

export const getNhsNumber: MiniService = {
  service: 'getNHSNumber-v1-0',
  root: 'getNHSNumberRequest-v1-0',
  response: 'getNHSNumberResponse-v1-0',
  needs: {
    dateOfBirth: 'mandatory',
    gender: 'mandatory',
    localIdentifier: 'optional',
    nhsNumber: 'absent',
    name: 'mandatory',
    postcode: 'optional',
  },
  partialBirth: true,
  async run({ query, world, today }) {
    const given = query.given === undefined ? undefined : [query.given];
    const result = await traceUnique(world, { ...query, family: query.family!, given }, today);
    if (result.outcome !== 'match') return traceFailure(result);
    const { nhsNumber } = result.patient;
    return { code: CODES.success, response: (id) => numberResponse(id, nhsNumber, query.localIdentifier) };
  },
};
