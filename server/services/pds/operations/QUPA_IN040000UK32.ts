/** PDS retrieval query of MIM 4.2, answered by QUPA_IN050000UK32. */
import { MIM42 } from '../generation.ts';
import { renderRecord, renderSerialChangeNumber } from '../render/record42.ts';
import { retrieval } from './retrieval.ts';

export const QUPA_IN040000UK32 = retrieval({
  interaction: 'QUPA_IN040000UK32',
  reply: 'QUPA_IN050000UK32',
  status: 'shaped',
  generation: MIM42,
  renderRecord,
  renderSerialChangeNumber,
});
