/** Handshake: once a day each client says that it is there, and what it runs on. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import { empty, json } from '../answers.ts';
import type { MailboxCall } from '../call.ts';

const REQUIRED = ['mex-clientversion', 'mex-osname', 'mex-osversion'];
const OPTIONAL = ['mex-osarchitecture', 'mex-javaversion', 'user-agent'];

export function handshake(call: MailboxCall): HttpAnswer {
  const { exchange, mailbox } = call;
  const missing = REQUIRED.filter((name) => exchange.header(name) === undefined);
  if (missing.length > 0) {
    return call.invalid(missing.map((name) => ({ loc: ['header', name], msg: 'Field required', type: 'missing' })));
  }
  const facts = [...REQUIRED, ...OPTIONAL].map((name) => exchange.header(name)).filter(Boolean);
  exchange.step('client', 'info', facts.join(', '));
  // v1 callers and those that take anything read JSON; the body of v2 is empty.
  return call.version === 1 ? json(200, { mailboxId: mailbox.id }) : empty(200);
}

/** The Java client asks for a newer version of itself: there is none. */
export function update({ mesh }: MailboxCall): HttpAnswer {
  if (!mesh.rules.updateHeader) return empty(200);
  return { status: 204, headers: [['mex-client-update-available', '']] };
}
