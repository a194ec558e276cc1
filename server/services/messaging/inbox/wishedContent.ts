/** The HL7 content that a rule gives. */
import { OID } from '../../../core/hl7/oid.ts';
import type { OutgoingContent } from '../../../core/interactions/outgoing.ts';
import type { ResponseWish } from '../../../core/rules/definition/messaging.ts';
import { textElement } from '../../../core/xml/template.ts';
import { VERSION_CODES } from '../messages/hl7Message.ts';

export function wishedContent(wish: ResponseWish, messageRef = ''): OutgoingContent | { message: string } {
  if (wish.message !== undefined) return { message: wish.message };
  const { acknowledgement = 'AA', issues = [], detail, subject, queryResponseCode } = wish;
  return {
    acknowledgement,
    versionCode: wish.versionCode ?? VERSION_CODES[acknowledgement],
    messageRef,
    reasons: issues.map(({ code, codeSystem = OID.messageIssue, displayName, qualifier = 'ER' }) => {
      return { code, codeSystem, displayName, qualifier };
    }),
    subject: detail === undefined ? subject : success(detail),
    queryResponseCode,
  };
}

/** requestSuccessDetail: how Spine says that an upload succeeded. */
function success(detail: string): string {
  return `<requestSuccessDetail classCode="ALRT" moodCode="EVN">${textElement('detail', detail).text}</requestSuccessDetail>`;
}
