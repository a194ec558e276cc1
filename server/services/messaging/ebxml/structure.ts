/** The structure of an ebXML message, before any contract is looked at. */
import type { Exchange } from '../../../core/exchange/exchange.ts';
import { partFor } from '../../../core/mime/parse.ts';
import { FAULTS, type Refusal } from '../errors.ts';
import type { Strictness } from '../settings.ts';
import { type Check, isEnforced, isIgnored, runChecks, shown } from '../validation/check.ts';
import { HEADER_FIELDS, type HeaderField } from './header.ts';
import type { EbxmlMessage } from './message.ts';

const VERSION = '2.0';

/** ebMS 2.0 4.3.2: SyncReply is always for the next SOAP node. */
const NEXT_NODE = 'http://schemas.xmlsoap.org/soap/actor/next';

const differs = (attribute: string, kind: string, sent: string | undefined, wanted: string) =>
  sent === wanted
    ? undefined
    : `${kind} has ${sent === undefined ? `no ${attribute}` : `the ${attribute} ${shown(sent)}`}`;

export const HEADER_CHECKS: readonly Check<EbxmlMessage>[] = [
  {
    error: FAULTS.headerVersion,
    find: ({ header: { version } }) =>
      version === undefined ? undefined : differs('version', 'MessageHeader', version, VERSION),
    advice: 'Send eb:version="2.0" on MessageHeader.',
  },
  {
    error: FAULTS.syncReplyVersion,
    find: ({ header: { syncReply } }) =>
      syncReply?.version === undefined ? undefined : differs('version', 'SyncReply', syncReply.version, VERSION),
    advice: 'Send eb:version="2.0" on SyncReply.',
  },
  {
    error: FAULTS.syncReplyActor,
    only: 'eis',
    find: ({ header: { syncReply } }) =>
      !syncReply || syncReply.actor === NEXT_NODE ? undefined : `the actor of SyncReply is ${shown(syncReply.actor)}`,
    advice: `Send SyncReply with the SOAP actor ${NEXT_NODE}.`,
  },
  {
    error: FAULTS.ackRequestedVersion,
    find: ({ header: { ackRequested } }) =>
      ackRequested && differs('version', 'AckRequested', ackRequested.version, VERSION),
    advice: 'Send eb:version="2.0" on AckRequested.',
  },
  {
    error: FAULTS.ackRequestedSigned,
    find: ({ header: { ackRequested } }) =>
      ackRequested && differs('signed', 'AckRequested', ackRequested.signed, 'false'),
    advice: 'Ask for an unsigned acknowledgement: eb:signed="false".',
  },
];

/** For Spine itself a header may go without a version; one to be forwarded may not. */
export const FORWARDED_HEADER_CHECKS: readonly Check<EbxmlMessage>[] = HEADER_CHECKS.map((check) =>
  check.error === FAULTS.headerVersion
    ? { ...check, find: ({ header }) => differs('version', 'MessageHeader', header.version, VERSION) }
    : check,
);

/** One MessageHeader with one of each field; the location of the fault names the field. */
export function checkHeader(
  exchange: Exchange,
  strictness: Strictness,
  message: EbxmlMessage,
  forwarded: boolean,
): Refusal | undefined {
  const { header } = message;
  const refusal = missing(header.count === 1, 'MessageHeader', header.count) ?? checkFields(message);
  exchange.step('EBXML_HEADER', refusal ? 'failed' : 'ok', refusal?.detail);
  return refusal ?? runChecks(exchange, strictness, forwarded ? FORWARDED_HEADER_CHECKS : HEADER_CHECKS, message);
}

function checkFields({ header }: EbxmlMessage): Refusal | undefined {
  const wrong = missing(header.messageDataCount === 1, 'MessageData', header.messageDataCount);
  if (wrong) return wrong;
  for (const field of Object.keys(HEADER_FIELDS) as HeaderField[]) {
    const values = header.fields[field];
    const refusal = missing(values.length === 1 && values[0] !== '', field, values.filter(Boolean).length);
    if (refusal) return refusal;
  }
  return undefined;
}

function missing(fits: boolean, location: string, count: number): Refusal | undefined {
  if (fits) return undefined;
  const detail = `${count} ${location} with a value`;
  return { error: FAULTS.notWellFormed, detail, advice: `Send exactly one ${location} that is not empty.`, location };
}

/** The manifest and what it refers to. `single`: only the HL7 message may be referred to. */
export function checkManifest(
  exchange: Exchange,
  strictness: Strictness,
  message: EbxmlMessage,
  single: boolean,
): Refusal | undefined {
  if (isIgnored(FAULTS.manifest, strictness)) return undefined;
  const fault = findManifestFault(message, single);
  const lost = findLostReference(message);
  const refusal = fault ?? (isEnforced(REFERENCE_CHECK, strictness) && lost ? referenceFault(lost) : undefined);
  exchange.step(FAULTS.manifest.name, refusal ? 'failed' : 'ok', refusal?.detail ?? lost);
  return refusal;
}

/** Spine's own checks of the manifest, which look at the envelope alone; one forwarded may have none. */
function findManifestFault({ header, attachments }: EbxmlMessage, single: boolean): Refusal | undefined {
  const { version, references } = header.manifest ?? { version: undefined, references: [] };
  const needed = version !== undefined || (header.manifest && !single);
  const detail = needed ? differs('version', 'Manifest', version, VERSION) : undefined;
  if (detail) {
    const advice = 'Send eb:version="2.0" on Manifest.';
    return { error: FAULTS.manifest, detail, advice, location: 'manifest.version' };
  }
  if (!single) return undefined;
  if (references.length !== 1) {
    return { error: FAULTS.manifest, detail: `${references.length} references`, advice: 'Send exactly one Reference.' };
  }
  const { href } = references[0]!;
  if (!/:./s.test(href)) return referenceFault(`the reference is ${shown(href)}`);
  return attachments.length === 0 ? referenceFault('there is no part behind the envelope') : undefined;
}

/** A reference to a part that is not there; `mid:` means another message, whose parts travel with it. */
function findLostReference({ header, attachments }: EbxmlMessage): string | undefined {
  const lost = header.manifest?.references.find(({ href }) => !href.startsWith('mid:') && !partFor(attachments, href));
  return lost && `no part ${shown(lost.href)}`;
}

/**
 * That a reference names a part: a client in the field writes the id in braces in the reference and without them on the part,
 * and Spine's checks of the envelope ask for no more than something behind the colon.
 */
export const REFERENCE_CHECK: Check<EbxmlMessage> = {
  error: FAULTS.manifest,
  only: 'eis',
  find: findLostReference,
  advice: 'Give the part that Content-Id.',
};

/** The location is spelt as Spine spells it. */
function referenceFault(detail: string): Refusal {
  return { error: FAULTS.manifest, detail, advice: REFERENCE_CHECK.advice, location: 'manfiest.referenceInvalid' };
}
