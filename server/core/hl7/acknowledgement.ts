/** The application acknowledgement MCCI_IN010000UK13 as Spine sends it in ebXML messages: `hl7:` on every element. */
import type { XmlFragment } from '../xml/template.ts';
import { type CodedIssue, type InteractionFields, writeInteraction } from './interaction.ts';
import { OID } from './oid.ts';
import { SPINE_DECLARATION } from './syncAnswer.ts';

/** Whom an acknowledgement is about; `versionCode` only where the usual one of its kind is not wanted. */
export type AcknowledgementFields = Pick<InteractionFields, 'id' | 'creationTime' | 'receiverAsid' | 'senderAsid'> & {
  messageRef: string;
  versionCode?: string;
};

const INTERACTION = 'MCCI_IN010000UK13';

const write = (fields: InteractionFields) => SPINE_DECLARATION + writeInteraction(fields, 'prefixed').text;

/** AA: accepted, with a success detail if the domain gives one. */
export function writeAccept(fields: AcknowledgementFields, subject?: XmlFragment): string {
  const { versionCode = 'V3NPfIT4.2.00' } = fields;
  return write({ ...fields, interaction: INTERACTION, versionCode, acknowledgement: 'AA', subject });
}

/** AR: the message itself was refused; codes such as 202 are of the system of message checks. */
export function writeReject(fields: AcknowledgementFields, issue: Omit<CodedIssue, 'codeSystem'>): string {
  const { versionCode = 'V3NPfIT3.1.10' } = fields;
  const acknowledgementDetail = { ...issue, codeSystem: OID.messageIssue };
  return write({ ...fields, interaction: INTERACTION, versionCode, acknowledgement: 'AR', acknowledgementDetail });
}

/** AE: the message was understood and could not be done, for one or more reasons. */
export function writeError(fields: AcknowledgementFields, reasons: readonly CodedIssue[]): string {
  const { versionCode = 'V3NPfIT3.0' } = fields;
  return write({ ...fields, interaction: INTERACTION, versionCode, acknowledgement: 'AE', reasons });
}
