/** The admin paths of the public sandbox, on which test suites rely: reset, reports, status events, looking at things. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { Mailbox } from '../../../core/world/types.ts';
import { empty, json } from '../answers.ts';
import type { Call } from '../call.ts';
import { mailboxOf, nearMailbox } from '../mailbox/directory.ts';
import { type MessageEvent, partyOf, STATUSES, type Status } from '../mailbox/message.ts';
import { makeReport } from '../mailbox/report.ts';
import { resetAll, resetMailbox } from '../mailbox/reset.ts';
import { adminMessage } from '../messages/adminMessage.ts';
import { detailAnswer } from '../messages/errorBody.ts';
import { type JsonFields, readJson } from './jsonBody.ts';

export async function reset({ mesh, space }: Call): Promise<HttpAnswer> {
  await resetAll(mesh, space.name);
  return json(200, { message: 'all mailboxes reset' });
}

export async function resetOne(call: Call): Promise<HttpAnswer> {
  const mailbox = pathMailbox(call);
  if (!mailbox) return noMailbox(call);
  await resetMailbox(call.mesh, call.space.name, mailbox.id);
  return json(200, { message: `mailbox ${mailbox.id} reset` });
}

export function showMailbox(call: Call): HttpAnswer {
  const mailbox = pathMailbox(call);
  if (!mailbox) return noMailbox(call);
  return json(200, {
    mailbox_id: mailbox.id,
    mailbox_name: mailbox.name,
    billing_entity: mailbox.billingEntity ?? '',
    ods_code: mailbox.ods,
    org_code: mailbox.organisationCode ?? '',
    org_name: mailbox.organisationName ?? '',
    active: mailbox.active,
  });
}

export async function showMessage(call: Call): Promise<HttpAnswer> {
  const message = await call.mesh.messages.get(call.space.name, call.messageId);
  return message ? json(200, adminMessage(message)) : noMessage(call);
}

/** Puts a report into an inbox. */
export async function createReport(call: Call): Promise<HttpAnswer> {
  const { exchange, mesh, space } = call;
  const fields = await readJson(call, ['mailbox_id', 'code', 'description', 'workflow_id']);
  if ('status' in fields) return fields;
  const status = fields.text('status') ?? 'undeliverable';
  if (status !== 'undeliverable' && status !== 'error') {
    const msg = "Input should be 'undeliverable' or 'error'";
    return call.invalid([{ loc: ['body', 'status'], msg, type: 'enum' }]);
  }
  const id = fields.text('mailbox_id')!.trim().toUpperCase();
  exchange.identify({ mailbox: id });
  const mailbox = mailboxOf(space, id);
  if (!mailbox) return noMailbox(call, id);
  const report = makeReport(space, mesh.rules, {
    recipient: partyOf(mailbox),
    workflow: fields.text('workflow_id')!,
    status,
    finding: { event: 'TRANSFER', code: fields.text('code')!, description: fields.text('description')! },
    linkedId: fields.text('linked_message_id'),
    subject: fields.text('subject'),
    localId: fields.text('local_id'),
    fileName: fields.text('file_name'),
  });
  await mesh.messages.add(space.name, [report]);
  return json(200, { message_id: report.id });
}

/** Pushes any status on top of a message's events. */
export async function addEvent(call: Call): Promise<HttpAnswer> {
  const { mesh, messageId: id, space } = call;
  const fields = await readJson(call, ['status']);
  if ('status' in fields) return fields;
  const status = fields.text('status')!.toLowerCase() as Status;
  if (!STATUSES.includes(status)) {
    const msg = `Input should be one of ${STATUSES.join(', ')}`;
    return call.invalid([{ loc: ['body', 'status'], msg, type: 'enum' }]);
  }
  const kept = await mesh.delivery.note(space, id, eventOf(fields, status, space.clock.now()));
  return kept ? empty(200) : noMessage(call);
}

function eventOf(fields: JsonFields, status: Status, at: number): MessageEvent {
  return {
    status,
    at,
    code: fields.text('code'),
    event: fields.text('event'),
    description: fields.text('description'),
    linkedId: fields.text('linked_message_id'),
  };
}

function pathMailbox({ exchange, space }: Call): Mailbox | undefined {
  const id = (exchange.params.mailbox ?? '').trim().toUpperCase();
  exchange.identify({ mailbox: id });
  return mailboxOf(space, id);
}

function noMailbox({ exchange, space }: Call, id = exchange.params.mailbox?.toUpperCase() ?? ''): HttpAnswer {
  const near = nearMailbox(space, id);
  if (near !== undefined) exchange.nearMiss({ kind: 'mailbox', candidate: near, reason: `is the nearest to ${id}` });
  exchange.refuse('404', `there is no mailbox ${id} in space ${space.name}`, 'Use a mailbox of the world.');
  return detailAnswer(404, 'mailbox does not exist');
}

function noMessage({ exchange }: Call): HttpAnswer {
  exchange.refuse('404', `there is no message ${exchange.params.message}`, 'Use the id that the send gave.');
  return detailAnswer(404, 'Not Found');
}
