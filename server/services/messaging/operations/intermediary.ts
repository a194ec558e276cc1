/** The intermediary: messages for other parties, and the signals that receivers send back by themselves. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { parseContentType } from '../../../core/mime/contentType.ts';
import { readEbxmlMessage } from '../ebxml/message.ts';
import { FAULTS, type FaultError, isRefusal, type Refusal } from '../errors.ts';
import { faultAnswer, spineAnswer } from '../messages/httpAnswer.ts';
import type { Messaging } from '../messaging.ts';
import { ebxmlMessage } from './ebxmlMessage.ts';

export function intermediary(messaging: Messaging) {
  const forward = ebxmlMessage(messaging, ['forward-reliable', 'forward-express']);
  return (exchange: HttpExchange): Promise<HttpAnswer> => {
    const { type } = parseContentType(exchange.header('content-type'));
    return type.startsWith('multipart/') ? forward(exchange) : signal(exchange);
  };
}

/**
 * A bare envelope is an acknowledgement or an error for a message that Spine delivered. Nothing of its CPA id, party types or
 * actor is looked at: senders in the field put anything there.
 */
function signal(exchange: HttpExchange): Promise<HttpAnswer> {
  const message = readEbxmlMessage(exchange);
  if (isRefusal(message)) {
    exchange.step('MESSAGE_NOT_WELL_FORMED', 'failed', message.detail);
    return exchange.decide(() => faultAnswer(exchange, message as Refusal & { error: FaultError }));
  }
  const { header, from, to, action, messageId, conversationId } = message;
  exchange.operation('signal', action || undefined);
  exchange.identify({
    partyKey: from || undefined,
    toPartyKey: to || undefined,
    messageId: messageId || undefined,
    conversationId: conversationId || undefined,
  });
  return exchange.decide(() => {
    const wrong = findFault(header.count, header.acknowledges, header.errors !== undefined);
    exchange.step(FAULTS.acknowledgment.name, wrong ? 'failed' : 'ok', wrong ?? header.acknowledges ?? 'ebXML error');
    if (!wrong) return spineAnswer(exchange, 202, '');
    const advice = 'Send one MessageHeader with an Acknowledgment or an ErrorList, as text/xml.';
    return faultAnswer(exchange, { error: FAULTS.acknowledgment, detail: wrong, advice });
  });
}

/** In Spine's words. */
function findFault(headers: number, acknowledges: string | undefined, error: boolean): string | undefined {
  if (headers !== 1) return 'Missing Message Header';
  return acknowledges === undefined && !error ? 'Missing Acknowledgement' : undefined;
}
