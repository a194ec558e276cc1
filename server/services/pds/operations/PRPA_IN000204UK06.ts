/** Update by a registration authority (NHAIS) of MIM 7.2, answered by PRPA_IN000209UK02. */
import { MIM72 } from '../generation.ts';
import { ANY_PROVIDER } from '../update/items.ts';
import { generalUpdate } from './generalUpdate.ts';

export const PRPA_IN000204UK06 = generalUpdate({
  interaction: 'PRPA_IN000204UK06',
  reply: 'PRPA_IN000209UK02',
  generation: MIM72,
  form: { root: 'PdsNhaisUpdateRequest', parts: true, nhais: true, providers: ANY_PROVIDER },
});
