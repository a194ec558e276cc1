/** verifyNHSNumber: do number and date of birth belong together? */
import { crossCheck } from '../../../core/demographics/trace.ts';
import { CODES } from '../codes.ts';
import { verifyResponse } from '../messages/responses.ts';
import { crossCheckQuery } from '../query.ts';
import { numberFailure } from './failures.ts';
import type { MiniService } from './operations.ts';

export const verifyNhsNumber: MiniService = {
  service: 'verifyNHSNumber-v1-0',
  root: 'verifyNHSNumberRequest-v1-0',
  response: 'verifyNHSNumberResponse-v1-0',
  needs: {
    dateOfBirth: 'mandatory',
    gender: 'absent',
    localIdentifier: 'absent',
    nhsNumber: 'mandatory',
    name: 'optional',
    postcode: 'absent',
  },
  partialBirth: false,
  async run({ query, world, settings }) {
    const result = await crossCheck(world, crossCheckQuery(query), settings.crossCheck);
    if (result.outcome === 'mismatch' && settings.mismatch === 'false') {
      const response = (id: string) => verifyResponse(id, CODES.success, query.nhsNumber!, false);
      return { code: CODES.success, detail: result.reason, response };
    }
    if (result.outcome !== 'verified') return numberFailure(world, query.nhsNumber!, result);
    const code = result.superseded ? CODES.superseded : CODES.success;
    return { code, response: (id) => verifyResponse(id, code, result.patient.nhsNumber) };
  },
};
