/** PDS confirmation of an NHS number of MIM 7.2, answered by QUPA_IN000010UK04. */
import { MIM72 } from '../generation.ts';
import { renderConfirmation72 } from '../render/match63.ts';
import { confirmNhsNumber } from './confirmNhsNumber.ts';

export const QUPA_IN000016UK04 = confirmNhsNumber({
  interaction: 'QUPA_IN000016UK04',
  reply: 'QUPA_IN000010UK04',
  status: 'shaped',
  generation: MIM72,
  renderConfirmation: renderConfirmation72,
});
