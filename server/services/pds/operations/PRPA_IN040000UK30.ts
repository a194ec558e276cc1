/** Allocation of an NHS number of MIM 4.2, answered by PRPA_IN060000UK30. */
import { MIM42 } from '../generation.ts';
import { PROVIDER } from '../update/items.ts';
import { allocation } from './allocation.ts';

export const PRPA_IN040000UK30 = allocation({
  interaction: 'PRPA_IN040000UK30',
  reply: 'PRPA_IN060000UK30',
  generation: MIM42,
  subjectFirst: true,
  form: { providers: [PROVIDER.responsible], represented: true },
});
