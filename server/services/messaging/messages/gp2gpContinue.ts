/** COPC_IN000001UK01, by which a record transfer goes on: the request for fragments. Its inner shape is partly assumed. */
import { OID } from '../../../core/hl7/oid.ts';
import type { OutgoingContent } from '../../../core/interactions/outgoing.ts';
import type { Space } from '../../../core/space/space.ts';
import { xml } from '../../../core/xml/template.ts';

export const CONTINUE = 'COPC_IN000001UK01';

/** Codes of the payload: asks to go on; announces an attachment; is one. */
export type PayloadCode = 'GP2GP_PI' | 'GP2GPLMATTACHMENTINFO' | 'GP2GPLMATTACHMENT';

export interface Fragment {
  code: PayloadCode;
  recipient: string;
  from: string;
  subject: string;
  messageId: string;
}

export function fragmentContent(
  space: Space,
  { code, recipient, from, subject, messageId }: Fragment,
): OutgoingContent {
  const body = xml`
    <PayloadInformation classCode="OBS" moodCode="EVN">
      <code code="${code}" codeSystem="${OID.largeMessage}"/>
      <id root="${space.ids.uuid()}"/>
      <value>
        <Gp2gpfragment xmlns="urn:nhs:names:services:gp2gp">
          <Version>01</Version>
          <Recipients><Recipient>${recipient}</Recipient></Recipients>
          <From>${from}</From>
          <subject>${subject}</subject>
          <message-id>${messageId}</message-id>
        </Gp2gpfragment>
      </value>
    </PayloadInformation>`;
  return { versionCode: 'V3NPfIT3.0', subject: body.text };
}

/** From the receiver of a large message to its sender. */
export function continueContent(
  space: Space,
  { from, to, messageId }: { from: string; to: string; messageId: string },
) {
  return fragmentContent(space, {
    code: 'GP2GP_PI',
    recipient: from,
    from: to,
    subject: 'Continue Acknowledgement',
    messageId,
  });
}
