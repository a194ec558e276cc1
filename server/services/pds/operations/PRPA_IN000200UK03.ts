/** Allocation of an NHS number of MIM 6.3, answered by PRPA_IN000201UK01. */
import { MIM63 } from '../generation.ts';
import { PROVIDER } from '../update/items.ts';
import { allocation } from './allocation.ts';

export const PRPA_IN000200UK03 = allocation({
  interaction: 'PRPA_IN000200UK03',
  reply: 'PRPA_IN000201UK01',
  generation: MIM63,
  form: { providers: [PROVIDER.allocation] },
});
