/** PDS confirmation of an NHS number of MIM 6.3, answered by QUPA_IN000010UK02. */
import { MIM63 } from '../generation.ts';
import { renderConfirmation } from '../render/match63.ts';
import { confirmNhsNumber } from './confirmNhsNumber.ts';

export const QUPA_IN000016UK02 = confirmNhsNumber({
  interaction: 'QUPA_IN000016UK02',
  reply: 'QUPA_IN000010UK02',
  status: 'shaped',
  generation: MIM63,
  renderConfirmation,
});
