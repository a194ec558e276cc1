/** PDS retrieval query of MIM 6.3, answered by QUPA_IN000009UK03. */
import { MIM63 } from '../generation.ts';
import { renderRecord, renderSerialChangeNumber } from '../render/record63.ts';
import { retrieval } from './retrieval.ts';

export const QUPA_IN000008UK02 = retrieval({
  interaction: 'QUPA_IN000008UK02',
  reply: 'QUPA_IN000009UK03',
  generation: MIM63,
  renderRecord,
  renderSerialChangeNumber,
});
