/** The MESH mailbox of a registration, and the workflows that it takes part in. */
import { error, type Finding } from '../check/finding.ts';
import { compact } from '../compact.ts';
import type { Tables } from '../tables/tables.ts';
import type { Mailbox, Organisation, Workflow } from '../types.ts';
import { newMailboxId } from './allocate.ts';
import type { EndpointWish } from './plan.ts';

/** As the mailboxes of the seed have. */
const PASSWORD = 'password';

export interface MailboxPlan {
  mailbox: Mailbox | undefined;
  workflows: Workflow[];
}

export function planMailbox(
  { ods, mailbox: wish }: EndpointWish,
  product: string,
  organisation: Organisation | undefined,
  tables: Tables,
  findings: Finding[],
): MailboxPlan {
  if (!wish) return { mailbox: undefined, workflows: [] };
  const { mailboxes, workflows, organisations } = tables;
  const name = wish.name ?? product;
  const before =
    wish.id === undefined ? mailboxes.byOds(ods).find((other) => other.name === name) : mailboxes.get(wish.id);
  if (before?.ods !== undefined && before.ods !== ods) {
    findings.push(
      error(['mailbox', 'id'], `${before.id} is a mailbox of ${before.ods}`, 'leave it out to be given a new one'),
    );
  }
  const id = wish.id ?? before?.id ?? newMailboxId(ods, (candidate) => mailboxes.has(candidate));
  const mailbox: Mailbox = compact({
    billingEntity: 'England',
    password: PASSWORD,
    active: true,
    ...before,
    id,
    name,
    ...(wish.password === undefined ? {} : { password: wish.password }),
    ods,
    organisationCode: ods,
    organisationName: (organisation ?? organisations.get(ods))?.name,
  });
  const joined = wish.workflows.map((workflow) => {
    const { senders = [], receivers = [], ...rest } = workflows.get(workflow) ?? { id: workflow };
    return {
      ...rest,
      id: workflow,
      senders: [...new Set([...senders, id])],
      receivers: [...new Set([...receivers, id])],
    };
  });
  return { mailbox, workflows: joined };
}
