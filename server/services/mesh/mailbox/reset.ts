/** Forgetting messages: all of a space, or those that a mailbox sent or received. */
import { EXPIRY_BATCH } from '../limits.ts';
import type { Mesh } from '../mesh.ts';
import type { Message } from './message.ts';

export async function resetAll(mesh: Mesh, space: string): Promise<void> {
  await removeWhere(mesh, space, () => true);
}

export async function resetMailbox(mesh: Mesh, space: string, mailbox: string): Promise<void> {
  await removeWhere(
    mesh,
    space,
    ({ sender, recipient }) => sender.mailbox === mailbox || recipient.mailbox === mailbox,
  );
}

async function removeWhere(mesh: Mesh, space: string, isMeant: (message: Message) => boolean): Promise<void> {
  let after = 0;
  while (true) {
    const rows = await mesh.messages.page(space, { after, limit: EXPIRY_BATCH });
    for (const { value } of rows) if (isMeant(value)) await mesh.delivery.remove(space, value);
    if (rows.length < EXPIRY_BATCH) return;
    after = rows.at(-1)!.seq;
  }
}
