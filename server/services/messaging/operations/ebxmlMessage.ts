/** The ebXML paths: a message is checked, kept, worked on and acknowledged; what it leads to goes out on other connections. */
import { durationMs } from '../../../core/clock/duration.ts';
import { nhsNumberIn, type Transmission } from '../../../core/hl7/transmission.ts';
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { Pattern } from '../../../core/interactions/registry.ts';
import { type Contract, findContract } from '../ebxml/contract.ts';
import { type EbxmlMessage, readEbxmlMessage } from '../ebxml/message.ts';
import { readPayload } from '../ebxml/payload.ts';
import type { ReceivedMessage } from '../ebxml/received.ts';
import { checkReliability } from '../ebxml/reliability.ts';
import { spinePartyFor } from '../ebxml/spineParty.ts';
import { checkHeader, checkManifest } from '../ebxml/structure.ts';
import { type EbxmlError, type FaultError, isRefusal, type Refusal } from '../errors.ts';
import { signalAction, writeAcknowledgment, writeMessageError } from '../messages/ebxmlSignals.ts';
import { faultAnswer, spineAnswer } from '../messages/httpAnswer.ts';
import type { Messaging } from '../messaging.ts';
import { refusalNamed } from '../namedErrors.ts';
import { tellAgain } from '../outgoing/again.ts';
import { TO_PARTY } from '../outgoing/compose.ts';
import { hopAcknowledgment, NEXT_HOP } from '../outgoing/hop.ts';
import { withOtherReference } from '../outgoing/spoil.ts';
import type { MessagingSettings } from '../settings.ts';
import { checkCertificate } from '../validation/certificate.ts';
import { signal } from './signal.ts';
import { wishedRefusal } from './wished.ts';

/** How long a message is remembered where its contract has no persistDuration; message handlers assume as much. */
const DEFAULT_PERSIST_MS = 3_600_000;

/** The SOAPAction of the empty answer to an express message. */
const EXPRESS_ACTION = 'asyncExpressSyncAck';

/** A message on a path that takes these patterns. */
export function ebxmlMessage(messaging: Messaging, patterns: readonly Pattern[]) {
  return (exchange: HttpExchange): Promise<HttpAnswer> => {
    const { body } = exchange;
    const message = readEbxmlMessage({ contentType: exchange.header('content-type'), body });
    if (isRefusal(message)) {
      exchange.step('MESSAGE_NOT_WELL_FORMED', 'failed', message.detail);
      return exchange.decide(() => faultAnswer(exchange, message as Refusal & { error: FaultError }));
    }
    const { header } = message;
    if (!message.multipart || header.acknowledges !== undefined || header.errors) {
      return signal(messaging, exchange, message);
    }
    exchange.step('MESSAGE_NOT_WELL_FORMED');
    const payload = readPayload(message);
    introduce(exchange, message, payload);
    return exchange.decide(
      () => answer(messaging, exchange, message, payload, patterns),
      (name, text) => {
        const refusal = refusalNamed('ebxml', name, text);
        return refusal && refuse(exchange, message, refusal);
      },
    );
  };
}

/** Tells the exchange who speaks about what, for its space and for rules; nothing is checked yet. */
function introduce(exchange: HttpExchange, message: EbxmlMessage, payload: Transmission | Refusal | undefined): void {
  const { from, to, messageId, conversationId, action } = message;
  exchange.operation(exchange.entry.operation ?? 'ebxml', action || undefined);
  const hl7 = payload && !isRefusal(payload) ? payload : undefined;
  const author = hl7?.authors[0];
  exchange.identify({
    partyKey: from || undefined,
    toPartyKey: to || undefined,
    messageId: messageId || undefined,
    conversationId: conversationId || undefined,
    asid: hl7?.sender?.extension || undefined,
    toAsid: hl7?.receiver?.extension || undefined,
    nhsNumber: hl7 && nhsNumberIn(hl7),
    user: author?.user?.extension || undefined,
    role: author?.roleProfile?.extension || undefined,
  });
}

const isForward = (pattern: Pattern) => pattern.startsWith('forward');

async function answer(
  messaging: Messaging,
  exchange: HttpExchange,
  message: EbxmlMessage,
  payload: Transmission | Refusal | undefined,
  patterns: readonly Pattern[],
): Promise<HttpAnswer> {
  const wished = wishedRefusal(exchange.wish);
  if (wished) return refuse(exchange, message, wished);
  const { settings } = messaging;
  const malformed = checkHeader(exchange, settings, message, patterns.every(isForward));
  if (malformed) return refuse(exchange, message, malformed);
  const contract = findContract(messaging, exchange, message, patterns);
  if (isRefusal(contract)) return refuse(exchange, message, contract);
  const forwarded = isForward(contract.pattern);
  const refusal =
    checkCertificate(settings, exchange, message.from, 'messageError') ??
    checkReliability(exchange, settings, message, contract) ??
    checkManifest(exchange, settings, message, !forwarded);
  if (refusal) return refuse(exchange, message, refusal);
  // What is for another party is passed on as it is; for Spine itself it must be readable.
  if (!forwarded && payload && isRefusal(payload)) return refuse(exchange, message, payload);
  const hl7 = payload && !isRefusal(payload) ? payload : undefined;
  return accept(messaging, exchange, message, contract, hl7);
}

