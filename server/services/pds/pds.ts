/** PDS, the demographics service: what it answers to each interaction. It has no transport of its own. */
import type { Core } from '../../core/core.ts';
import type { InteractionHandler } from '../../core/interactions/registry.ts';
import { QUPA_IN000005UK01 } from './operations/QUPA_IN000005UK01.ts';
import { QUPA_IN000005UK03 } from './operations/QUPA_IN000005UK03.ts';
import { QUPA_IN000006UK02 } from './operations/QUPA_IN000006UK02.ts';
import { QUPA_IN000006UK05 } from './operations/QUPA_IN000006UK05.ts';
import { QUPA_IN000008UK02 } from './operations/QUPA_IN000008UK02.ts';
import { QUPA_IN000008UK05 } from './operations/QUPA_IN000008UK05.ts';
import { QUPA_IN000014UK01 } from './operations/QUPA_IN000014UK01.ts';
import { QUPA_IN000014UK03 } from './operations/QUPA_IN000014UK03.ts';
import { QUPA_IN000016UK02 } from './operations/QUPA_IN000016UK02.ts';
import { QUPA_IN000016UK04 } from './operations/QUPA_IN000016UK04.ts';
import { QUPA_IN010000UK32 } from './operations/QUPA_IN010000UK32.ts';
import { QUPA_IN040000UK32 } from './operations/QUPA_IN040000UK32.ts';

/** By generation: MIM 4.2, 6.3, 7.2. */
const HANDLERS: readonly InteractionHandler[] = [
  QUPA_IN010000UK32,
  QUPA_IN040000UK32,
  QUPA_IN000005UK01,
  QUPA_IN000006UK02,
  QUPA_IN000008UK02,
  QUPA_IN000014UK01,
  QUPA_IN000016UK02,
  QUPA_IN000005UK03,
  QUPA_IN000006UK05,
  QUPA_IN000008UK05,
  QUPA_IN000014UK03,
  QUPA_IN000016UK04,
];

/** Registers every interaction of PDS. */
export function createPdsDomain({ interactions }: Pick<Core, 'interactions'>): void {
  for (const handler of HANDLERS) interactions.register(handler);
}
