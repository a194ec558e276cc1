/** What a synchronous request is answered with: a domain's reply in its envelope, or a reject. */

import { OID } from '../../../core/hl7/oid.ts';
import { writeSyncAnswer, writeSyncReject } from '../../../core/hl7/syncAnswer.ts';
import { formatTimestamp } from '../../../core/hl7/timestamp.ts';
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { InteractionReply } from '../../../core/interactions/registry.ts';
import { raw } from '../../../core/xml/template.ts';
import type { Refusal, RejectError } from '../errors.ts';
import { spineAnswer } from './httpAnswer.ts';
import { responseNameOf } from './responseName.ts';
import type { SyncMessage } from './syncMessage.ts';

/** What every answer takes from the request. */
function answerFields(exchange: HttpExchange, { header, transmission, action }: SyncMessage) {
  const { ids, clock } = exchange.space;
  return {
    id: ids.uuid(),
    creationTime: formatTimestamp(clock.now()),
    messageRef: transmission.id ?? '',
    receiverAsid: header.sender?.extension ?? '',
    senderAsid: header.receiver?.extension ?? '',
    relatesTo: header.messageId ?? '',
    service: action?.service ?? '',
    responseName: responseNameOf(action?.interaction),
  };
}

/** HTTP 200. The addresses of the request change places; the captures of PDS fit that. */
export function replyAnswer(exchange: HttpExchange, message: SyncMessage, reply: InteractionReply): HttpAnswer {
  const fields = answerFields(exchange, message);
  const written = writeSyncAnswer({
    ...fields,
    interaction: reply.interaction,
    acknowledgement: reply.acknowledgement,
    versionCode: reply.versionCode,
    reasons: reply.reasons,
    subject: reply.subject === undefined ? undefined : raw(reply.subject),
    contextConductionInd: reply.subjectConduction ? false : undefined,
    queryResponseCode: reply.queryResponseCode,
    responseName: reply.responseName ?? fields.responseName,
    to: message.header.from ?? '',
    from: message.header.to || fields.service,
  });
  return spineAnswer(exchange, 200, written);
}

/** HTTP 200 with an AR, noted in the journal as a refusal. */
export function rejectAnswer(
  exchange: HttpExchange,
  message: SyncMessage,
  refusal: Refusal & { error: RejectError },
): HttpAnswer {
  const { error, detail, advice } = refusal;
  exchange.refuse(error.name, detail, advice);
  const written = writeSyncReject({
    ...answerFields(exchange, message),
    to: '',
    acknowledgementDetail: { code: error.code, codeSystem: OID.messageIssue, displayName: error.text },
  });
  return spineAnswer(exchange, 200, written);
}
