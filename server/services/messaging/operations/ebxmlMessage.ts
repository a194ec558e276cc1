/** The ebXML paths: a message is checked, kept and acknowledged; what it leads to comes later, on another connection. */
import { durationMs } from '../../../core/clock/duration.ts';
import type { Transmission } from '../../../core/hl7/transmission.ts';
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { Pattern } from '../../../core/interactions/registry.ts';
import { type Contract, findContract } from '../ebxml/contract.ts';
import { type EbxmlMessage, readEbxmlMessage } from '../ebxml/message.ts';
import { judgePayload, readPayload } from '../ebxml/payload.ts';
import type { ReceivedMessage } from '../ebxml/received.ts';
import { checkReliability } from '../ebxml/reliability.ts';
import { spinePartyFor } from '../ebxml/spineParty.ts';
import { checkHeader, checkManifest } from '../ebxml/structure.ts';
import { type EbxmlError, type FaultError, isRefusal, type Refusal } from '../errors.ts';
import { signalAction, writeAcknowledgment, writeMessageError } from '../messages/ebxmlSignals.ts';
import { faultAnswer, spineAnswer } from '../messages/httpAnswer.ts';
import type { Messaging } from '../messaging.ts';
import { refusalNamed } from '../namedErrors.ts';

/** How long a message is remembered where its contract has no persistDuration; message handlers assume as much. */
const DEFAULT_PERSIST_MS = 3_600_000;

/** The SOAPAction of the empty answer to an express message. */
const EXPRESS_ACTION = 'asyncExpressSyncAck';

/** A message on a path that takes these patterns. `signals`: also takes acknowledgements and errors. */
export function ebxmlMessage(messaging: Messaging, patterns: readonly Pattern[]) {
  return (exchange: HttpExchange): Promise<HttpAnswer> => {
    const message = readEbxmlMessage(exchange);
    if (isRefusal(message)) {
      exchange.step('MESSAGE_NOT_WELL_FORMED', 'failed', message.detail);
      return exchange.decide(() => faultAnswer(exchange, message as Refusal & { error: FaultError }));
    }
    exchange.step('MESSAGE_NOT_WELL_FORMED');
    introduce(exchange, message);
    return exchange.decide(
      () => answer(messaging, exchange, message, patterns),
      (name, text) => {
        const refusal = refusalNamed('ebxml', name, text);
        return refusal && refuse(exchange, message, refusal);
      },
    );
  };
}

function introduce(exchange: HttpExchange, { from, to, messageId, conversationId, action }: EbxmlMessage): void {
  exchange.operation(exchange.entry.operation ?? 'ebxml', action || undefined);
  exchange.identify({
    partyKey: from || undefined,
    toPartyKey: to || undefined,
    messageId: messageId || undefined,
    conversationId: conversationId || undefined,
  });
}

async function answer(
  messaging: Messaging,
  exchange: HttpExchange,
  message: EbxmlMessage,
  patterns: readonly Pattern[],
): Promise<HttpAnswer> {
  const { profile } = messaging.settings;
  const malformed = checkHeader(exchange, profile, message);
  if (malformed) return refuse(exchange, message, malformed);
  const contract = findContract(messaging, exchange, message, patterns);
  if (isRefusal(contract)) return refuse(exchange, message, contract);
  const forwarded = contract.pattern.startsWith('forward');
  const refusal =
    checkReliability(exchange, profile, message, contract) ?? checkManifest(exchange, message, !forwarded);
  if (refusal) return refuse(exchange, message, refusal);
  const payload = forwarded ? undefined : readPayload(message);
  if (payload && isRefusal(payload)) return refuse(exchange, message, payload);
  return accept(messaging, exchange, message, contract, payload);
}

async function accept(
  messaging: Messaging,
  exchange: HttpExchange,
  message: EbxmlMessage,
  contract: Contract,
  payload: Transmission | undefined,
): Promise<HttpAnswer> {
  if (payload) exchange.identify({ asid: payload.sender?.extension, toAsid: payload.receiver?.extension });
  const key = keyOf(exchange, message, contract);
  const { space } = exchange;
  const { fresh, record } = await messaging.received.accept(
    space,
    key,
    recordOf(exchange, message, contract),
    exchange.body,
  );
  exchange.step('DUPLICATE_ELIMINATION', 'ok', fresh ? 'first of its id' : `duplicate number ${record.duplicates}`);
  if (fresh && payload) await judge(messaging, exchange, message, payload, key);
  return acceptedAnswer(exchange, record);
}

/** Notes what the HL7 message is, and the reject that is owed to its sender. */
async function judge(
  messaging: Messaging,
  exchange: HttpExchange,
  message: EbxmlMessage,
  payload: Transmission,
  key: string,
): Promise<void> {
  const reject = await judgePayload(messaging, exchange, message, payload, key);
  if (reject) exchange.refuse(reject.error.name, reject.detail, reject.advice);
  await messaging.received.note(exchange.space, key, {
    hl7: {
      id: payload.id ?? '',
      fromAsid: payload.sender?.extension ?? '',
      toAsid: payload.receiver?.extension ?? '',
    },
    rejected: reject && { code: reject.error.code, text: reject.error.text },
  });
}

/** From party and MessageId where duplicates are eliminated; else every message is one of its own. */
function keyOf(exchange: HttpExchange, { header, from, messageId }: EbxmlMessage, { handler }: Contract): string {
  const id = `${from} ${messageId.toUpperCase()}`;
  return header.duplicateElimination || handler.contract.duplicateElimination === 'always'
    ? id
    : `${id} ${exchange.id}`;
}

function recordOf(exchange: HttpExchange, message: EbxmlMessage, contract: Contract): ReceivedMessage {
  const { from, to, cpaId, conversationId, service, action, messageId, timestamp } = message;
  const { persistDuration = '' } = contract.handler.contract;
  const { clock, ids } = exchange.space;
  const now = clock.now();
  const by = spinePartyFor(exchange, message);
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
    acknowledgment: acknowledges(exchange, message, contract)
      ? writeAcknowledgment(message, { messageId: ids.uuid(), now }, by)
      : undefined,
    duplicates: 0,
  };
}

/**
 * Whether the answer carries the acknowledgement: always for a reliable message. The hop of a forwarded one is acknowledged
 * here when its sender has no endpoint registered where an acknowledgement could go.
 */
function acknowledges(exchange: HttpExchange, { header, from }: EbxmlMessage, { pattern }: Contract): boolean {
  if (pattern === 'reliable') return true;
  const asked = header.ackRequested?.actor === 'urn:oasis:names:tc:ebxml-msg:actor:nextMSH';
  if (pattern !== 'forward-reliable' || !asked) return false;
  const { handlers } = exchange.space.world;
  return handlers.contract(from, 'urn:oasis:names:tc:ebxml-msg:service:Acknowledgment') === undefined;
}

function acceptedAnswer(exchange: HttpExchange, { pattern, acknowledgment }: ReceivedMessage): HttpAnswer {
  if (acknowledgment !== undefined) return spineAnswer(exchange, 202, acknowledgment, signalAction('Acknowledgment'));
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
