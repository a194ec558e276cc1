/** The HL7 message inside an ebXML message to Spine itself: read before the acknowledgement, judged for the answer behind it. */

import type { Exchange } from '../../../core/exchange/exchange.ts';
import { readTransmission, type Transmission } from '../../../core/hl7/transmission.ts';
import { MimeError } from '../../../core/mime/error.ts';
import { partFor } from '../../../core/mime/parse.ts';
import { XmlError } from '../../../core/xml/error.ts';
import { parseXml } from '../../../core/xml/parse.ts';
import { FAULTS, MESSAGE_ERRORS, REJECTS, type Refusal, type RejectError } from '../errors.ts';
import type { Messaging } from '../messaging.ts';
import { checkAccess } from '../validation/access.ts';
import { checkAuthor } from '../validation/author.ts';
import { type Check, runChecks, shown } from '../validation/check.ts';
import { WRAPPER_CHECKS } from '../validation/wrapper.ts';
import type { EbxmlMessage } from './message.ts';
import { fullServiceInteraction } from './serviceInteraction.ts';

export type Reject = Refusal & { error: RejectError };

/**
 * The part that the manifest's first reference means, else the one behind the envelope; undefined where there is none, which
 * the check of the manifest tells.
 */
export function readPayload(message: EbxmlMessage): Transmission | Refusal | undefined {
  const href = message.header.manifest?.references[0]?.href;
  const part = href === undefined ? undefined : (partFor(message.attachments, href) ?? message.attachments[0]);
  if (!part) return undefined;
  try {
    return readTransmission(parseXml(part.content()));
  } catch (error) {
    if (error instanceof MimeError) {
      return { error: MESSAGE_ERRORS.mime, detail: error.message, advice: 'Encode the part as its header says.' };
    }
    if (!(error instanceof XmlError)) throw error;
    const detail = `${error.message} (line ${error.line}, column ${error.column} of the HL7 part)`;
    return {
      error: FAULTS.notWellFormed,
      detail,
      advice: `Send a well-formed HL7 message: ${detail}.`,
      location: 'payload',
    };
  }
}

export const PAYLOAD_CHECKS: readonly Check<{ message: EbxmlMessage; payload: Transmission }>[] = [
  {
    error: REJECTS.interaction,
    find: ({ message: { action }, payload: { name } }) =>
      name === action ? undefined : `the payload is ${name}, eb:Action is ${shown(action)}`,
    advice: 'Send the HL7 message that eb:Action names.',
  },
  {
    error: REJECTS.interaction,
    // A client in the field mixes up root and extension of interactionId.
    only: 'eis',
    find: ({ payload: { name, interactionId } }) =>
      interactionId?.extension === name ? undefined : `interactionId is ${shown(interactionId?.extension)}`,
    advice: 'Name the interaction as interactionId extension.',
  },
];

/**
 * Everything Spine checks of the HL7 message; what fails is answered by an HL7 reject, behind the acknowledgement. `by`: the
 * exchange that brought it.
 */
export async function judgePayload(
  messaging: Messaging,
  exchange: Exchange,
  message: EbxmlMessage,
  payload: Transmission,
  by: string,
): Promise<Reject | undefined> {
  const { settings, hl7Ids } = messaging;
  const refusal =
    runChecks(exchange, settings, WRAPPER_CHECKS, payload) ??
    runChecks(exchange, settings, PAYLOAD_CHECKS, { message, payload }) ??
    checkAccess(settings, exchange, payload.sender?.extension ?? '', fullServiceInteraction(message)) ??
    (await checkAuthor(messaging, exchange, payload)) ??
    (await hl7Ids.check(settings, exchange, payload.id ?? '', payload.name, by));
  return refusal as Reject | undefined;
}