async function accept(
  messaging: Messaging,
  exchange: HttpExchange,
  message: EbxmlMessage,
  contract: Contract,
  payload: Transmission | undefined,
): Promise<HttpAnswer> {
  const key = keyOf(exchange, message, contract);
  const { space } = exchange;
  const given = recordOf(messaging, exchange, message, contract);
  const { fresh, record } = await messaging.received.accept(space, key, given, exchange.body);
  exchange.step('DUPLICATE_ELIMINATION', 'ok', fresh ? 'first of its id' : `duplicate number ${record.duplicates}`);
  if (!fresh && isAnother(record, message, payload)) {
    exchange.entry.advice = `This MessageId came before with another message (journal entry ${record.exchange}), so nothing was done: give each message an id of its own.`;
  }
  // Only when all that it leads to is safe, too, it is acknowledged. One whose work broke off is taken up again.
  if (fresh || record.state === 'pending') {
    const release = await messaging.inbox.work({ exchange, key, record, message, contract, payload, again: !fresh });
    setTimeout(release, messaging.settings.responseDelayMs).unref();
  } else {
    await tellAgain(messaging, exchange, record);
  }
  return acceptedAnswer(exchange, record);
}

/** True where a MessageId was used again for something else, which is eliminated all the same: a mistake of many a test. */
function isAnother(record: ReceivedMessage, message: EbxmlMessage, payload: Transmission | undefined): boolean {
  const { action, conversationId, hl7 } = record;
  if (action !== message.action || conversationId !== message.conversationId) return true;
  return hl7 !== undefined && payload !== undefined && hl7.id.toUpperCase() !== (payload.id ?? '').toUpperCase();
}

/** From party and MessageId where duplicates are eliminated; else every message is one of its own. */
function keyOf(exchange: HttpExchange, { header, from, messageId }: EbxmlMessage, { handler }: Contract): string {
  const id = `${from} ${messageId.toUpperCase()}`;
  return header.duplicateElimination || handler.contract.duplicateElimination === 'always'
    ? id
    : `${id} ${exchange.id}`;
}

function recordOf(
  { settings }: Messaging,
  exchange: HttpExchange,
  message: EbxmlMessage,
  contract: Contract,
): ReceivedMessage {
  const { from, to, cpaId, conversationId, service, action, messageId, timestamp, header } = message;
  const { persistDuration = '' } = contract.handler.contract;
  const { clock, ids } = exchange.space;
  const now = clock.now();
  const by = spinePartyFor(exchange, message);
  // Without an actor it is meant for the end party (ebMS 2.0 6.3.1.1).
  const asked = header.ackRequested && (header.ackRequested.actor ?? TO_PARTY);
  return {
    pattern: contract.pattern,
    from,
    to,
    cpaId,
    conversationId,
    service,
    action,
    messageId,
    timestamp,
    contentType: exchange.header('content-type') ?? '',
    exchange: exchange.id,
    receivedAt: now,
    duplicateUntil: now + (durationMs(persistDuration) ?? DEFAULT_PERSIST_MS),
    acknowledgment: acknowledgesInAnswer(settings, exchange, message, contract)
      ? writeAcknowledgment(message, { messageId: ids.uuid(), now }, by)
      : undefined,
    duplicates: 0,
    by,
    ackActor: asked,
    wish: exchange.wish,
    state: 'pending',
  };
}

/** Whether the answer carries the acknowledgement: always for a reliable message, for a forwarded one by setting. */
function acknowledgesInAnswer(
  settings: MessagingSettings,
  { space }: HttpExchange,
  { header, from }: EbxmlMessage,
  { pattern }: Contract,
): boolean {
  if (pattern === 'reliable') return true;
  if (pattern !== 'forward-reliable' || header.ackRequested?.actor !== NEXT_HOP) return false;
  return hopAcknowledgment(settings, space, from) === 'answer';
}

function acceptedAnswer(exchange: HttpExchange, { pattern, acknowledgment }: ReceivedMessage): HttpAnswer {
  const wish = exchange.wish?.acknowledgment;
  if (acknowledgment !== undefined && wish !== 'none') {
    const written = wish === undefined ? acknowledgment : withOtherReference(exchange.space, acknowledgment);
    return spineAnswer(exchange, 202, written, signalAction('Acknowledgment'));
  }
  return spineAnswer(exchange, 202, '', pattern === 'express' ? EXPRESS_ACTION : undefined);
}

function refuse(exchange: HttpExchange, message: EbxmlMessage, refusal: Refusal): HttpAnswer {
  const { error, detail, advice } = refusal;
  if (error.form === 'fault') return faultAnswer(exchange, refusal as Refusal & { error: FaultError });
  exchange.refuse(error.name, detail, advice);
  const { ids, clock } = exchange.space;
  const fields = { messageId: ids.uuid(), now: clock.now() };
  const written = writeMessageError(message, error as EbxmlError, fields, spinePartyFor(exchange, message));
  return spineAnswer(exchange, 200, written, signalAction('MessageError'));
}
