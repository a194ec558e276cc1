/** Settings of outbound calls, of the Spine Secure Proxy, and of the built-in GP Connect providers. */
import Type, { type Static } from 'typebox';

const Strict = { additionalProperties: false };

const Milliseconds = (fallback: number, description: string) =>
  Type.Integer({ minimum: 1, default: fallback, description: `${description} In milliseconds.` });

const Switch = (fallback: boolean, description: string) => Type.Boolean({ default: fallback, description });

/** A union of texts; the compiler can't see their types through `map`. */
const Choice = <T extends string>(values: readonly T[], fallback: NoInfer<T>, description: string) =>
  Type.Unsafe<T>(
    Type.Union(
      values.map((value) => Type.Literal(value)),
      { default: fallback, description },
    ),
  );

export const OutboundSettings = Type.Object(
  {
    connect: Type.Record(Type.String(), Type.String(), {
      default: {},
      description:
        'Where partners really are, by the host name (or host name and port) of their endpoint: `gp.example.thirdparty.nhs.uk: 127.0.0.1:9443`, or `http://127.0.0.1:9080` for one without TLS.',
    }),
    caFile: Type.Optional(
      Type.String({ description: 'PEM file with CAs of partners, trusted beside that of the simulator.' }),
    ),
    publicCas: Switch(false, 'Trust the CAs of the public web too.'),
    verify: Switch(true, 'Check the certificates of partners; false takes any.'),
    connectTimeoutMs: Milliseconds(5_000, 'Time for a connection, handshake included.'),
    responseTimeoutMs: Milliseconds(60_000, 'Time that a partner has to begin its answer.'),
    idleTimeoutMs: Milliseconds(120_000, 'Time that an answer may stand still.'),
    answerTimeoutMs: Milliseconds(600_000, 'Time for a whole answer, however steadily it comes.'),
  },
  { ...Strict, default: {}, description: 'Calls from the simulator to partners.' },
);

export const SspSettings = Type.Object(
  {
    clientCertificate: Choice(
      ['optional', 'required'],
      'optional',
      'Whether the SSP refuses a consumer without a certificate.',
    ),
    clientAuthErrors: Choice(
      ['handshake', 'http'],
      'handshake',
      'handshake: a missing or untrusted certificate ends the handshake; http: it is answered with 496 or 495.',
    ),
    checks: Choice(
      ['strict', 'lenient', 'open'],
      'strict',
      'strict: all; lenient: neither certificate name nor data-sharing agreement; open: the target must be a registered endpoint, no more.',
    ),
    upstreamTimeoutMs: Milliseconds(60_000, 'Time a provider has to begin its answer.'),
    connectTimeoutMs: Milliseconds(5_000, 'Time for the connection to a provider.'),
    idleTimeoutMs: Milliseconds(120_000, 'Time that the answer of a provider may stand still.'),
    connectTimeoutStatus: Choice(['504', '599'], '504', 'Answer when a provider can not be connected to in time.'),
    missingTraceId: Choice(
      ['forward', 'refuse'],
      'forward',
      'A request without Ssp-TraceID: left to the provider, or answered with 400 by the SSP.',
    ),
    unregisteredInteractionStatus: Choice(
      ['403', '415'],
      '403',
      'Status of ASID_CHECK_FAILED for an interaction that the consumer is not registered for: 403 is published, 415 was met.',
    ),
    unknownReceiver: Choice(
      ['party-key', 'bad-request'],
      'party-key',
      'An Ssp-To that nobody has: 403 PARTYKEY_INTERACTION_CHECK_FAILED as published, or 400 BAD_REQUEST.',
    ),
    interactionAliases: Type.Record(Type.String(), Type.String(), {
      default: {
        'urn:nhs:names:services:nrl:DocumentReference.content.read':
          'urn:nhs:names:services:nrl:DocumentReference.content',
      },
      description: 'Interactions that providers register under another name than consumers send.',
    }),
    mediaTypes: Choice(
      ['pass', 'check'],
      'pass',
      'check: an Accept or Content-Type that is neither JSON nor XML is answered with 415 by the SSP.',
    ),
    defaultFormat: Choice(['xml', 'json'], 'xml', 'Form of errors when neither Accept nor _format asks for one.'),
    options: Choice(['forward', 'refuse'], 'forward', 'OPTIONS: left to the provider, or answered with 405.'),
    forwardedHeaders: Choice(
      ['both', 'forwarded', 'x-forwarded-for', 'none'],
      'both',
      'What tells the provider the address of the consumer.',
    ),
    dropCacheHeaders: Switch(false, 'Drop Cache-Control and ETag of providers, as the SSP did in early 2018.'),
    strictTransportSecurity: Type.String({
      default: 'max-age=31536000',
      description: 'Strict-Transport-Security of every answer; empty: none.',
    }),
    rateLimit: Type.Integer({
      minimum: 0,
      default: 0,
      description:
        'Calls of one consumer (Ssp-From) in a window; more are answered with 429. 0: no limit, as there is none yet.',
    }),
    rateWindowSeconds: Type.Integer({ minimum: 1, default: 60, description: 'Length of the window of ssp.rateLimit.' }),
    token: Choice(
      ['report', 'enforce', 'ignore'],
      'report',
      'Broken rules of the JSON web token: noted in the journal, answered with 400, or not looked for.',
    ),
  },
  { ...Strict, default: {}, description: 'The Spine Secure Proxy.' },
);

