/** Head and download of a message, chunk by chunk: 206 while there are more, 200 with the last. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import { empty } from '../answers.ts';
import type { MailboxCall, Said } from '../call.ts';
import { ERRORS } from '../errors.ts';
import { errorOf, type Message, statusOf } from '../mailbox/message.ts';
import { messageHeaders } from '../messages/messageHeaders.ts';
import { ChunkGone, payload } from '../messages/payload.ts';
import { unlessExpiryOrdered } from '../orderedFaults.ts';

const OCTETS = 'application/octet-stream';

/** Headers only. The sender may look at a message in any state; a stranger is told that there is none. */
export async function headMessage(call: MailboxCall): Promise<HttpAnswer> {
  const { mailbox, mesh, messageId: id, space } = call;
  const found = await mesh.messages.get(space.name, id);
  const isSender = found?.sender.mailbox === mailbox.id;
  if (!found || !(isSender || found.recipient.mailbox === mailbox.id)) {
    return call.refuse(ERRORS.messageUnknown, { why: id });
  }
  const message = isSender ? found : await unlessExpiryOrdered(call, found);
  if (!isSender && !isAvailable(call, message)) return gone(call, message);
  const headers = messageHeaders(message, 1);
  if (message.contentEncoding && message.type === 'DATA') headers.push(['content-encoding', message.contentEncoding]);
  return empty(200, headers);
}

/** The body of a message, or of one of its chunks; the first is the message's own address. */
export async function download(call: MailboxCall): Promise<HttpAnswer> {
  const { exchange, mailbox, mesh, messageId: id, space } = call;
  const asked = exchange.params.chunk ?? '1';
  const number = /^\d{1,9}$/.test(asked) ? Number(asked) : 0;
  if (number < 1) {
    const msg = 'Input should be a whole number greater than or equal to 1';
    return call.invalid([{ loc: ['path', 'chunk_number'], msg, type: 'greater_than_equal' }]);
  }
  const listed = await mesh.messages.get(space.name, id);
  if (!listed)
    return call.refuse(ERRORS.messageUnknown, {
      why: id === '' ? 'the path ends with "/", behind which an id belongs' : `there is no message ${id}`,
    });
  if (listed.recipient.mailbox !== mailbox.id) {
    return call.refuse(ERRORS.forbidden, { why: `${id} is not in the inbox of ${mailbox.id}` });
  }
  const message = await unlessExpiryOrdered(call, listed);
  if (!isAvailable(call, message)) return gone(call, message);
  if (message.type === 'REPORT') return empty(200, [...messageHeaders(message, 1), ['content-type', OCTETS]]);
  const chunk = number <= message.totalChunks ? await mesh.chunks.read(space.name, id, number) : undefined;
  const found = chunk && (await payload(call, message, number, chunk).catch(unlessGone));
  if (!found) {
    return call.refuse(ERRORS.messageUnknown, {
      why: `${id} has ${message.totalChunks} chunks and no chunk ${number}`,
    });
  }
  await noteDownload(call, message);
  const { body, encoding, size } = found;
  const headers = messageHeaders(message, number).filter(
    ([name]) => name !== 'mex-content-compressed' || encoding !== 'gzip',
  );
  headers.push(['content-type', bodyType(call, message)]);
  if (encoding) headers.push(['content-encoding', encoding]);
  if (encoding === 'gzip') headers.push(['mex-content-compressed', 'Y']);
  headers.push(['content-length', String(size)]);
  return { status: number < message.totalChunks ? 206 : 200, headers, body, freesBody: true };
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof ChunkGone)) throw error;
}

function isAvailable({ mesh }: MailboxCall, message: Message): boolean {
  const status = statusOf(message);
  return status === 'accepted' || (status === 'acknowledged' && !mesh.rules.goneAfterAcknowledge);
}

function gone(call: MailboxCall, message: Message): HttpAnswer {
  return call.refuse(ERRORS.messageGone, goneBecause(message));
}

function goneBecause(message: Message): Said {
  const { id, received, totalChunks } = message;
  const status = statusOf(message);
  if (status === 'uploading') {
    return {
      why: `${id} is not there yet: ${received} of ${totalChunks} chunks have come`,
      advice: 'Take ids from the inbox: it lists a message when its sender has sent all chunks.',
    };
  }
  if (status === 'acknowledged') {
    return {
      why: `${id} is acknowledged`,
      advice: 'Download before the acknowledgement; `mesh.goneAfterAcknowledge: false` keeps what is acknowledged.',
    };
  }
  const said = errorOf(message)?.description;
  return { why: `the status of ${id} is ${status}${said ? ` (${said})` : ''}` };
}

/** v2 gives a single body its sender's type, with no charset added: clients compare it. */
function bodyType({ version }: MailboxCall, message: Message): string {
  if (version === 1 || message.totalChunks > 1) return OCTETS;
  return message.mexContentType || message.contentType || OCTETS;
}

/** The sender's tracking shows when the message was first downloaded. */
async function noteDownload({ mesh, space }: MailboxCall, { downloadedAt, id }: Message): Promise<void> {
  if (downloadedAt !== undefined) return;
  const at = space.clock.now();
  await mesh.messages.update(space.name, id, (message) =>
    message.downloadedAt === undefined ? { ...message, downloadedAt: at } : undefined,
  );
}
