/** PDS advanced trace of MIM 7.2, answered by QUPA_IN000011UK05 on another connection. */
import { MIM72 } from '../generation.ts';
import { renderMatches } from '../render/advanced63.ts';
import { advancedTrace } from './advancedTrace.ts';

export const QUPA_IN000006UK05 = advancedTrace({
  interaction: 'QUPA_IN000006UK05',
  reply: 'QUPA_IN000011UK05',
  generation: MIM72,
  renderMatches: (matches) => renderMatches(matches, 'UK03'),
});
