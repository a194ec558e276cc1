/** PDS advanced trace of MIM 6.3, answered by QUPA_IN000011UK02 on another connection. */
import { MIM63 } from '../generation.ts';
import { renderMatches } from '../render/advanced63.ts';
import { advancedTrace } from './advancedTrace.ts';

export const QUPA_IN000006UK02 = advancedTrace({
  interaction: 'QUPA_IN000006UK02',
  reply: 'QUPA_IN000011UK02',
  generation: MIM63,
  renderMatches: (matches) => renderMatches(matches, 'UK02'),
});
