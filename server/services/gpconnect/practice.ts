/** Which practice a path belongs to: the built-in endpoints that the directory has. */
import type { MessageHandler } from '../../core/world/types.ts';
import type { World } from '../../core/world/world.ts';
import type { Capability } from './providerCall.ts';

export interface Practice {
  ods: string;
  asid: string;
  /** Service root as the directory has it; absolute references of this capability begin with it. */
  root: string;
  capability: Capability;
}

export interface PracticePath {
  practice: Practice;
  /** What follows the root, without its first slash. */
  rest: string;
}

/** Undefined when no built-in endpoint lies at or above the path. */
export function findPractice(world: World, path: string): PracticePath | undefined {
  const ods = path.split('/', 2)[1] ?? '';
  let best: { handler: MessageHandler; root: string } | undefined;
  for (const handler of world.handlers.byOds(ods)) {
    if (handler.builtIn !== 'gp-connect') continue;
    const root = new URL(handler.endpoint).pathname;
    const fits = path === root || path.startsWith(`${root}/`);
    if (fits && root.length > (best?.root.length ?? 0)) best = { handler, root };
  }
  if (!best) return undefined;
  const { handler, root } = best;
  const asid = world.systems.byPartyKey(handler.partyKey)[0]?.asid ?? '';
  const practice = { ods: handler.ods, asid, root: handler.endpoint, capability: capabilityOf(root) };
  return { practice, rest: path.slice(root.length + 1) };
}

function capabilityOf(root: string): Capability {
  if (root.includes('/DSTU2/')) return 'html';
  if (root.endsWith('/structured/fhir')) return 'structured';
  return root.endsWith('/documents/fhir') ? 'documents' : 'foundations';
}
