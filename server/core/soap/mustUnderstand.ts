/** Header blocks that their receiver must understand or refuse the message for (SOAP 1.1 4.2.3). */
import type { XmlElement } from '../xml/element.ts';

/** The first receiver that the message comes to, whoever that is; a block without an actor is for the last, which is the same here. */
const NEXT = 'http://schemas.xmlsoap.org/soap/actor/next';

/**
 * The first block that its sender insists on and that is of none of the namespaces the service knows. `soap`: namespace of the envelope. A block for
 * another actor is none of this receiver's business.
 */
export function findNotUnderstood(
  header: XmlElement | undefined,
  soap: string,
  known: readonly string[],
): XmlElement | undefined {
  return header?.children().find((block) => {
    if (known.includes(block.ns)) return false;
    const insists = block.attr('mustUnderstand', soap)?.trim();
    const actor = block.attr('actor', soap)?.trim();
    return (insists === '1' || insists === 'true') && (!actor || actor === NEXT);
  });
}
