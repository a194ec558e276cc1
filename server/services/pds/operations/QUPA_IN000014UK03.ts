/** PDS cross-check trace of MIM 7.2, answered by QUPA_IN000015UK04. */
import { MIM72 } from '../generation.ts';
import { crossCheckTrace } from './crossCheckTrace.ts';

export const QUPA_IN000014UK03 = crossCheckTrace({
  interaction: 'QUPA_IN000014UK03',
  reply: 'QUPA_IN000015UK04',
  status: 'shaped',
  generation: MIM72,
});
