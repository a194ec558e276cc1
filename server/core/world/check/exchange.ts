import type { Mailbox, SharingPair, Workflow } from '../types.ts';
import { type CheckContext, type Finding, warning } from './finding.ts';
import { organisationExists } from './references.ts';

export function* checkMailbox(mailbox: Mailbox, context: CheckContext): Generator<Finding> {
  yield* organisationExists(mailbox.ods, ['ods'], context);
}

export function* checkWorkflow(workflow: Workflow, { tables }: CheckContext): Generator<Finding> {
  for (const side of ['senders', 'receivers'] as const) {
    for (const id of workflow[side]) {
      if (!tables.mailboxes.has(id)) yield warning([side], `there is no mailbox "${id}"`);
    }
  }
}

export function* checkSharing(pair: SharingPair, { tables }: CheckContext): Generator<Finding> {
  for (const side of ['from', 'to'] as const) {
    const asid = pair[side];
    if (asid !== '*' && !tables.systems.has(asid)) yield warning([side], `there is no system ${asid}`);
  }
}
