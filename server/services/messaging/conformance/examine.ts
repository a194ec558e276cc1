/** Examines a received message from its journal entry: all checks, the ones that the profile leaves out included. */
import type { CheckResult, Examiner } from '../../../core/conformance/conformance.ts';
import type { Transmission } from '../../../core/hl7/transmission.ts';
import type { Pattern } from '../../../core/interactions/registry.ts';
import type { JournalEntry } from '../../../core/journal/entry.ts';
import type { Spaces } from '../../../core/space/spaces.ts';
import { NS } from '../../../core/xml/namespaces.ts';
import type { SchemaFolder } from '../../../core/xml/schemas.ts';
import { type EbxmlMessage, readEbxmlMessage } from '../ebxml/message.ts';
import { PAYLOAD_CHECKS, readPayload } from '../ebxml/payload.ts';
import { insists, RELIABILITY_CHECKS, type ReliabilitySubject } from '../ebxml/reliability.ts';
import { fullServiceInteraction } from '../ebxml/serviceInteraction.ts';
import { FORWARDED_HEADER_CHECKS, HEADER_CHECKS, REFERENCE_CHECK } from '../ebxml/structure.ts';
import { isRefusal } from '../errors.ts';
import { readSyncEnvelope, readSyncMessage } from '../messages/syncMessage.ts';
import type { MessagingSettings } from '../settings.ts';
import { CONSISTENCY_CHECKS, SOAP_HEADER_CHECKS } from '../validation/soapHeader.ts';
import { WRAPPER_CHECKS } from '../validation/wrapper.ts';
import { readable, resultFromSteps, resultsOf, unreadable } from './results.ts';
import { schemaResults } from './schema.ts';

interface Context {
  settings: MessagingSettings;
  spaces: Spaces;
  schemas: SchemaFolder | undefined;
}

/** Operations whose requests are messages. */
const OPERATIONS: Readonly<Record<string, Pattern | 'forward'>> = {
  sync: 'sync',
  reliable: 'reliable',
  express: 'express',
  forward: 'forward',
};

export function createExaminer(context: Context): Examiner {
  return async (entry) => {
    const { body, headers } = entry.request;
    const kind = OPERATIONS[entry.operation ?? ''];
    if (!body || !kind) return undefined;
    if (body.content.length < body.bytes) return [tooLong(entry)];
    const header = (name: string) => headers?.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
    return kind === 'sync'
      ? examineSync(context, entry, header)
      : examineEbxml(context, entry, header('content-type'), kind);
  };
}

function tooLong({ request: { body } }: JournalEntry): CheckResult {
  const detail = `the journal kept ${body!.content.length} of ${body!.bytes} bytes; raise the setting journal.maxBodyBytes`;
  return { name: 'BODY', source: 'Settings of the simulator', outcome: 'not-checked', enforced: false, detail };
}

async function examineSync(
  { settings, schemas }: Context,
  entry: JournalEntry,
  header: (name: string) => string | undefined,
): Promise<CheckResult[]> {
  const envelope = readSyncEnvelope({ body: entry.request.body!.content });
  if (isRefusal(envelope)) return unreadable(envelope);
  const steps = (names: string[]) => names.map((name) => resultFromSteps(name, entry));
  if (envelope.ns === NS.soap12Draft) {
    return [readable, ...steps(['P1R1_HEADER', 'ROUTE', 'ACCREDITED_SYSTEM', 'DUPLICATE_HL7_ID'])];
  }
  const message = readSyncMessage({ header }, envelope);
  return [
    readable,
    ...steps(['ROUTE']),
    ...resultsOf(SOAP_HEADER_CHECKS, message, settings),
    ...resultsOf(WRAPPER_CHECKS, message.transmission, settings),
    ...resultsOf(CONSISTENCY_CHECKS, message, settings),
    ...steps(['ACCREDITED_SYSTEM', 'CERTIFICATE_PARTY', 'CONTROL_ACT_AUTHOR', 'DUPLICATE_HL7_ID']),
    ...(await schemaResults(schemas, message.transmission.element)),
  ];
}

async function examineEbxml(
  context: Context,
  entry: JournalEntry,
  contentType: string | undefined,
  kind: Pattern | 'forward',
): Promise<CheckResult[] | undefined> {
  const { settings, schemas } = context;
  const message = readEbxmlMessage({ contentType, body: entry.request.body!.content });
  if (isRefusal(message)) return unreadable(message);
  // An acknowledgement or error of a receiver is no message with a contract.
  if (!message.multipart) return undefined;
  const step = (name: string) => resultFromSteps(name, entry);
  const results = [
    readable,
    step('EBXML_HEADER'),
    ...resultsOf(kind === 'forward' ? FORWARDED_HEADER_CHECKS : HEADER_CHECKS, message, settings),
    step('CONTRACT'),
    step('CERTIFICATE_PARTY'),
    ...reliability(context, entry, message, kind),
    step('INVALID_MANIFEST_REFERENCE'),
    ...resultsOf([REFERENCE_CHECK], message, settings),
    step('DUPLICATE_ELIMINATION'),
  ];
  const payload = readPayload(message);
  if (!payload) return results;
  if (isRefusal(payload)) return [...results, ...unreadable(payload)];
  // What is for another party Spine does not read; the receiver will.
  if (kind !== 'forward')
    results.push(...payloadResults(settings, message, payload), step('ACCREDITED_SYSTEM'), step('DUPLICATE_HL7_ID'));
  return [...results, ...(await schemaResults(schemas, payload.element))];
}

/** As the strict profile sees it; what this profile does not insist on is not enforced. */
function reliability(
  { settings, spaces }: Context,
  entry: JournalEntry,
  message: EbxmlMessage,
  kind: Pattern | 'forward',
): CheckResult[] {
  const { handlers } = spaces.get(entry.space).world;
  const handler = handlers.get(message.cpaId) ?? handlers.contract(message.to, fullServiceInteraction(message));
  if (!handler) return [];
  const forward = handler.contract.ackRequested === 'always' ? 'forward-reliable' : 'forward-express';
  const contract = { handler, pattern: kind === 'forward' ? forward : kind };
  const strict: ReliabilitySubject = { message, contract, profile: 'eis', now: Date.parse(entry.at) };
  const insisted = insists({ ...strict, profile: settings.profile });
  return resultsOf(
    RELIABILITY_CHECKS,
    strict,
    settings,
    ({ error }) => insisted || error.name === 'TIME_TO_LIVE_EXPIRED',
  );
}

function payloadResults(settings: MessagingSettings, message: EbxmlMessage, payload: Transmission): CheckResult[] {
  return [
    ...resultsOf(WRAPPER_CHECKS, payload, settings),
    ...resultsOf(PAYLOAD_CHECKS, { message, payload }, settings),
  ];
}
