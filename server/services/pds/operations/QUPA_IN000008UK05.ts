/** PDS retrieval query of MIM 7.2, answered by QUPA_IN000009UK06. */
import { MIM72 } from '../generation.ts';
import { renderSerialChangeNumber } from '../render/record63.ts';
import { renderRecord } from '../render/record72.ts';
import { retrieval } from './retrieval.ts';

export const QUPA_IN000008UK05 = retrieval({
  interaction: 'QUPA_IN000008UK05',
  reply: 'QUPA_IN000009UK06',
  status: 'shaped',
  generation: MIM72,
  renderRecord,
  renderSerialChangeNumber,
});
