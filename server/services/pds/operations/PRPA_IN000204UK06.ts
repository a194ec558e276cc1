/** Update by a registration authority (NHAIS) of MIM 7.2, answered by PRPA_IN000209UK02: a general update with more in it. */
import { MIM72 } from '../generation.ts';
import { NHAIS_72 } from '../update/factElement.ts';
import { PROVIDER } from '../update/items.ts';
import { generalUpdate } from './generalUpdate.ts';

export const PRPA_IN000204UK06 = generalUpdate({
  interaction: 'PRPA_IN000204UK06',
  reply: 'PRPA_IN000209UK02',
  generation: MIM72,
  form: {
    root: 'PdsUpdateRequest',
    parts: true,
    slots: NHAIS_72,
    provision: 'patientCareProvision',
    providers: [PROVIDER.performer],
    nhais: true,
  },
});
