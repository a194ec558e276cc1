/** Birth notification (NN4B) of MIM 6.3, answered by PRPA_IN000206UK01, or by PRPA_IN000207UK03 when there is a record like it. */
import { MIM63 } from '../generation.ts';
import { createRecord } from './birth.ts';

export const PRPA_IN000205UK03 = createRecord({
  interaction: 'PRPA_IN000205UK03',
  reply: 'PRPA_IN000206UK01',
  duplicate: 'PRPA_IN000207UK03',
  generation: MIM63,
  parts: 'UK02',
  form: { parts: false },
});
