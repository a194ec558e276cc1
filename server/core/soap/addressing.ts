/** WS-Addressing header blocks: the draft of August 2004 that Spine's synchronous service uses, and 1.0 (ITK). */
import type { XmlElement } from '../xml/element.ts';
import { NS } from '../xml/namespaces.ts';

/** Texts without the white space around them; a block that is there but empty is the empty text. */
export interface Addressing {
  /** The first of its kind; all of them are counted below, since one and only one may be there. */
  messageId: string | undefined;
  action: string | undefined;
  to: string | undefined;
  /** Address inside From, ReplyTo and FaultTo. */
  from: string | undefined;
  replyTo: string | undefined;
  faultTo: string | undefined;
  relatesTo: string | undefined;
  counts: { messageId: number; action: number; to: number };
}

const isAddressing = ({ ns }: XmlElement) => ns === NS.wsa200408 || ns === NS.wsa200508;

/** Reads what is there and judges nothing. */
export function readAddressing(header: XmlElement | undefined): Addressing {
  const blocks = header?.children().filter(isAddressing) ?? [];
  const all = (local: string) => blocks.filter((block) => block.local === local);
  const text = (local: string) => all(local)[0]?.text.trim();
  const address = (local: string) => all(local)[0]?.textAt('Address');
  return {
    messageId: text('MessageID'),
    action: text('Action'),
    to: text('To'),
    from: address('From'),
    replyTo: address('ReplyTo'),
    faultTo: address('FaultTo'),
    relatesTo: text('RelatesTo'),
    counts: { messageId: all('MessageID').length, action: all('Action').length, to: all('To').length },
  };
}
