/** PDS general update of MIM 6.3, answered by PRPA_IN000202UK01. */
import { MIM63 } from '../generation.ts';
import { GENERAL } from '../update/factElement.ts';
import { PROVIDER } from '../update/items.ts';
import { generalUpdate } from './generalUpdate.ts';

export const PRPA_IN000203UK03 = generalUpdate({
  interaction: 'PRPA_IN000203UK03',
  reply: 'PRPA_IN000202UK01',
  generation: MIM63,
  form: {
    root: 'PdsUpdateRequest',
    parts: false,
    slots: GENERAL,
    provision: 'patientCareProvision',
    providers: [PROVIDER.performer],
    authorById: true,
  },
});
