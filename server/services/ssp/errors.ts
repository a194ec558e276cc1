/** Every error of the SSP itself, once: status, wire form, and what the developer is told. */

const RESPONSE_CODES = 'http://fhir.nhs.net/ValueSet/gpconnect-schedule-response-code-1-0';
const SPINE_OUTCOME = 'https://fhir.nhs.uk/StructureDefinition/spine-operationoutcome-1';
const SPINE_CODES = 'https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1';

export interface SspError {
  status: number;
  /** FHIR issue type. */
  type: string;
  severity: 'error' | 'fatal';
  /** details.coding */
  system: string;
  code: string;
  display: string;
  /** Absent in the errors of the transport class, which have no id either. */
  diagnostics?: string;
  /** Name in the journal. */
  name: string;
  /** In the journal: what was wrong, and what to fix. */
  message: string;
  advice: string;
}

type Explained = Pick<SspError, 'name' | 'message' | 'advice'>;

function byStatus(status: number, type: string, text: string, explained: Explained): SspError {
  const coding = { system: RESPONSE_CODES, code: String(status), display: text };
  return { status, type, severity: 'error', ...coding, diagnostics: text, ...explained };
}

function transport(status: number, text: string, explained: Explained): SspError {
  const coding = { system: SPINE_OUTCOME, code: String(status), display: `${status}: ${text}` };
  return { status, type: 'forbidden', severity: 'fatal', ...coding, ...explained };
}

/** GP Connect error handling, SSP: the target is not under the endpoint that the directory has. */
export function endpointVaries(
  endpoint: string,
  cpaId: string,
  url: string,
  message: string,
  advice: string,
): SspError {
  const text = `ENDPOINT_${endpoint}_CPAID_${cpaId}_VARIES_FROM_TARGETURL_${url}`;
  return byStatus(400, 'invalid', text, { name: 'endpoint-varies', message, advice });
}

export function asidCheckFailed(from: string, message: string, advice: string, status = 403): SspError {
  const text = `ASID_CHECK_FAILED_MESSAGESENDER_${from}`;
  return byStatus(status, 'forbidden', text, { name: 'asid-check-failed', message, advice });
}

export function partyKeyCheckFailed(to: string, message: string, advice: string): SspError {
  const text = `PARTYKEY_INTERACTION_CHECK_FAILED_MESSAGERECEIVER_${to}`;
  return byStatus(403, 'forbidden', text, { name: 'partykey-interaction-check-failed', message, advice });
}

export function sharingCheckFailed(from: string, to: string, message: string, advice: string): SspError {
  const text = `FOT_CHECK_FAILED_MESSAGESENDER_${from}_MESSAGERECEIVER_${to}`;
  return byStatus(403, 'forbidden', text, { name: 'fot-check-failed', message, advice });
}

export function methodNotAllowed(method: string): SspError {
  return transport(405, 'Method Not Allowed', {
    name: 'method-not-allowed',
    message: `the SSP does not forward ${method}`,
    advice: 'Use GET, POST, PUT or OPTIONS.',
  });
}

export function unsupportedMediaType(message: string): SspError {
  const advice = 'Ask for and send application/fhir+json or application/fhir+xml.';
  return byStatus(415, 'not-supported', 'Unsupported_Media_Type', { name: 'unsupported-media-type', message, advice });
}

export function endpointUnreachable(url: string, name: string, message: string, advice: string): SspError {
  return byStatus(502, 'transient', `ERROR_COMMUNICATING_TO_ENDPOINT_URL_${url}`, { name, message, advice });
}

/** The text is assumed: the published table has the status alone. */
export function endpointTimedOut(status: number, name: string, message: string, advice: string): SspError {
  return byStatus(status, 'transient', 'Server at target URL timed out', { name, message, advice });
}

export function certificateRequired(): SspError {
  return transport(496, 'SSL Certificate Required', {
    name: 'certificate-required',
    message: 'the consumer showed no client certificate',
    advice: 'Let the client present its certificate; `certs issue` makes one.',
  });
}

export function certificateRefused(reason: string): SspError {
  return transport(495, 'SSL Certificate Error', {
    name: 'certificate-refused',
    message: `the client certificate is not trusted: ${reason}`,
    advice: 'Use a certificate of the simulator (`certs issue`) that is in date and not revoked, with its whole chain.',
  });
}

/** From Spine core's own table, for what the SSP's table leaves open (assumed). */
function spineCore(status: number, code: string, display: string, diagnostics: string, explained: Explained): SspError {
  const coding = { system: SPINE_CODES, code, display };
  return { status, type: 'structure', severity: 'error', ...coding, diagnostics, ...explained };
}

export function headerMissing(header: string): SspError {
  return spineCore(400, 'MISSING_OR_INVALID_HEADER', 'There is a required header missing or invalid', header, {
    name: 'missing-header',
    message: `the header ${header} is missing or empty`,
    advice: `Send the header ${header}.`,
  });
}

export function receiverUnknown(message: string, advice: string): SspError {
  return spineCore(400, 'BAD_REQUEST', 'Bad request', message, { name: 'unknown-receiver', message, advice });
}

export function tokenRefused(fault: string): SspError {
  return spineCore(400, 'MISSING_OR_INVALID_HEADER', 'There is a required header missing or invalid', 'Authorization', {
    name: 'token-refused',
    message: fault,
    advice: 'Mend the token in the Authorization header; the steps of this entry list every broken rule.',
  });
}

/** The status is published, the text assumed. */
export function tooManyRequests(from: string, limit: number, reset: number): SspError {
  return transport(429, 'Too Many Requests', {
    name: 'rate-limit',
    message: `${from} has used up its ${limit} calls; the window ends in ${reset} seconds`,
    advice: 'Wait as X-Rate-Limit-Reset says, with longer waits after each refusal, or raise ssp.rateLimit.',
  });
}

/** Something broke inside the simulator. */
export function internalError(): SspError {
  return transport(500, 'Internal Server Error', {
    name: 'internal',
    message: 'the simulator failed',
    advice: 'Please report this with the log of the simulator.',
  });
}
