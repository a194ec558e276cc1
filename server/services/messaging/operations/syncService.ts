/** `/sync-service`: a SOAP request answered on the same connection. */

import { nhsNumberIn } from '../../../core/hl7/transmission.ts';
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { OutgoingMessage } from '../../../core/interactions/outgoing.ts';
import type { InteractionHandler, InteractionReply } from '../../../core/interactions/registry.ts';
import { SERVICE_PREFIX } from '../../../core/soap/action.ts';
import { NS } from '../../../core/xml/namespaces.ts';
import { FAULTS, type FaultError, isRefusal, REJECTS, type Refusal, type RejectError } from '../errors.ts';
import { ACKNOWLEDGEMENT } from '../inbox/respond.ts';
import { wishedContent } from '../inbox/wishedContent.ts';
import { faultAnswer } from '../messages/httpAnswer.ts';
import { rejectAnswer, replyAnswer } from '../messages/syncAnswers.ts';
import { readSyncEnvelope, readSyncMessage, type SyncMessage } from '../messages/syncMessage.ts';
import type { Messaging } from '../messaging.ts';
import { refusalNamed } from '../namedErrors.ts';
import { composeOutgoing } from '../outgoing/outgoingMessage.ts';
import type { Strictness } from '../settings.ts';
import { checkAccess } from '../validation/access.ts';
import { checkAuthor } from '../validation/author.ts';
import { checkCertificate } from '../validation/certificate.ts';
import { runChecks } from '../validation/check.ts';
import { checkRoute } from '../validation/routing.ts';
import { CONSISTENCY_CHECKS, SOAP_HEADER_CHECKS } from '../validation/soapHeader.ts';
import { WRAPPER_CHECKS } from '../validation/wrapper.ts';
import { answerP1r1 } from './p1r1.ts';
import { wishedRefusal } from './wished.ts';

export function syncService(messaging: Messaging) {
  return (exchange: HttpExchange): Promise<HttpAnswer> => {
    const envelope = readSyncEnvelope(exchange);
    if (isRefusal(envelope)) {
      exchange.step('MESSAGE_NOT_WELL_FORMED', 'failed', envelope.detail);
      return exchange.decide(() => faultAnswer(exchange, envelope as Refusal & { error: FaultError }));
    }
    exchange.step('MESSAGE_NOT_WELL_FORMED');
    if (envelope.ns === NS.soap12Draft) return answerP1r1(messaging, exchange, envelope);
    const message = readSyncMessage(exchange, envelope);
    introduce(exchange, message);
    const raise = (name: string, text: string | undefined) => raised(messaging, exchange, message, name, text);
    return exchange.decide(() => answer(messaging, exchange, message), raise);
  };
}

/** Tells the exchange who speaks about what; from here on it is in its space. */
function introduce(exchange: HttpExchange, { header, transmission, action }: SyncMessage): void {
  exchange.operation('sync', action?.interaction ?? transmission.name);
  const author = transmission.authors[0];
  exchange.identify({
    asid: header.sender?.extension || transmission.sender?.extension || undefined,
    toAsid: header.receiver?.extension || undefined,
    user: author?.user?.extension || undefined,
    role: author?.roleProfile?.extension || undefined,
    messageId: transmission.id,
    nhsNumber: nhsNumberIn(transmission),
  });
}

async function answer(messaging: Messaging, exchange: HttpExchange, message: SyncMessage): Promise<HttpAnswer> {
  const wished = wishedRefusal(exchange.wish);
  if (wished?.error.form === 'fault') return refuse(exchange, message, wished);
  const handler = findHandler(messaging, message);
  const refusal = await validate(messaging, exchange, message, handler);
  if (refusal) return refuse(exchange, message, refusal);
  const byRule = wishedReply(exchange);
  if (byRule) return replyAnswer(exchange, message, byRule);
  if (!handler) return refuse(exchange, message, noBehaviour(message));
  const { header, transmission } = message;
  const author = transmission.authors[0];
  const sent: OutgoingMessage[] = [];
  const reply = await handler.handle({
    exchange,
    pattern: 'sync',
    service: handler.service,
    interaction: transmission.name,
    message: transmission.element,
    messageId: transmission.id ?? '',
    fromAsid: header.sender?.extension ?? '',
    toAsid: header.receiver?.extension ?? '',
    user: author?.user?.extension,
    role: author?.roleProfile?.extension,
    send: (outgoing) => sent.push(outgoing),
  });
  // Safe before the answer tells that it is done.
  for (const outgoing of sent) await sendBehind(messaging, exchange, outgoing);
  if (!reply) throw new Error(`${handler.service}/${transmission.name} has no answer to a synchronous request`);
  return replyAnswer(exchange, message, reply);
}

