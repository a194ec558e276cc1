/** Allocation of an NHS number of MIM 7.2, answered by PRPA_IN000201UK01. */
import { MIM72 } from '../generation.ts';
import { ANY_PROVIDER } from '../update/items.ts';
import { allocation } from './allocation.ts';

export const PRPA_IN000200UK04 = allocation({
  interaction: 'PRPA_IN000200UK04',
  reply: 'PRPA_IN000201UK01',
  generation: MIM72,
  status: 'shaped',
  form: { providers: ANY_PROVIDER },
});
