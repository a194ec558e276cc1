/** Versions before those that the message manuals list, which clients still send: answered as their MIM 4.2 successors are. */
import type { InteractionHandler } from '../../../core/interactions/registry.ts';
import { PRPA_IN040000UK30 } from './PRPA_IN040000UK30.ts';
import { PRPA_IN160000UK30 } from './PRPA_IN160000UK30.ts';
import { QUPA_IN010000UK32 } from './QUPA_IN010000UK32.ts';
import { QUPA_IN020000UK31 } from './QUPA_IN020000UK31.ts';
import { QUPA_IN040000UK32 } from './QUPA_IN040000UK32.ts';
import { QUPA_IN060000UK30 } from './QUPA_IN060000UK30.ts';

/** The shape of their replies was not seen, so they are those of the successors. */
const as = (successor: InteractionHandler, ...interactions: string[]): InteractionHandler => ({
  ...successor,
  interactions,
  status: 'shaped',
});

export const OLDER: readonly InteractionHandler[] = [
  as(QUPA_IN010000UK32, 'QUPA_IN010000UK13'),
  as(QUPA_IN020000UK31, 'QUPA_IN020000UK14'),
  as(QUPA_IN040000UK32, 'QUPA_IN040000UK14'),
  as(QUPA_IN060000UK30, 'QUPA_IN060000UK13'),
  as(PRPA_IN040000UK30, 'PRPA_IN040000UK15'),
  as(PRPA_IN160000UK30, 'PRPA_IN160000UK01'),
];
