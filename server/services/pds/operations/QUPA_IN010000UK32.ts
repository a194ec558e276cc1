/** PDS simple trace of MIM 4.2, answered by QUPA_IN030000UK32. */
import { MIM42 } from '../generation.ts';
import { renderTraceMatch } from '../render/match42.ts';
import { simpleTrace } from './simpleTrace.ts';

export const QUPA_IN010000UK32 = simpleTrace({
  interaction: 'QUPA_IN010000UK32',
  reply: 'QUPA_IN030000UK32',
  generation: MIM42,
  renderMatch: renderTraceMatch,
});