export const GpConnectSettings = Type.Object(
  {
    certificate: Choice(
      ['required', 'optional'],
      'required',
      'Whether the built-in providers take calls only from the SSP, known by its certificate.',
    ),
    ignoreExpiry: Switch(false, 'Take tokens whose exp has passed, as canned requests have.'),
    allowSignedTokens: Switch(false, 'Take tokens with a signature; the published form has none.'),
    errorSystem: Choice(
      ['CodeSystem', 'ValueSet'],
      'CodeSystem',
      'Where error codes are said to come from: CodeSystem since 1.2.8, ValueSet before.',
    ),
    accessDeniedCode: Choice(
      ['ACCESS_DENIED', 'ACCESS DENIED'],
      'ACCESS_DENIED',
      'Code of a refused access: up to 1.2.7 with an underscore, then with a blank.',
    ),
    unknownParameters: Choice(
      ['warn', 'ignore', 'refuse'],
      'warn',
      'Parameters of getstructuredrecord that are not known: warn as since 1.3 (the bundle has an OperationOutcome), left aside, or 422.',
    ),
    invalidDates: Choice(
      ['refuse', 'warn'],
      'refuse',
      'Wrong dates and periods of getstructuredrecord: 422 as published, or a warning in the bundle as the acceptance suite has it for some areas.',
    ),
    unknownElements: Choice(
      ['refuse', 'ignore'],
      'refuse',
      'Elements of an Appointment or of a Patient to register that FHIR has not: 422 as the acceptance suite asks, or left out.',
    ),
    unknownSlot: Choice(
      ['REFERENCE_NOT_FOUND', 'INVALID_RESOURCE'],
      'REFERENCE_NOT_FOUND',
      'Code of a booking for a slot that there is not: the first is published, the second is what the acceptance suite asks for.',
    ),
    missingSlotParameter: Choice(
      ['INVALID_PARAMETER', 'BAD_REQUEST'],
      'INVALID_PARAMETER',
      'A search for free slots without start, end or status: 422 INVALID_PARAMETER as published, or 400 BAD_REQUEST as the later acceptance suite asks.',
    ),
    metadataOptions: Choice(
      ['answer', 'refuse'],
      'answer',
      'OPTIONS on metadata: answered with its verbs, or refused; the acceptance suite asks for both.',
    ),
    missingIfMatch: Choice(
      ['refuse', 'accept'],
      'refuse',
      'An amendment or cancellation without If-Match: 400, or taken for the current version.',
    ),
  },
  { ...Strict, default: {}, description: 'The built-in GP Connect providers.' },
);

export const CareConnectSettings = Type.Object(
  {
    certificate: Choice(
      ['required', 'optional'],
      'required',
      'Whether the built-in provider takes calls only from the SSP.',
    ),
    token: Choice(
      ['enforce', 'ignore-expiry', 'report'],
      'enforce',
      'Broken rules of the JSON web token: refused; refused but for the times, as canned requests have them; noted in the journal only.',
    ),
    services: Type.Array(Type.String({ pattern: '^[0-9]{1,20}$' }), {
      default: ['2000000001', '2000000002'],
      description: 'Ids of the services (Directory of Services) that have slots.',
    }),
    sentinels: Switch(true, 'Service and slot ids for which the toolkit workbench has fixed answers have them here.'),
    errorSystem: Choice(
      ['Spine-ErrorOrWarningCode-1', 'operation-outcome'],
      'Spine-ErrorOrWarningCode-1',
      'Where error codes come from: as published, or as the toolkit workbench has them.',
    ),
    takenSlot: Choice(['409', '422'], '409', 'Status for a slot that is taken; the sources have both.'),
    staleVersion: Choice(['409', '412'], '409', 'Status for a stale If-Match; the sources have both.'),
  },
  { ...Strict, default: {}, description: 'The built-in provider of urgent care booking (Care Connect).' },
);

export type CareConnectSettings = Static<typeof CareConnectSettings>;
export type OutboundSettings = Static<typeof OutboundSettings>;
export type SspSettings = Static<typeof SspSettings>;
export type GpConnectSettings = Static<typeof GpConnectSettings>;
