/** What the operations of MESH share. */
import type { Core } from '../../core/core.ts';
import type { Store } from '../../core/store/store.ts';
import { Chunks } from './mailbox/chunks.ts';
import { Delivery } from './mailbox/delivery.ts';
import { Expiry } from './mailbox/expiry.ts';
import { MessageStore } from './mailbox/messageStore.ts';
import { SpaceStates } from './mailbox/spaceState.ts';
import { type MeshRules, meshRules } from './rules.ts';

export interface Mesh {
  rules: MeshRules;
  states: SpaceStates;
  messages: MessageStore;
  chunks: Chunks;
  delivery: Delivery;
  expiry: Expiry;
}

const made = new WeakMap<Core, Mesh>();

/** The one MESH of a simulator: its own paths and the admin API work on the same. */
export function meshOf(core: Core): Mesh {
  let mesh = made.get(core);
  if (!mesh) {
    mesh = createMesh(core.store, meshRules(core.config.mesh));
    made.set(core, mesh);
  }
  return mesh;
}

function createMesh(store: Store, rules: MeshRules): Mesh {
  const states = new SpaceStates(store);
  const messages = new MessageStore(store, states);
  const chunks = new Chunks(store);
  const delivery = new Delivery(rules, messages, chunks);
  const expiry = new Expiry(rules, states, messages, delivery);
  return { rules, states, messages, chunks, delivery, expiry };
}
