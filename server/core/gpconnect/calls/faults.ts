/** Calls that a provider must refuse, or must answer in another form. */
import { type Findings, PAGES } from '../finding.ts';
import { headerOf } from '../rules/answer.ts';
import { type Context, type GpConnectCall, isA, NHS_NUMBER } from './call.ts';

const metadata = {
  capability: 'foundations' as const,
  interaction: 'fhir:rest:read:metadata-1',
  method: 'GET' as const,
  scope: 'organization/*.read' as const,
};

const patient = {
  capability: 'foundations' as const,
  interaction: 'fhir:rest:search:patient-1',
  method: 'GET' as const,
  scope: 'patient/*.read' as const,
};

const statement = (findings: Findings, resource: Parameters<NonNullable<GpConnectCall['check']>>[1]) => {
  isA(findings, resource, 'CapabilityStatement', PAGES.general);
};

const BAD_REQUEST = { status: 400, codes: ['BAD_REQUEST'] };

const token = (name: string, title: string, claims: (context: Context) => Record<string, unknown>): GpConnectCall => ({
  ...metadata,
  name,
  title,
  make: (context) => ({ path: 'metadata', claims: claims(context) }),
  expected: BAD_REQUEST,
});

/** A token that was made so long ago has run out, whatever leeway a provider gives. */
const LONG_AGO_S = 3600;

export const FAULTS: GpConnectCall[] = [
  {
    ...metadata,
    name: 'xml',
    title: 'ask for XML by Accept',
    make: () => ({ path: 'metadata', format: 'xml' }),
    expected: { status: 200 },
    check: statement,
  },
  {
    ...metadata,
    name: 'format',
    title: 'ask for XML by _format, which beats Accept',
    make: () => ({
      path: 'metadata?_format=application/fhir%2Bxml',
      headers: { Accept: 'application/fhir+json' },
      format: 'xml',
    }),
    expected: { status: 200 },
    check: statement,
  },
  {
    ...metadata,
    name: 'gzip',
    title: 'ask for a compressed answer',
    make: () => ({ path: 'metadata', headers: { 'Accept-Encoding': 'gzip' } }),
    expected: { status: 200 },
    check(findings, resource, _, answer) {
      statement(findings, resource);
      const coding = headerOf(answer, 'Content-Encoding');
      findings.expect(
        coding === 'gzip',
        'Content-Encoding',
        `is ${coding ?? 'missing'}, not gzip`,
        PAGES.general,
        'Content-Encoding',
      );
    },
  },
  {
    ...metadata,
    name: 'media-type',
    title: 'ask for a form that there is not',
    make: () => ({ path: 'metadata', headers: { Accept: 'text/csv' } }),
    expected: { status: 415 },
  },
  {
    ...metadata,
    name: 'no-trace-id',
    title: 'call without Ssp-TraceID',
    make: () => ({ path: 'metadata', without: ['Ssp-TraceID'] }),
    expected: BAD_REQUEST,
  },
  {
    ...metadata,
    name: 'no-token',
    title: 'call without Authorization',
    make: () => ({ path: 'metadata', without: ['Authorization'] }),
    expected: BAD_REQUEST,
  },
  token('expired-token', 'call with a token that has run out', ({ now }) => {
    const iat = Math.floor(now / 1000) - LONG_AGO_S;
    return { iat, exp: iat + 300 };
  }),
  token('long-token', 'call with a token that is good for an hour', ({ now }) => {
    const iat = Math.floor(now / 1000);
    return { iat, exp: iat + LONG_AGO_S };
  }),
  token('wrong-scope', 'call with the scope of another operation', () => ({ requested_scope: 'patient/*.write' })),
  token('wrong-reason', 'call with a reason that there is not', () => ({ reason_for_request: 'curiosity' })),
  token('no-practitioner', 'call with a token without requesting_practitioner', () => ({
    requesting_practitioner: undefined,
  })),
  {
    ...patient,
    name: 'wrong-nhs-number',
    title: 'find a patient by a number with a wrong check digit',
    make: () => ({ path: `Patient?identifier=${NHS_NUMBER}|9990000019` }),
    expected: { status: 400, codes: ['INVALID_NHS_NUMBER'] },
  },
  {
    ...patient,
    name: 'wrong-system',
    title: 'find a patient by an identifier of another system',
    make: ({ nhsNumber }) => ({ path: `Patient?identifier=https://fhir.nhs.uk/Id/made-up|${nhsNumber}` }),
    expected: { status: 400, codes: ['INVALID_IDENTIFIER_SYSTEM'] },
  },
  {
    ...patient,
    name: 'no-identifier',
    title: 'find a patient by nothing',
    make: () => ({ path: 'Patient' }),
    expected: { status: 400, codes: ['BAD_REQUEST'] },
  },
];
