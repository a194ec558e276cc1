/** PDS general update of MIM 4.2, answered by PRPA_IN150000UK30. */
import { MIM42 } from '../generation.ts';
import { GENERAL } from '../update/factElement.ts';
import { PROVIDER } from '../update/items.ts';
import { generalUpdate } from './generalUpdate.ts';

export const PRPA_IN160000UK30 = generalUpdate({
  interaction: 'PRPA_IN160000UK30',
  reply: 'PRPA_IN150000UK30',
  generation: MIM42,
  form: {
    root: 'PdsUpdateRequest',
    parts: false,
    slots: GENERAL,
    provision: 'patientCareProvision',
    providers: [PROVIDER.responsible],
  },
});
