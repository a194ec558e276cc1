/** PDS simple trace of MIM 7.2, answered by QUPA_IN000007UK03. */
import { MIM72 } from '../generation.ts';
import { renderTraceMatch } from '../render/match63.ts';
import { simpleTrace } from './simpleTrace.ts';

export const QUPA_IN000005UK03 = simpleTrace({
  interaction: 'QUPA_IN000005UK03',
  reply: 'QUPA_IN000007UK03',
  status: 'shaped',
  generation: MIM72,
  renderMatch: renderTraceMatch,
});
