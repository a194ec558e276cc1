/** getPatientDetails: the record by number where one is given, else by search. Its request root lacks the word "Request". */
import { DETAILS_RESPONSE, detailsByNumber, detailsBySearch } from './details.ts';
import type { MiniService } from './operations.ts';

export const getPatientDetails: MiniService = {
  service: 'getPatientDetails-v1-0',
  root: 'getPatientDetails-v1-0',
  response: DETAILS_RESPONSE,
  needs: {
    dateOfBirth: 'mandatory',
    gender: 'optional',
    localIdentifier: 'optional',
    nhsNumber: 'optional',
    name: 'optional',
    postcode: 'optional',
  },
  partialBirth: false,
  run: (context) => (context.query.nhsNumber ? detailsByNumber(context) : detailsBySearch(context)),
};
