/** What receivers say of messages that Spine delivered, on connections of their own: acknowledgements and errors. */
import type { Delivery } from '../../../core/deliveries/delivery.ts';
import type { HttpAnswer } from '../../../core/http/answer.ts';
import { type HttpExchange, headerLines } from '../../../core/http/httpExchange.ts';
import type { Space } from '../../../core/space/space.ts';
import type { Row } from '../../../core/store/store.ts';
import type { EbxmlMessage } from '../ebxml/message.ts';
import { spinePartyFor } from '../ebxml/spineParty.ts';
import { FAULTS, type FaultError, type Refusal } from '../errors.ts';
import { SIGNAL_SERVICE, signalAction, writePong } from '../messages/ebxmlSignals.ts';
import { faultAnswer, spineAnswer } from '../messages/httpAnswer.ts';
import type { Messaging } from '../messaging.ts';
import { wishedRefusal } from './wished.ts';

/**
 * A bare envelope is an acknowledgement or an error for a message that Spine delivered. Nothing of its CPA id, party types or
 * actor is looked at: senders in the field put anything there.
 */
export async function signal(messaging: Messaging, exchange: HttpExchange, message: EbxmlMessage): Promise<HttpAnswer> {
  const { header, from, to, action, messageId, conversationId } = message;
  exchange.operation('signal', action || undefined);
  exchange.identify({
    partyKey: from || undefined,
    toPartyKey: to || undefined,
    messageId: messageId || undefined,
    conversationId: conversationId || undefined,
  });
  await findSpace(messaging, exchange, aboutOf(message));
  return exchange.decide(async () => {
    const wished = wishedRefusal(exchange.wish);
    if (wished?.error.form === 'fault') return faultAnswer(exchange, wished as Refusal & { error: FaultError });
    if (message.service === SIGNAL_SERVICE && action === 'Ping') return pong(exchange, message);
    const wrong = findFault(header.count, header.acknowledges, header.errors !== undefined);
    exchange.step(FAULTS.acknowledgment.name, wrong ? 'failed' : 'ok', wrong ?? header.acknowledges ?? 'ebXML error');
    if (wrong) {
      return faultAnswer(exchange, { error: FAULTS.acknowledgment, detail: wrong, advice: adviceFor(message) });
    }
    await correlate(messaging, exchange, message);
    return spineAnswer(exchange, 202, '');
  });
}

/** ebMS 2.0 8: whoever asks whether the handler is there is told so. That Spine answers on the connection is assumed. */
function pong(exchange: HttpExchange, message: EbxmlMessage): HttpAnswer {
  const { ids, clock } = exchange.space;
  const fields = { messageId: ids.uuid(), now: clock.now() };
  exchange.step('PING', 'ok');
  return spineAnswer(exchange, 200, writePong(message, fields, spinePartyFor(exchange, message)), signalAction('Pong'));
}

/** MessageId of the message that a signal is about; empty if it names none. */
function aboutOf({ header }: EbxmlMessage): string {
  return (header.errors ? header.refToMessageId : header.acknowledges) ?? '';
}

/** A partner's own handler names no space: its signal belongs to that of the message, if only one space sent such a message. */
async function findSpace({ deliveries }: Messaging, exchange: HttpExchange, about: string): Promise<void> {
  const { spaces } = exchange.context;
  if (about === '' || exchange.entry.spaceReason !== 'default') return;
  const senders: Space[] = [];
  for (const space of new Set([exchange.space, ...spaces.names().map((name) => spaces.get(name))])) {
    const sent = await deliveries.list(space, { messageId: about }, { limit: 1 });
    if (sent.length === 0) continue;
    if (space === exchange.space) return;
    senders.push(space);
  }
  const [space, ...others] = senders;
  if (space && others.length === 0) exchange.belongsTo({ space, reason: 'message' });
  else if (space) exchange.step('SPACE', 'info', `sent in several: ${senders.map(({ name }) => name).join(', ')}`);
}

/** Tells the delivery that the signal is about; what is about none is taken all the same. */
async function correlate({ deliveries }: Messaging, exchange: HttpExchange, message: EbxmlMessage): Promise<void> {
  const { header, from } = message;
  const { space } = exchange;
  const about = aboutOf(message);
  const found = about ? await deliveries.list(space, { messageId: about }) : [];
  const row = choose(found, from);
  if (!row) {
    exchange.step('CORRELATION', 'failed', `Spine sent no message "${about}"`);
    await tellWaiting({ deliveries }, exchange, from);
    exchange.entry.advice = 'Name the MessageId of the message that is acknowledged as RefToMessageId.';
    return;
  }
  exchange.step('CORRELATION', 'ok', `delivery ${row.id}`);
  const error = header.errors?.[0];
  if (error) {
    const detail = `${error.severity} ${error.code}: ${error.description}`;
    await deliveries.refused(space, row.id, detail);
  } else {
    const { body } = exchange;
    const headers = headerLines(exchange.request.rawHeaders);
    await deliveries.acknowledge(space, row.id, 'acknowledged on a connection of its own', { headers, body });
  }
}

/** The one to that party; any where the party is not the receiver's: acknowledgements are correlated by their reference alone. */
function choose(rows: Row<Delivery>[], party: string): Row<Delivery> | undefined {
  const candidates = rows.filter(({ value }) => value.about.kind !== 'signal');
  return candidates.find(({ value }) => value.identity.toPartyKey === party) ?? candidates[0];
}

/** Messages to the party that wait for an acknowledgement, for a journal entry about one that fits none. */
const MAX_TOLD = 3;

async function tellWaiting({ deliveries }: Pick<Messaging, 'deliveries'>, exchange: HttpExchange, party: string) {
  const filter = { party, state: 'transmitted' } as const;
  for (const { value } of await deliveries.list(exchange.space, filter, { limit: MAX_TOLD, reverse: true })) {
    const { messageId = '' } = value.identity;
    exchange.nearMiss({
      kind: 'message',
      candidate: messageId,
      reason: `${value.interaction} to ${party} waits for one`,
    });
  }
}

/** In Spine's words. */
function findFault(headers: number, acknowledges: string | undefined, error: boolean): string | undefined {
  if (headers !== 1) return 'Missing Message Header';
  return acknowledges === undefined && !error ? 'Missing Acknowledgement' : undefined;
}

/** A bare envelope that is no signal is a message that came without its MIME parts, or one that belongs elsewhere. */
function adviceFor({ header, service }: EbxmlMessage): string {
  if (header.count === 0)
    return 'This is no ebXML message: requests that are answered at once are sent to /sync-service.';
  if (header.manifest || (service && service !== SIGNAL_SERVICE)) {
    return 'Send a message as multipart/related, envelope and HL7 message as its parts; only signals come as text/xml.';
  }
  return 'Send one MessageHeader with an Acknowledgment or an ErrorList, as text/xml.';
}
