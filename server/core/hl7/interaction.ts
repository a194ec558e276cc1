/** The transmission wrapper of an answer, in the element order and with the prefixes Spine writes. */
import { attributes, raw, type XmlFragment, xml } from '../xml/template.ts';
import { OID } from './oid.ts';

/** The error, warning or information of an answer. */
export interface CodedIssue {
  code: string;
  codeSystem: string;
  displayName: string;
  /** `ER` if left out. */
  qualifier?: 'ER' | 'WG' | 'IF';
  /** Replies to updates write the qualifier as a value inside, with its code system. */
  qualifierSystem?: string;
}

export interface InteractionFields {
  /** Name of the element and extension of interactionId, such as `QUPA_IN000009UK03`. */
  interaction: string;
  /** A new UUID in upper case. */
  id: string;
  /** HL7 TS, such as `formatTimestamp` gives. */
  creationTime: string;
  versionCode: string;
  /** Accepted, application error, rejected; absent in a message that answers none. */
  acknowledgement?: 'AA' | 'AE' | 'AR' | undefined;
  /** The HL7 id of the request, as the request spells it. */
  messageRef?: string | undefined;
  /** Why the message was rejected; the detail is written before the reference. */
  acknowledgementDetail?: CodedIssue;
  /** ASID the answer goes to. */
  receiverAsid: string;
  /** ASID that answers; also its author. */
  senderAsid: string;
  /** Detected issues: errors of an AE, warnings of an AA. */
  reasons?: readonly CodedIssue[];
  /** The domain payload. */
  subject?: XmlFragment;
  /** Replies to updates carry it, replies to queries must not. */
  contextConductionInd?: boolean;
  queryResponseCode?: 'OK' | 'NF' | 'ID';
}

/**
 * How the elements are named: without prefix under a default namespace declared further out (inside a synchronous
 * answer) or on the element itself, or with the prefix `hl7` on each (acknowledgements in ebXML messages).
 */
export type InteractionForm = 'inherited' | 'default' | 'prefixed';

const DECLARATIONS: Record<InteractionForm, string> = {
  inherited: '',
  default: ' xmlns="urn:hl7-org:v3"',
  prefixed: ' xmlns:hl7="urn:hl7-org:v3"',
};

/** A communication function and its device. */
export function writeDevice(kind: 'Rcv' | 'Snd', asid: string, p = ''): XmlFragment {
  return xml`
    <${p}communicationFunction${kind} typeCode="${kind.toUpperCase()}">
      <${p}device classCode="DEV" determinerCode="INSTANCE"><${p}id root="${OID.asid}" extension="${asid}"/></${p}device>
    </${p}communicationFunction${kind}>`;
}

/** Attributes of an issue's code. Their order differs between Spine's generators, and clients with regular expressions exist. */
function codeAttributes({ code, codeSystem, displayName }: CodedIssue, systemFirst: boolean): XmlFragment {
  return attributes(systemFirst ? { codeSystem, code, displayName } : { code, codeSystem, displayName });
}

function writeDetail(issue: CodedIssue, p: string): XmlFragment {
  return xml`
    <${p}acknowledgementDetail typeCode="${issue.qualifier ?? 'ER'}">
      <${p}code${codeAttributes(issue, p === '')}/>
    </${p}acknowledgementDetail>`;
}

function writeQualifier({ qualifier = 'ER', qualifierSystem }: CodedIssue, p: string): XmlFragment {
  if (qualifierSystem === undefined) return xml`<${p}qualifier code="${qualifier}"/>`;
  return xml`<${p}qualifier><${p}value code="${qualifier}" codeSystem="${qualifierSystem}"/></${p}qualifier>`;
}

function writeReason(issue: CodedIssue, p: string): XmlFragment {
  return xml`
    <${p}reason typeCode="RSON"><${p}justifyingDetectedIssueEvent classCode="ALRT" moodCode="EVN">
      <${p}code${codeAttributes(issue, p !== '')}>${writeQualifier(issue, p)}</${p}code>
    </${p}justifyingDetectedIssueEvent></${p}reason>`;
}

function writeAcknowledgement({ acknowledgement, acknowledgementDetail, messageRef }: InteractionFields, p: string) {
  return xml`
    <${p}acknowledgement typeCode="${acknowledgement}">
      ${acknowledgementDetail && writeDetail(acknowledgementDetail, p)}
      <${p}messageRef><${p}id root="${messageRef}"/></${p}messageRef>
    </${p}acknowledgement>`;
}

/** The wrapper with all inside it, on one line. */
export function writeInteraction(fields: InteractionFields, form: InteractionForm): XmlFragment {
  const p = form === 'prefixed' ? 'hl7:' : '';
  const { reasons = [], subject, contextConductionInd, queryResponseCode } = fields;
  return xml`
    <${p}${fields.interaction}${raw(DECLARATIONS[form])}>
      <${p}id root="${fields.id}"/>
      <${p}creationTime value="${fields.creationTime}"/>
      <${p}versionCode code="${fields.versionCode}"/>
      <${p}interactionId root="${OID.interaction}" extension="${fields.interaction}"/>
      <${p}processingCode code="P"/>
      <${p}processingModeCode code="T"/>
      <${p}acceptAckCode code="NE"/>
      ${fields.acknowledgement && writeAcknowledgement(fields, p)}
      ${writeDevice('Rcv', fields.receiverAsid, p)}
      ${writeDevice('Snd', fields.senderAsid, p)}
      <${p}ControlActEvent classCode="CACT" moodCode="EVN">
        <${p}author1 typeCode="AUT"><${p}AgentSystemSDS classCode="AGNT">
          <${p}agentSystemSDS classCode="DEV" determinerCode="INSTANCE">
            <${p}id root="${OID.asid}" extension="${fields.senderAsid}"/>
          </${p}agentSystemSDS>
        </${p}AgentSystemSDS></${p}author1>
        ${reasons.map((issue) => writeReason(issue, p))}
        ${subject && xml`<${p}subject typeCode="SUBJ"${attributes({ contextConductionInd })}>${subject}</${p}subject>`}
        ${
          queryResponseCode &&
          xml`<${p}queryAck type="QueryAck"><${p}queryResponseCode code="${queryResponseCode}"/></${p}queryAck>`
        }
      </${p}ControlActEvent>
    </${p}${fields.interaction}>`;
}
