/** PDS general update of MIM 7.2, answered by PRPA_IN000202UK01. */
import { MIM72 } from '../generation.ts';
import { GENERAL } from '../update/factElement.ts';
import { PROVIDER } from '../update/items.ts';
import { generalUpdate } from './generalUpdate.ts';

export const PRPA_IN000203UK06 = generalUpdate({
  interaction: 'PRPA_IN000203UK06',
  reply: 'PRPA_IN000202UK01',
  generation: MIM72,
  form: {
    root: 'PdsUpdateRequest',
    parts: true,
    slots: GENERAL,
    provision: 'patientCareProvision',
    providers: [PROVIDER.performer],
  },
});
