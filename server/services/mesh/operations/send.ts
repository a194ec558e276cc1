/** Send: a new message, or the first of its chunks. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import { json } from '../answers.ts';
import type { MailboxCall } from '../call.ts';
import { parseChunkRange, rangeFault } from '../chunkRange.ts';
import { ERRORS, type MeshError } from '../errors.ts';
import { MAX_CHUNKS } from '../limits.ts';
import type { Message, Party } from '../mailbox/message.ts';
import { partyOf } from '../mailbox/message.ts';
import { newInternalId, newMessageId } from '../messageId.ts';
import { contentEncoding, forbiddenValue, type MexHeaders, readMexHeaders } from '../mexHeaders.ts';
import { ORDERED, orderedExpiry, orderedRefusal } from '../orderedFaults.ts';
import { DAY_MS } from '../times.ts';
import { type Addressee, addressee, storedAddress } from './addressee.ts';
import { receiveChunk } from './receiveChunk.ts';

export async function send(call: MailboxCall): Promise<HttpAnswer> {
  const { exchange, mesh, space, version } = call;
  const mex = readMexHeaders(exchange, mesh.rules.requireWorkflow);
  if (Array.isArray(mex)) return call.invalid(mex);
  const fault = formFault(call, mex);
  if (fault?.error.status === 417) {
    const to = { address: storedAddress(mex.to), error: fault.error, why: fault.why };
    return refuseSend(call, newMessage(call, mex, 1, to), to.error, to.why);
  }
  if (fault) return call.refuse(fault.error, { why: fault.why });
  const ordered = orderedRefusal(exchange);
  if (ordered) return refuseAsOrdered(call, mex, ordered);
  const range = parseChunkRange(mex.chunkRange || '1:1');
  if (range?.number !== 1 || range.total > MAX_CHUNKS) {
    return call.refuse(ERRORS.chunkRange, { why: rangeFault(mex.chunkRange, 1) });
  }
  const to = await addressee(call, mex);
  const message = newMessage(call, mex, range.total, to);
  if ('error' in to) return refuseSend(call, message, to.error, to.why);
  const chunk = await receiveChunk(call, message.id, 1, mesh.rules.maxMessageBytes);
  if ('status' in chunk) return chunk;
  if (chunk.size === 0) return call.refuse(ERRORS.dataMissing, { why: 'the body is empty' });

  const undeliverable = orderedExpiry(call) ?? message.undeliverable;
  const arrived = chunk.lost ? {} : { received: 1, size: chunk.size };
  const whole: Message = { ...message, ...arrived, undeliverable };
  const kept = range.total === whole.received ? mesh.delivery.completed(space, whole) : whole;
  await mesh.messages.add(space.name, [kept, ...mesh.delivery.reportsOn(space, kept)], chunk.operations);
  exchange.identify({ messageId: kept.id });
  exchange.step('keep', 'ok', `${kept.id} is ${kept.events[0]!.status}`);
  return json(202, version === 1 ? { messageID: kept.id } : { message_id: kept.id });
}

/** What is wrong with the headers, in the order in which the service looks. */
function formFault(call: MailboxCall, mex: MexHeaders): { error: MeshError; why: string } | undefined {
  const { exchange, mailbox, mesh } = call;
  const forbidden = forbiddenValue(exchange);
  if (forbidden) return forbidden;
  if (mex.to === '') return { error: ERRORS.toMissing, why: 'Mex-To is empty' };
  const encoding = contentEncoding(exchange);
  if (encoding !== undefined && encoding !== 'gzip') return { error: ERRORS.encoding, why: encoding };
  if (!mesh.rules.checkLegacyHeaders) return undefined;
  const from = mex.from?.trim().toUpperCase();
  if (from && from !== mailbox.id) return { error: ERRORS.fromAddress, why: `Mex-From is ${from}` };
  if (mex.version?.trim() && mex.version.trim() !== '1.0') return { error: ERRORS.version, why: mex.version };
  if (mex.messageType?.trim() && mex.messageType.trim().toUpperCase() !== 'DATA') {
    return { error: ERRORS.messageType, why: mex.messageType };
  }
  return undefined;
}

function newMessage(call: MailboxCall, mex: MexHeaders, totalChunks: number, to: Addressee): Message {
  const { exchange, mailbox, mesh, space } = call;
  const at = space.clock.now();
  return {
    id: newMessageId(space, mesh.rules.timeIds),
    type: 'DATA',
    sender: partyOf(mailbox),
    recipient: recipientOf(to),
    workflow: mex.workflow,
    totalChunks,
    received: 0,
    size: 0,
    events: [{ status: 'uploading', at }],
    createdAt: at,
    expiresAt: at + mesh.rules.inboxDays * DAY_MS,
    deleteAt: at + mesh.rules.retentionDays * DAY_MS,
    subject: mex.subject,
    localId: mex.localId,
    partnerId: mex.partnerId,
    processId: mex.processId,
    fileName: mex.fileName,
    checksum: mex.checksum?.trim(),
    contentType: exchange.header('content-type')?.trim().toLowerCase(),
    mexContentType: mex.contentType,
    contentEncoding: contentEncoding(exchange),
    encrypted: mex.encrypted,
    compressed: mex.compressed,
    undeliverable: 'finding' in to ? to.finding : undefined,
  };
}

function recipientOf(to: Addressee): Party {
  return 'mailbox' in to ? partyOf(to.mailbox) : { mailbox: 'address' in to ? to.address : '' };
}

/** `mesh-refuse`: in the way in which the service gives this error. */
function refuseAsOrdered(call: MailboxCall, mex: MexHeaders, ordered: MeshError): Promise<HttpAnswer> | HttpAnswer {
  if (ordered.status !== 417 || ordered.event !== 'SEND') return call.refuse(ordered, { why: ORDERED });
  const error = { ...ordered, description: ordered.description.replace('{workflowId}', mex.workflow) };
  return refuseSend(
    call,
    newMessage(call, mex, 1, { address: storedAddress(mex.to), error, why: ORDERED }),
    error,
    ORDERED,
  );
}

/** 417 with a code: on the service the refusal has a message id, and a report tells it again in the inbox. */
async function refuseSend(call: MailboxCall, message: Message, error: MeshError, why: string): Promise<HttpAnswer> {
  const { mesh, space } = call;
  if (!mesh.rules.errorReports) return call.refuse(error, { why });
  const { event, code, description } = error;
  await mesh.delivery.refused(space, message, { event, code, description });
  call.exchange.identify({ messageId: message.id });
  return call.refuse(error, { why, messageId: message.id, internalId: newInternalId(space) });
}
