/** PDS confirmation of an NHS number of MIM 4.2, answered by QUPA_IN070000UK30. */
import { MIM42 } from '../generation.ts';
import { renderConfirmation } from '../render/match42.ts';
import { confirmNhsNumber } from './confirmNhsNumber.ts';

export const QUPA_IN060000UK30 = confirmNhsNumber({
  interaction: 'QUPA_IN060000UK30',
  reply: 'QUPA_IN070000UK30',
  generation: MIM42,
  status: 'shaped',
  renderConfirmation,
});
