/** Update by a registration authority (NHAIS) of MIM 6.3, answered by PRPA_IN000209UK01. */
import { MIM63 } from '../generation.ts';
import { NHAIS_63 } from '../update/factElement.ts';
import { PROVIDER } from '../update/items.ts';
import { generalUpdate } from './generalUpdate.ts';

export const PRPA_IN000204UK03 = generalUpdate({
  interaction: 'PRPA_IN000204UK03',
  reply: 'PRPA_IN000209UK01',
  generation: MIM63,
  form: {
    root: 'PdsNhaisUpdateRequest',
    parts: false,
    slots: NHAIS_63,
    provision: 'patientCareProvisionEvent',
    providers: [PROVIDER.performer],
    nhais: true,
  },
});
