/** PDS advanced trace of MIM 4.2, answered by QUPA_IN030000UK32 on another connection. */
import { MIM42 } from '../generation.ts';
import { renderMatches } from '../render/match42.ts';
import { advancedTrace } from './advancedTrace.ts';

export const QUPA_IN020000UK31 = advancedTrace({
  interaction: 'QUPA_IN020000UK31',
  reply: 'QUPA_IN030000UK32',
  generation: MIM42,
  renderMatches,
});
