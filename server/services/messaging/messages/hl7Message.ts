/** The HL7 message inside an ebXML message that Spine sends. */
import { type InteractionFields, writeInteraction } from '../../../core/hl7/interaction.ts';
import { OID } from '../../../core/hl7/oid.ts';
import { withPrefix } from '../../../core/hl7/prefixed.ts';
import { SPINE_DECLARATION } from '../../../core/hl7/syncAnswer.ts';
import { formatTimestamp } from '../../../core/hl7/timestamp.ts';
import type { OutgoingContent } from '../../../core/interactions/outgoing.ts';
import { raw, type XmlFragment } from '../../../core/xml/template.ts';

export interface Hl7Fields {
  interaction: string;
  id: string;
  now: number;
  receiverAsid: string;
  senderAsid: string;
}

/** PDS's own generators write the wrapper of update replies with the prefix, and the payload with a default namespace. */
const PREFIXED_WRAPPER = 'PRPA_';

/** The payload under a prefixed wrapper declares its namespace itself. */
function withDefaultNamespace(subject: string): XmlFragment {
  return raw(subject.replace(/^\s*<[\w.]+/, (start) => `${start} xmlns="urn:hl7-org:v3"`));
}

/** As a document. Acknowledgements have the prefix `hl7` on every element; of a reject the first reason is its detail. */
export function writeHl7Message({ now, ...fields }: Hl7Fields, content: OutgoingContent): string {
  const prefixed = fields.interaction.startsWith('MCCI_');
  const wrapped = fields.interaction.startsWith(PREFIXED_WRAPPER);
  const inside = prefixed ? withPrefix : wrapped ? withDefaultNamespace : raw;
  const { subject, reasons = [], acknowledgement } = content;
  const rejected = acknowledgement === 'AR' && reasons[0];
  const written: InteractionFields = {
    ...fields,
    creationTime: formatTimestamp(now),
    versionCode: content.versionCode,
    acknowledgement,
    messageRef: content.messageRef,
    acknowledgementDetail: rejected || undefined,
    reasons: rejected ? reasons.slice(1) : reasons,
    subject: subject === undefined ? undefined : inside(subject),
    contextConductionInd: content.subjectConduction ? false : undefined,
    queryResponseCode: content.queryResponseCode,
  };
  return SPINE_DECLARATION + writeInteraction(written, prefixed || wrapped ? 'prefixed' : 'default').text;
}

/** What Spine's own generators write as the version of an acknowledgement. */
export const VERSION_CODES = { AA: 'V3NPfIT4.2.00', AE: 'V3NPfIT3.0', AR: 'V3NPfIT3.1.10' } as const;

/** The message itself was refused. */
export function rejectContent(messageRef: string, code: string, displayName: string): OutgoingContent {
  const reasons = [{ code, codeSystem: OID.messageIssue, displayName, qualifier: 'ER' as const }];
  return { acknowledgement: 'AR', versionCode: VERSION_CODES.AR, messageRef, reasons };
}
