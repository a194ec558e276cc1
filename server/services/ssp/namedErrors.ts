/** The errors of the SSP as rules and test data name them. */
import type { NamedError } from '../../core/rules/namedErrors.ts';
import {
  asidCheckFailed,
  certificateRefused,
  certificateRequired,
  endpointTimedOut,
  endpointUnreachable,
  endpointVaries,
  headerMissing,
  internalError,
  methodNotAllowed,
  partyKeyCheckFailed,
  receiverUnknown,
  type SspError,
  sharingCheckFailed,
  tokenRefused,
  tooManyRequests,
  unsupportedMediaType,
} from './errors.ts';

/** What an error says of the call. */
export interface CallNames {
  from: string;
  to: string;
  url: string;
  method: string;
}

const ADVICE = 'A rule, or the ASID of the sender, asks for this error.';
const SAID = 'asked for by name';

const MAKERS: Record<string, (call: CallNames) => SspError> = {
  'endpoint-varies': ({ url }) => endpointVaries('', '', url, SAID, ADVICE),
  'asid-check-failed': ({ from }) => asidCheckFailed(from, SAID, ADVICE),
  'partykey-interaction-check-failed': ({ to }) => partyKeyCheckFailed(to, SAID, ADVICE),
  'fot-check-failed': ({ from, to }) => sharingCheckFailed(from, to, SAID, ADVICE),
  'method-not-allowed': ({ method }) => methodNotAllowed(method),
  'unsupported-media-type': () => unsupportedMediaType(SAID),
  'endpoint-unreachable': ({ url }) => endpointUnreachable(url, 'refused', SAID, ADVICE),
  'endpoint-timed-out': () => endpointTimedOut(504, 'response-timeout', SAID, ADVICE),
  'certificate-required': () => certificateRequired(),
  'certificate-refused': () => certificateRefused(SAID),
  'missing-header': () => headerMissing('Ssp-TraceID'),
  'unknown-receiver': ({ to }) => receiverUnknown(`nobody has the ASID ${to}`, ADVICE),
  'token-refused': () => tokenRefused(SAID),
  internal: () => internalError(),
  // At the end: the ASIDs go by the place.
  'rate-limit': ({ from }) => ({ ...tooManyRequests(from, 0, 0), message: SAID }),
};

const EXAMPLE: CallNames = { from: '<Ssp-From>', to: '<Ssp-To>', url: '<url>', method: '<method>' };

/** ASIDs that nobody has. */
export const NAMED_ERRORS: readonly NamedError[] = Object.entries(MAKERS).map(([name, make], index) => {
  const { status, diagnostics, display } = make(EXAMPLE);
  const value = `9999000002${String(index + 1).padStart(2, '0')}`;
  return {
    service: 'ssp',
    name,
    code: String(status),
    text: diagnostics ?? display,
    testData: { field: 'asid', value },
  };
});

export function errorNamed(name: string, call: CallNames, text: string | undefined): SspError | undefined {
  const error = Object.hasOwn(MAKERS, name) ? MAKERS[name]!(call) : undefined;
  return error && text !== undefined ? { ...error, diagnostics: text } : error;
}
