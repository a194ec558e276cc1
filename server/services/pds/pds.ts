/** PDS, the demographics service: what it answers to each interaction. It has no transport of its own. */
import type { Core } from '../../core/core.ts';
import type { InteractionHandler, InteractionRequest } from '../../core/interactions/registry.ts';
import { OLDER } from './operations/older.ts';
import { PRPA_IN000200UK03 } from './operations/PRPA_IN000200UK03.ts';
import { PRPA_IN000200UK04 } from './operations/PRPA_IN000200UK04.ts';
import { PRPA_IN000203UK03 } from './operations/PRPA_IN000203UK03.ts';
import { PRPA_IN000203UK06 } from './operations/PRPA_IN000203UK06.ts';
import { PRPA_IN000204UK03 } from './operations/PRPA_IN000204UK03.ts';
import { PRPA_IN000204UK06 } from './operations/PRPA_IN000204UK06.ts';
import { PRPA_IN000205UK03 } from './operations/PRPA_IN000205UK03.ts';
import { PRPA_IN000205UK05 } from './operations/PRPA_IN000205UK05.ts';
import { PRPA_IN040000UK30 } from './operations/PRPA_IN040000UK30.ts';
import { PRPA_IN160000UK30 } from './operations/PRPA_IN160000UK30.ts';
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
import { QUPA_IN020000UK31 } from './operations/QUPA_IN020000UK31.ts';
import { QUPA_IN040000UK32 } from './operations/QUPA_IN040000UK32.ts';
import { QUPA_IN060000UK30 } from './operations/QUPA_IN060000UK30.ts';
import { withSettings } from './settings.ts';

/** By generation: MIM 4.2, 6.3, 7.2. */
const HANDLERS: readonly InteractionHandler[] = [
  ...OLDER,
  QUPA_IN010000UK32,
  QUPA_IN020000UK31,
  QUPA_IN040000UK32,
  QUPA_IN060000UK30,
  PRPA_IN040000UK30,
  PRPA_IN160000UK30,
  QUPA_IN000005UK01,
  QUPA_IN000006UK02,
  QUPA_IN000008UK02,
  QUPA_IN000014UK01,
  QUPA_IN000016UK02,
  PRPA_IN000200UK03,
  PRPA_IN000203UK03,
  PRPA_IN000204UK03,
  PRPA_IN000205UK03,
  QUPA_IN000005UK03,
  QUPA_IN000006UK05,
  QUPA_IN000008UK05,
  QUPA_IN000014UK03,
  QUPA_IN000016UK04,
  PRPA_IN000200UK04,
  PRPA_IN000203UK06,
  PRPA_IN000204UK06,
  PRPA_IN000205UK05,
];

/** Registers every interaction of PDS. */
export function createPdsDomain({ interactions, config }: Pick<Core, 'interactions' | 'config'>): void {
  for (const handler of HANDLERS) {
    const handle = (request: InteractionRequest) => handler.handle(withSettings(request, config.pds));
    interactions.register({ ...handler, handle });
  }
}
