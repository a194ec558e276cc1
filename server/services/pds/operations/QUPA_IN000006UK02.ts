/** PDS advanced trace of MIM 6.3, answered by QUPA_IN000011UK02 on another connection. */
import { MIM63 } from '../generation.ts';
import { advancedTrace } from './advancedTrace.ts';

export const QUPA_IN000006UK02 = advancedTrace({
  interaction: 'QUPA_IN000006UK02',
  reply: 'QUPA_IN000011UK02',
  generation: MIM63,
  parts: 'UK02',
});
