/** `/sync-service`: a SOAP request answered on the same connection. */

import { nhsNumberIn } from '../../../core/hl7/transmission.ts';
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { InteractionHandler } from '../../../core/interactions/registry.ts';
import { SERVICE_PREFIX } from '../../../core/soap/action.ts';
import { NS } from '../../../core/xml/namespaces.ts';
import { FAULTS, type FaultError, isRefusal, type Refusal, type RejectError } from '../errors.ts';
import { faultAnswer } from '../messages/httpAnswer.ts';
import { rejectAnswer, replyAnswer } from '../messages/syncAnswers.ts';
import { readSyncEnvelope, readSyncMessage, type SyncMessage } from '../messages/syncMessage.ts';
import type { Messaging } from '../messaging.ts';
import { refusalNamed } from '../namedErrors.ts';
import { checkAccess } from '../validation/access.ts';
import { checkAuthor } from '../validation/author.ts';
import { runChecks } from '../validation/check.ts';
import { checkRoute } from '../validation/routing.ts';
import { CONSISTENCY_CHECKS, SOAP_HEADER_CHECKS } from '../validation/soapHeader.ts';
import { WRAPPER_CHECKS } from '../validation/wrapper.ts';
import { answerP1r1 } from './p1r1.ts';

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
  const handler = findHandler(messaging, message);
  const refusal = await validate(messaging, exchange, message, handler);
  if (refusal) return refuse(exchange, message, refusal);
  if (!handler) return refuse(exchange, message, noBehaviour(message));
  const { header, transmission } = message;
  const author = transmission.authors[0];
  const reply = await handler.handle({
    exchange,
    pattern: 'sync',
    service: handler.service,
    interaction: transmission.name,
    message: transmission.element,
    messageId: transmission.id!,
    fromAsid: header.sender!.extension,
    toAsid: header.receiver!.extension,
    user: author?.user?.extension,
    role: author?.roleProfile?.extension,
  });
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

/** Everything Spine looks at before the domain does, in its order. */
async function validate(
  messaging: Messaging,
  exchange: HttpExchange,
  message: SyncMessage,
  handler: InteractionHandler | undefined,
): Promise<Refusal | undefined> {
  const { settings, interactions, hl7Ids } = messaging;
  const { profile } = settings;
  const { header, transmission, action } = message;
  const refusal =
    checkRoute(exchange, interactions, message) ??
    runChecks(exchange, profile, SOAP_HEADER_CHECKS, message) ??
    runChecks(exchange, profile, WRAPPER_CHECKS, transmission) ??
    runChecks(exchange, profile, CONSISTENCY_CHECKS, message) ??
    checkAccess(exchange, header.sender!.extension, action!.serviceInteraction) ??
    (await checkAuthor(messaging, exchange, transmission));
  if (refusal) return refusal;
  // A real client repeats a query with the same id after an error, so only the strict profile counts queries.
  if (!handler?.changes && profile !== 'eis') return undefined;
  return hl7Ids.check(exchange, transmission.id!, transmission.name, exchange.id);
}

function findHandler({ interactions }: Messaging, { action }: SyncMessage): InteractionHandler | undefined {
  if (!action?.service.startsWith(SERVICE_PREFIX)) return undefined;
  return interactions.find(action.service.slice(SERVICE_PREFIX.length), action.interaction);
}

function noBehaviour({ action }: SyncMessage): Refusal {
  return {
    error: FAULTS.systemFailure,
    detail: `the simulator has no behaviour for ${action?.serviceInteraction}`,
    advice: 'The message passed every check; add a rule that answers this interaction.',
  };
}

function refuse(exchange: HttpExchange, message: SyncMessage, refusal: Refusal): HttpAnswer {
  return refusal.error.form === 'fault'
    ? faultAnswer(exchange, refusal as Refusal & { error: FaultError })
    : rejectAnswer(exchange, message, refusal as Refusal & { error: RejectError });
}
