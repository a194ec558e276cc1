/** getPatientDetailsBySearch: the record of the one person who fits a search. */
import { DETAILS_RESPONSE, detailsBySearch } from './details.ts';
import type { MiniService } from './operations.ts';

export const getPatientDetailsBySearch: MiniService = {
  service: 'getPatientDetailsBySearch-v1-0',
  root: 'getPatientDetailsBySearchRequest-v1-0',
  response: DETAILS_RESPONSE,
  needs: {
    dateOfBirth: 'mandatory',
    gender: 'mandatory',
    localIdentifier: 'optional',
    nhsNumber: 'absent',
    name: 'mandatory',
    postcode: 'optional',
  },
  partialBirth: false,
  run: detailsBySearch,
};
