/** What a P1R1 message is answered with: always HTTP 200 and SOAP 1.1, whatever the envelope of the request was. */
import { OID } from '../../../core/hl7/oid.ts';
import { formatTimestamp } from '../../../core/hl7/timestamp.ts';
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { P1r1Refusal } from '../../../core/interactions/p1r1.ts';
import { NS } from '../../../core/xml/namespaces.ts';
import { raw, textElement, type XmlFragment, xml } from '../../../core/xml/template.ts';
import type { Refusal, RejectError } from '../errors.ts';
import { spineAnswer } from '../messages/httpAnswer.ts';
import type { P1r1Message } from './message.ts';

/** Interaction of every refusal. */
const REFUSED = 'MCCI_IN010000UK13';

/** Success: the wrapper in the header, the domain's element in servicePayload. That it comes so is assumed. */
export function p1r1Answer(
  exchange: HttpExchange,
  message: P1r1Message,
  interaction: string,
  payload: string,
): HttpAnswer {
  const header = wrapper(
    exchange,
    message,
    interaction,
    xml`<acknowledgement typeCode="AA">${reference(message)}</acknowledgement>`,
  );
  const body = xml`<nasp1:servicePayload xmlns:nasp1="${NS.spineService}">${raw(payload)}</nasp1:servicePayload>`;
  return written(exchange, xml`<naspResponseHeader>${header}</naspResponseHeader>`, body);
}

/** The domain refuses (AE): the issue in the header and again in the body. */
export function p1r1Issue(exchange: HttpExchange, message: P1r1Message, refusal: P1r1Refusal): HttpAnswer {
  const { name, code, text, detail, advice } = refusal;
  exchange.refuse(name, detail, advice);
  const acknowledgement = xml`<acknowledgement typeCode="AE">${reference(message)}</acknowledgement>`;
  const parts = wrapper(exchange, message, REFUSED, acknowledgement);
  const queryId = xml`<queryId root="${message.messageId}"/>`;
  const issue = xml`<code code="${code}"/>${textElement('value', text)}</justifyingDetectedIssueEvent></reason>`;
  const header = xml`<naspResponseHeader>${parts}<ControlAct classCode="CACT" moodCode="EVN">
    <reason type="ActRelationship" typeCode="RSON">
    <justifyingDetectedIssueEvent classCode="ALRT" moodCode="EVN" type="Observation">${issue}
    <queryAck type="QueryAck">${queryId}<queryResponseCode code="${code}"/></queryAck></ControlAct></naspResponseHeader>`;
  const body = xml`<${REFUSED}>${parts}<ControlAct classCode="CACT" moodCode="EVN"><reason typeCode="RSON">
    <justifyingDetectedIssueEvent classCode="ALRT" moodCode="EVN">${issue}
    <queryAck type="QueryAck">${queryId}<queryResponseCode code="${code}" displayName="${text}"/></queryAck></ControlAct></${REFUSED}>`;
  return written(exchange, header, body);
}

/** Messaging refuses (AR): no control act, and the parts of the wrapper stand in the header by themselves. */
export function p1r1Reject(
  exchange: HttpExchange,
  message: P1r1Message,
  { error, detail, advice }: Refusal & { error: RejectError },
): HttpAnswer {
  exchange.refuse(error.name, detail, advice);
  const acknowledgement = xml`<acknowledgement typeCode="AR"><acknowledgementDetail typeCode="ER"><code code="ME"/>
    ${textElement('text', error.text)}</acknowledgementDetail>${reference(message)}</acknowledgement>`;
  const parts = wrapper(exchange, message, REFUSED, acknowledgement);
  return written(exchange, parts, xml`<${REFUSED}>${parts}</${REFUSED}>`);
}

const reference = ({ messageId }: P1r1Message) => xml`<messageRef><id root="${messageId}"/></messageRef>`;

function wrapper(
  exchange: HttpExchange,
  { fromAsid, toAsid }: P1r1Message,
  interaction: string,
  acknowledgement: XmlFragment,
): XmlFragment {
  const { ids, clock } = exchange.space;
  const device = (kind: string, asid: string) => xml`<communicationFunction${kind} typeCode="${kind.toUpperCase()}">
    <device classCode="DEV" determinerCode="INSTANCE"><id root="${OID.asidP1R1}" extension="${asid}"/></device>
    </communicationFunction${kind}>`;
  return xml`<id root="${ids.uuid()}"/><creationTime value="${formatTimestamp(clock.now())}"/>
    <versionCode code="V3NPfIT2.0"/><interactionId root="${OID.interaction}" extension="${interaction}"/>
    <processingCode code="P"/><processingModeCode code="T"/><acceptAckCode code="NE"/>${acknowledgement}
    ${device('Rcv', fromAsid)}${device('Snd', toAsid)}`;
}

function written(exchange: HttpExchange, header: XmlFragment, body: XmlFragment): HttpAnswer {
  const envelope = xml`<SOAP-ENV:Envelope xmlns:SOAP-ENV="${NS.soap11}" xmlns="${NS.hl7}" xmlns:hl7="${NS.hl7}">
    <SOAP-ENV:Header>${header}</SOAP-ENV:Header><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;
  return spineAnswer(exchange, 200, envelope.text);
}
