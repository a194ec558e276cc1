/** PDS cross-check trace of MIM 6.3, answered by QUPA_IN000015UK02. */
import { MIM63 } from '../generation.ts';
import { crossCheckTrace } from './crossCheckTrace.ts';

export const QUPA_IN000014UK01 = crossCheckTrace({
  interaction: 'QUPA_IN000014UK01',
  reply: 'QUPA_IN000015UK02',
  generation: MIM63,
});
