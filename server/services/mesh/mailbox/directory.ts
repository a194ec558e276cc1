/** Mailboxes and workflows of a space's world, as MESH looks them up. */
import type { Space } from '../../../core/space/space.ts';
import type { Mailbox, Workflow } from '../../../core/world/types.ts';
import { nearest } from '../../../core/yaml/nearest.ts';

/** By convention the answer to a workflow has its id with this suffix, and goes from its receivers to its senders. */
const ANSWER_SUFFIX = '_ACK';

export function mailboxOf(space: Space, id: string): Mailbox | undefined {
  return space.world.mailboxes.get(id);
}

/** The workflow of that id; the answer to one that is there needs no entry of its own. */
export function workflowOf(space: Space, id: string): Workflow | undefined {
  const known = space.world.workflows.get(id);
  if (known || !id.endsWith(ANSWER_SUFFIX)) return known;
  const asked = space.world.workflows.get(id.slice(0, -ANSWER_SUFFIX.length));
  return asked && { ...asked, id, senders: asked.receivers, receivers: asked.senders };
}

/** Mailboxes that receive the workflow, in the order of the world. */
export function receiversOf(space: Space, workflow: string): Mailbox[] {
  const receivers = new Set(workflowOf(space, workflow)?.receivers);
  return receivers.size === 0 ? [] : [...space.world.mailboxes.values()].filter(({ id }) => receivers.has(id));
}

/** Mailboxes of an organisation that receive the workflow. */
export function lookUp(space: Space, ods: string, workflow: string): Mailbox[] {
  return receiversOf(space, workflow).filter((mailbox) => mailbox.ods === ods);
}

/** The mailbox that was probably meant. */
export function nearMailbox(space: Space, id: string): string | undefined {
  return nearest(id, mailboxIds(space));
}

function* mailboxIds(space: Space): Generator<string> {
  for (const { id } of space.world.mailboxes.values()) yield id;
}
