/** The second and further chunks of a message. The last one completes it. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { Space } from '../../../core/space/space.ts';
import { json } from '../answers.ts';
import type { ApiVersion } from '../apiVersion.ts';
import type { MailboxCall } from '../call.ts';
import { parseChunkRange, rangeFault } from '../chunkRange.ts';
import { ERRORS } from '../errors.ts';
import type { Chunks, ReceivedChunk } from '../mailbox/chunks.ts';
import { type Message, statusOf } from '../mailbox/message.ts';
import type { Mesh } from '../mesh.ts';
import { contentEncoding } from '../mexHeaders.ts';
import { orderedExpiry } from '../orderedFaults.ts';
import { receiveChunk } from './receiveChunk.ts';

/** How many missing chunks a refusal names, and the longest message in which they are looked for. */
const MAX_NAMED = 5;
const MAX_SOUGHT = 1_000;

export async function sendChunk(call: MailboxCall): Promise<HttpAnswer> {
  const { exchange, mesh, messageId: id, space, version } = call;
  const asked = exchange.params.chunk ?? '';
  if (!/^\d{1,9}$/.test(asked)) {
    return call.invalid([
      { loc: ['path', 'chunk_number'], msg: 'Input should be a valid integer', type: 'int_parsing' },
    ]);
  }
  const number = Number(asked);
  const header = exchange.header('mex-chunk-range');
  if (parseChunkRange(header ?? '')?.number !== number) {
    return call.refuse(ERRORS.chunkRange, { messageId: id, why: rangeFault(header, number) });
  }
  const message = await mesh.messages.get(space.name, id);
  const refusal = message
    ? refuse(call, message, number)
    : call.refuse(ERRORS.notFound, { why: `there is no message ${id}` });
  if (!message || refusal) return refusal!;

  const chunk = await receiveChunk(call, id, number, mesh.rules.maxMessageBytes - message.size);
  if ('status' in chunk) return chunk;
  if (chunk.lost) return accepted(version, id, number);
  const kept = await keep(call, id, chunk);
  if (!kept) {
    // Another request has completed the message, or removed it, while these bytes came.
    await chunk.drop();
    return refuseComplete(call, id, (await mesh.messages.get(space.name, id)) ?? message);
  }
  if (number === kept.totalChunks && statusOf(kept) === 'uploading') {
    // The chunk itself is good, and stays: when the missing ones have come the message is complete.
    const why = `${kept.received} of ${kept.totalChunks} chunks have come${await missing(mesh, space, kept)}`;
    return call.refuse(ERRORS.chunksMissing, { messageId: id, why });
  }
  return accepted(version, id, number);
}

function accepted(version: ApiVersion, id: string, number: number): HttpAnswer {
  // v2 clients parse this body; the peer sends a bare null.
  return json(202, version === 1 ? { messageID: id, blockID: number } : null);
}

/** Writes the chunk with the message that it changes. Undefined when the message takes no more chunks. */
async function keep(call: MailboxCall, id: string, chunk: ReceivedChunk): Promise<Message | undefined> {
  const { mesh, space } = call;
  const expiry = orderedExpiry(call);
  let before: Awaited<ReturnType<Chunks['replaced']>>;
  const kept = await mesh.messages.update(
    space.name,
    id,
    async (current) => {
      if (statusOf(current) !== 'uploading') return undefined;
      before = await mesh.chunks.replaced(space.name, id, chunk.number);
      const undeliverable = expiry ?? current.undeliverable;
      return withChunk(mesh, space, { ...current, undeliverable }, chunk, before.size);
    },
    (changed) => ({
      operations: [...before.removal.operations, ...chunk.operations],
      messages: mesh.delivery.reportsOn(space, changed),
    }),
  );
  if (kept) await before!.removal.done();
  return kept;
}

/** The message with one more chunk, or another in the place of one; complete if all are there. */
function withChunk(
  mesh: Mesh,
  space: Space,
  message: Message,
  { number, size }: ReceivedChunk,
  replaced: number | undefined,
): Message {
  const received = message.received + (replaced === undefined ? 1 : 0);
  const grown = { ...message, received, size: message.size + size - (replaced ?? 0) };
  const { refuseHoles } = mesh.rules;
  const complete = refuseHoles ? received === message.totalChunks : number === message.totalChunks;
  return complete ? mesh.delivery.completed(space, grown) : grown;
}

/** Why this message takes no such chunk. */
function refuse(call: MailboxCall, message: Message, number: number): HttpAnswer | undefined {
  const { id } = message;
  if (message.sender.mailbox !== call.mailbox.id) {
    return call.refuse(ERRORS.forbidden, { why: `${id} was sent by another mailbox` });
  }
  if (statusOf(message) !== 'uploading') return refuseComplete(call, id, message);
  if (number > message.totalChunks) {
    const why = `${id} was announced with ${message.totalChunks} chunks, this is chunk ${number}`;
    return call.refusePlain(406, why, 'Announce all chunks in the Mex-Chunk-Range of the first.');
  }
  const encoding = contentEncoding(call.exchange);
  if (encoding === message.contentEncoding) return undefined;
  const why = `it was ${message.contentEncoding ?? 'none'}, and is ${encoding ?? 'none'} now`;
  return call.refuse(ERRORS.encodingChanged, { messageId: id, why });
}

function refuseComplete(call: MailboxCall, id: string, message: Message): HttpAnswer {
  return call.refusePlain(
    423,
    `the upload of ${id} has ended: it is ${statusOf(message)}`,
    'Send a new message. If this was the last chunk once more, its answer was lost and the message is complete: track it.',
  );
}

/** The first of the chunks that have not come. */
async function missing({ chunks }: Mesh, space: Space, { id, totalChunks }: Message): Promise<string> {
  if (totalChunks > MAX_SOUGHT) return '';
  const numbers: number[] = [];
  for (let number = 1; number <= totalChunks && numbers.length < MAX_NAMED; number++) {
    if (!(await chunks.read(space.name, id, number))) numbers.push(number);
  }
  return `; missing: ${numbers.join(', ')}${numbers.length === MAX_NAMED ? ', ...' : ''}`;
}
