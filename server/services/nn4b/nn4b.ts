/** NHS Numbers for Babies: a domain without a transport of its own. */
import type { Core } from '../../core/core.ts';
import { INSERT_BIRTH } from './insertBirth.ts';

/** Registers what it answers. */
export function createNn4bDomain({ p1r1 }: Pick<Core, 'p1r1'>): void {
  p1r1.register(INSERT_BIRTH);
}
