/** getPatientDetailsByNHSNumber: the record of a number, checked against the date of birth. */
import { DETAILS_RESPONSE, detailsByNumber } from './details.ts';
import type { MiniService } from './operations.ts';

export const getPatientDetailsByNhsNumber: MiniService = {
  service: 'getPatientDetailsByNHSNumber-v1-0',
  root: 'getPatientDetailsByNHSNumberRequest-v1-0',
  response: DETAILS_RESPONSE,
  needs: {
    dateOfBirth: 'mandatory',
    gender: 'absent',
    localIdentifier: 'optional',
    nhsNumber: 'mandatory',
    name: 'optional',
    postcode: 'absent',
  },
  partialBirth: false,
  run: detailsByNumber,
};
