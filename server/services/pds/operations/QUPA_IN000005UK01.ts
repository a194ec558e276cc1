/** PDS simple trace of MIM 6.3, answered by QUPA_IN000007UK01. */
import { MIM63 } from '../generation.ts';
import { renderTraceMatch } from '../render/match63.ts';
import { simpleTrace } from './simpleTrace.ts';

export const QUPA_IN000005UK01 = simpleTrace({
  interaction: 'QUPA_IN000005UK01',
  reply: 'QUPA_IN000007UK01',
  generation: MIM63,
  renderMatch: renderTraceMatch,
});
