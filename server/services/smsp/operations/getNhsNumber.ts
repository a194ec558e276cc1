/** getNHSNumber: the number of the one person who fits. */
import { traceUnique } from '../../../core/demographics/trace.ts';
import { CODES } from '../codes.ts';
import { numberResponse } from '../messages/responses.ts';
import { searchFailure } from './failures.ts';
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
    if (query.given.length === 0) return { code: CODES.invalidRequest, detail: 'the given name is missing' };
    const search = { ...query, family: query.family! };
    const result = await traceUnique(world, search, today);
    if (result.outcome !== 'match') return searchFailure(world, search, today, result);
    const { nhsNumber } = result.patient;
    return { code: CODES.success, response: (id) => numberResponse(id, nhsNumber, query.localIdentifier) };
  },
};
