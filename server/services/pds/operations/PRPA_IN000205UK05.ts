/** Birth notification (NN4B) of MIM 7.2, answered by PRPA_IN000206UK01, or by PRPA_IN000207UK05 when there is a record like it. */
import { MIM72 } from '../generation.ts';
import { createRecord } from './birth.ts';

export const PRPA_IN000205UK05 = createRecord({
  interaction: 'PRPA_IN000205UK05',
  reply: 'PRPA_IN000206UK01',
  duplicate: 'PRPA_IN000207UK05',
  generation: MIM72,
  parts: 'UK03',
  form: { parts: true },
  status: 'shaped',
});
