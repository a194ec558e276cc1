/** PDS, the demographics service: what it answers to each interaction. It has no transport of its own. */
import type { Core } from '../../core/core.ts';
import { QUPA_IN000008UK02 } from './operations/QUPA_IN000008UK02.ts';

/** Registers every interaction of PDS. */
export function createPdsDomain({ interactions }: Pick<Core, 'interactions'>): void {
  for (const handler of [QUPA_IN000008UK02]) interactions.register(handler);
}
