/** P1R1 messages at `/sync-service`: header, access and duplicates are messaging's, the rest is the domain's. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { P1r1Refusal } from '../../../core/interactions/p1r1.ts';
import { SERVICE_PREFIX } from '../../../core/soap/action.ts';
import type { SoapEnvelope } from '../../../core/soap/envelope.ts';
import { FAULTS, type Refusal, type RejectError } from '../errors.ts';
import { faultAnswer } from '../messages/httpAnswer.ts';
import type { Messaging } from '../messaging.ts';
import { p1r1Answer, p1r1Issue, p1r1Reject } from '../p1r1/answers.ts';
import { type P1r1Message, readP1r1, serviceInteractionOf } from '../p1r1/message.ts';
import { checkAccess } from '../validation/access.ts';

type Reject = Refusal & { error: RejectError };

export function answerP1r1(messaging: Messaging, exchange: HttpExchange, envelope: SoapEnvelope): Promise<HttpAnswer> {
  const message = readP1r1(envelope);
  exchange.operation('sync', message.interactionId || undefined);
  exchange.identify({
    asid: message.fromAsid || undefined,
    toAsid: message.toAsid || undefined,
    user: message.user,
    messageId: message.messageId || undefined,
  });
  return exchange.decide(() => answer(messaging, exchange, message));
}

async function answer(messaging: Messaging, exchange: HttpExchange, message: P1r1Message): Promise<HttpAnswer> {
  const missing = HEADER_FIELDS.find(({ field }) => message[field] === '');
  exchange.step('P1R1_HEADER', missing ? 'failed' : 'ok', missing?.location);
  if (missing) return p1r1Issue(exchange, message, mandatory(`soapHeaderCheck.${missing.location}`));
  const serviceInteraction = serviceInteractionOf(message, SERVICE_PREFIX);
  const handler = messaging.p1r1.find(serviceInteraction);
  exchange.step('ROUTE', handler ? 'ok' : 'failed', serviceInteraction);
  if (!handler) return unsupported(messaging, exchange, serviceInteraction);
  const { payload } = message;
  if (!payload) return p1r1Issue(exchange, message, mandatory('rootCheck.body'));
  const refusal =
    checkAccess(messaging.settings, exchange, message.fromAsid, serviceInteraction) ??
    (await messaging.hl7Ids.check(messaging.settings, exchange, message.messageId, message.interactionId, exchange.id));
  if (refusal) return p1r1Reject(exchange, message, refusal as Reject);
  const { messageId, fromAsid, toAsid } = message;
  const reply = await handler.handle({ exchange, messageId, fromAsid, toAsid, payload });
  if ('refusal' in reply) return p1r1Issue(exchange, message, reply.refusal);
  return p1r1Answer(exchange, message, reply.interaction, reply.payload);
}

/** In Spine's order, by the names of its own locations. */
const HEADER_FIELDS = [
  { field: 'messageId', location: 'messageId' },
  { field: 'serviceId', location: 'serviceId' },
  { field: 'interactionId', location: 'interactionId' },
  { field: 'toAsid', location: 'toAC' },
  { field: 'fromAsid', location: 'fromAC' },
] as const;

/** The same for the header and the body: which field it is, only the journal says. */
function mandatory(location: string): P1r1Refusal {
  return {
    name: 'FAILED_DUE_TO_BUSINESS_VALIDATION_FAILURE',
    code: 'GE007',
    text: 'GE007:Mandatory field missing',
    detail: `${location} is missing or empty`,
    advice: `Fill ${location}; ASIDs have the root 1.2.826.0.1285.0.2.0.107.`,
  };
}

function unsupported(messaging: Messaging, exchange: HttpExchange, serviceInteraction: string): HttpAnswer {
  for (const candidate of messaging.p1r1.names()) {
    exchange.nearMiss({ kind: 'interaction', candidate, reason: 'is a message of this style that is answered' });
  }
  return faultAnswer(exchange, {
    error: FAULTS.unsupported,
    detail: `${serviceInteraction} is no message of this style`,
    advice: 'Name serviceId and interactionId as the directory lists them; the near misses of this entry show them.',
  });
}