/** An error by its name: one of messaging, else one of the domain that the message is for. */
function raised(
  messaging: Messaging,
  exchange: HttpExchange,
  message: SyncMessage,
  name: string,
  text: string | undefined,
): HttpAnswer | undefined {
  const refusal = refusalNamed('sync', name, text);
  if (refusal) return refuse(exchange, message, refusal);
  const reply = findHandler(messaging, message)?.fail?.(exchange, name);
  return reply && replyAnswer(exchange, message, reply);
}

/** The reply whose parts a rule gives. */
function wishedReply(exchange: HttpExchange): InteractionReply | undefined {
  const wish = exchange.wish?.response;
  if (wish === undefined || wish === 'none') return undefined;
  const content = wishedContent(wish);
  if ('message' in content) {
    exchange.step(
      'RESPONSE',
      'failed',
      'a whole message is no answer to a synchronous request: use answer or template',
    );
    return undefined;
  }
  exchange.step('RESPONSE', 'info', 'by rule');
  const { acknowledgement = 'AA', messageRef: _of, ...parts } = content;
  return { ...parts, acknowledgement, interaction: wish.interaction ?? ACKNOWLEDGEMENT };
}

async function sendBehind({ settings, deliveries }: Messaging, exchange: HttpExchange, outgoing: OutgoingMessage) {
  const { space } = exchange;
  const id = await deliveries.add(space, composeOutgoing(settings, space, { ...outgoing }));
  exchange.step('SEND', 'ok', `${outgoing.interaction} ${id}`);
}

/** Everything Spine looks at before the domain does, in its order. */
async function validate(
  messaging: Messaging,
  exchange: HttpExchange,
  message: SyncMessage,
  handler: InteractionHandler | undefined,
): Promise<Refusal | undefined> {
  const { settings, interactions, hl7Ids } = messaging;
  const { header, transmission, action } = message;
  const asid = header.sender?.extension ?? '';
  const refusal =
    checkRoute(exchange, interactions, message) ??
    runChecks(exchange, settings, SOAP_HEADER_CHECKS, message) ??
    runChecks(exchange, settings, WRAPPER_CHECKS, transmission) ??
    runChecks(exchange, settings, CONSISTENCY_CHECKS, message) ??
    checkCertificate(settings, exchange, exchange.space.world.systems.get(asid)?.partyKey, 'reject') ??
    checkAccess(settings, exchange, asid, action?.serviceInteraction ?? '') ??
    (await checkAuthor(messaging, exchange, transmission));
  if (refusal) return refusal;
  // A real client repeats a query with the same id after an error, so only the strict profile counts queries.
  if (!handler?.changes && !countsQueries(settings)) return undefined;
  return hl7Ids.check(settings, exchange, transmission.id ?? '', transmission.name, exchange.id);
}

function countsQueries({ profile, checks }: Strictness): boolean {
  return profile === 'eis' || checks[REJECTS.duplicate.name] === 'enforce';
}

function findHandler({ interactions }: Messaging, { action }: SyncMessage): InteractionHandler | undefined {
  if (!action?.service.startsWith(SERVICE_PREFIX)) return undefined;
  return interactions.find(action.service.slice(SERVICE_PREFIX.length), action.interaction);
}

function noBehaviour({ action }: SyncMessage): Refusal {
  return {
    error: FAULTS.systemFailure,
    detail: `the simulator has no behaviour for ${action?.serviceInteraction}`,
    advice:
      'The message passed every check; add a rule that answers this interaction (do: {messaging: {response: ...}}, or a template).',
  };
}

function refuse(exchange: HttpExchange, message: SyncMessage, refusal: Refusal): HttpAnswer {
  return refusal.error.form === 'fault'
    ? faultAnswer(exchange, refusal as Refusal & { error: FaultError })
    : rejectAnswer(exchange, message, refusal as Refusal & { error: RejectError });
}
