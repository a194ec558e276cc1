/** The one schema of all settings: types, validation, the JSON Schema for editors and the reference table come from here. */
import Type, { type Static } from 'typebox';
import { PdsSettings } from './pdsSettings.ts';
import { PolicySettings } from './policySettings.ts';
import { CareConnectSettings, GpConnectSettings, OutboundSettings, SspSettings } from './proxySettings.ts';
import { SdsSettings } from './sdsSettings.ts';
import { SmspSettings } from './smspSettings.ts';

const Port = (description: string, fallback: number) =>
  Type.Integer({ minimum: 0, maximum: 65535, default: fallback, description: `${description} 0 takes any free port.` });

const Strict = { additionalProperties: false };

export const JournalSettings = Type.Object(
  {
    maxEntries: Type.Integer({
      minimum: 1,
      default: 10_000,
      description:
        'Entries kept in memory, the oldest go first: of a journal without files, or while its files can not be written.',
    }),
    maxTotalBytes: Type.Integer({
      minimum: 0,
      default: 32 << 20,
      description: 'Bytes of bodies of those entries in memory.',
    }),
    maxBodyBytes: Type.Integer({ minimum: 0, default: 64 << 10, description: 'Bytes kept of one body.' }),
    maxFileEntries: Type.Integer({
      minimum: 0,
      default: 100_000,
      description: 'With `store: file`, entries kept in files; 0 keeps the journal in memory alone.',
    }),
    maxFileBytes: Type.Integer({
      minimum: 1 << 20,
      default: 1 << 30,
      description: 'Bytes of those files; the oldest entries go first.',
    }),
    mask: Type.Union([Type.Literal('off'), Type.Literal('secrets')], {
      default: 'off',
      description: 'secrets: passwords, tickets, tokens and cookies are taken out of entries before they are kept.',
    }),
    maskNames: Type.String({
      default: '',
      description: 'Further headers and fields that are secrets, with commas between them.',
    }),
  },
  { ...Strict, default: {}, description: 'What the journal keeps.' },
);

export const TlsSettings = Type.Object(
  {
    defaultProfile: Type.String({
      default: 'tls12-floor',
      description: 'TLS profile of every host that has none of its own.',
    }),
    hosts: Type.Record(Type.String(), Type.String(), {
      default: {},
      description: 'TLS profile by host name, for example `gas.vn03.national.ncrs.nhs.uk: legacy-tls10`.',
    }),
    profiles: Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()), {
      default: {},
      description: 'Own TLS profiles by name, each with the fields of the shipped ones that it changes and `extends`.',
    }),
    ports: Type.Record(Type.String(), Port('HTTPS port.', 0), {
      default: {},
      description: 'Further HTTPS ports for all host names, by the TLS profile that each has: `expired-server: 9441`.',
    }),
  },
  { ...Strict, default: {}, description: 'The front door.' },
);

export const MessagingSettings = Type.Object(
  {
    profile: Type.Union([Type.Literal('opentest'), Type.Literal('eis')], {
      default: 'opentest',
      description: 'opentest: lenient where real clients need it; eis: every check of the specification.',
    }),
    clientCertificate: Type.Union([Type.Literal('optional'), Type.Literal('required')], {
      default: 'optional',
      description: 'Whether messaging refuses a client without a certificate.',
    }),
    userCheck: Type.Union([Type.Literal('report'), Type.Literal('enforce'), Type.Literal('ignore')], {
      default: 'report',
      description:
        'report, enforce, ignore. An author who is not in the directory in that role, or not logged in with it: noted in the journal, rejected with 900, or not looked for.',
    }),
    checks: Type.Record(Type.String(), Type.Union([Type.Literal('enforce'), Type.Literal('ignore')]), {
      default: {},
      description:
        'Single checks, whatever the profile says of them: `INVALID_ID: ignore`, `CERTIFICATE_PARTY: enforce`.',
    }),
    schemasDir: Type.Optional(
      Type.String({
        description:
          'Folder of XML Schemas, such as those of a MIM, that conformance reports validate messages against.',
      }),
    ),
    responseDelayMs: Type.Integer({
      minimum: 0,
      maximum: 600_000,
      default: 200,
      description:
        'Real milliseconds from the answer to an ebXML message until what it leads to is sent; Spine took about 1000.',
    }),
    responseCpaId: Type.Union([Type.Literal('request'), Type.Literal('receiver')], {
      default: 'request',
      description: 'CPA id in responses: that of the request, or that of the receiver for the response.',
    }),
    unhandled: Type.Union([Type.Literal('accept'), Type.Literal('none')], {
      default: 'accept',
      description:
        'Response to a reliable message that no domain and no rule answers. accept: an application acknowledgement (AA), if its sender has an endpoint for it; none: nothing.',
    }),
    hopAcknowledgment: Type.Union(
      [Type.Literal('directory'), Type.Literal('connection'), Type.Literal('answer'), Type.Literal('none')],
      {
        default: 'directory',
        description:
          'How Spine acknowledges a forwarded message to its sender. connection: on a connection of its own; answer: in the answer; none: not at all; directory: on a connection where the sender has an endpoint for Acknowledgment, else in the answer.',
      },
    ),
    hopAcknowledgments: Type.Record(
      Type.String(),
      Type.Union([Type.Literal('connection'), Type.Literal('answer'), Type.Literal('none')]),
      { default: {}, description: 'The same for single senders, by party key.' },
    ),
    verifyReceiverName: Type.Boolean({
      default: false,
      description:
        'Whether the certificate of a receiver must be for the host of its endpoint; Spine reached clients by address.',
    }),
  },
  { ...Strict, default: {}, description: 'Synchronous and ebXML messaging.' },
);

export const GazetteerSettings = Type.Object(
  {
    maxMatches: Type.Integer({
      minimum: 1,
      default: 200,
      description: 'Addresses that may fit a request before it is refused with GSB002.',
    }),
  },
  { ...Strict, default: {}, description: 'The gazetteer.' },
);

/** A switch of MESH: absent, the profile decides. */
const MeshSwitch = (description: string) =>
  Type.Optional(Type.Boolean({ description: `${description} Default: as the profile.` }));

const MeshNumber = (minimum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum, description: `${description} Default: as the profile.` }));

export const MeshSettings = Type.Object(
  {
    profile: Type.Union([Type.Literal('service'), Type.Literal('sandbox')], {
      default: 'service',
      description:
        'service: as the real service; sandbox: as the public sandbox answers. Decides every switch below that is absent.',
    }),
    sharedKey: Type.String({
      default: 'TestKey',
      description: 'Shared key of the environment for the Authorization header.',
    }),
    clientCertificate: Type.Union([Type.Literal('optional'), Type.Literal('required')], {
      default: 'optional',
      description: 'Whether MESH refuses a client without a certificate.',
    }),
    authorization: Type.Union([Type.Literal('full'), Type.Literal('canned'), Type.Literal('none')], {
      default: 'full',
      description:
        'full: the hash is checked; canned: any token with the nonce VALID passes; none: the header is not read.',
    }),
    refuseReplay: MeshSwitch('Refuse a token (mailbox, nonce and count) that was used before.'),
    clockWindowMinutes: MeshNumber(
      0,
      'How far the timestamp of a token may be from the clock, either side; 0 takes any.',
    ),
    refuseInactive: MeshSwitch('Refuse requests of an inactive mailbox and bounce messages to it.'),
    goneAfterAcknowledge: MeshSwitch('Answer 410 to the download of an acknowledged message.'),
    timeIds: MeshSwitch('Message ids made of the time; else 32 hexadecimal digits.'),
    errorReports: MeshSwitch('A refused send (417) has a message id and puts a REPORT into the inbox of the sender.'),
    restrictWorkflows: MeshSwitch('Enforce senders and receivers of workflows marked as restricted.'),
    checkLegacyHeaders: MeshSwitch('Refuse a wrong Mex-From (07), Mex-Version (09) or Mex-MessageType (11).'),
    requireWorkflow: MeshSwitch('Refuse a send without Mex-WorkflowID.'),
    refuseHoles: MeshSwitch('Refuse the last chunk while an earlier one is missing.'),
    expire: MeshSwitch('Expire and delete messages by the clock, with a non-delivery report to the sender.'),
    inboxDays: MeshNumber(1, 'Days after which a message that was not collected expires.'),
    retentionDays: MeshNumber(1, 'Days after which a message is deleted.'),
    maxChunkBytes: MeshNumber(1, 'Largest body of one request.'),
    maxMessageBytes: MeshNumber(1, 'Largest whole message.'),
    routeByPatient: MeshSwitch('Deliver Mex-To: GPPROVIDER_... to the registered practice of the patient.'),
    lenientAccept: MeshSwitch('Read an Accept header with several media types; else it is answered with 400.'),
    adminPaths: MeshSwitch('Answer the admin paths that the public sandbox has.'),
    updateHeader: MeshSwitch(
      'Answer the update check of the Java client with 204 and an empty Mex-Client-Update-Available; else with an empty 200.',
    ),
  },
  { ...Strict, default: {}, description: 'MESH.' },
);

export const GasSettings = Type.Object(
  {
    sessionMinutes: Type.Integer({ minimum: 1, default: 600, description: 'Longest life of an SSO ticket.' }),
    idleMinutes: Type.Integer({ minimum: 1, default: 600, description: 'Idle time after which a ticket dies.' }),
    recipient: Type.String({ default: '192.0.2.51', description: 'Recipient and SubjectLocality of role assertions.' }),
    issuer: Type.String({ default: 'http://iam-careid-development:8080', description: 'Issuer of role assertions.' }),
    serverIp: Type.String({ default: '192.0.2.10', description: 'Address that GAS states as its own.' }),
    serverId: Type.Union([Type.Literal('01'), Type.Literal('02')], {
      default: '01',
      description: 'Server that new tickets name; both are in the naming table.',
    }),
    challengeMinutes: Type.Integer({ minimum: 1, default: 5, description: 'How long a challenge can be answered.' }),
    challengeReplay: Type.Boolean({ default: false, description: 'Accept the answer to a challenge more than once.' }),
    escapeRoles: Type.Boolean({
      default: false,
      description: 'Escape & in role lists, which real answers carry bare although they call themselves XML.',
    }),
    lenientTickets: Type.Boolean({
      default: false,
      description: 'Take a blank in a ticket for the + that it was before a client forgot to percent-encode it.',
    }),
    assertionResetsIdle: Type.Boolean({
      default: true,
      description: 'A role assertion counts as a use of the session.',
    }),
    signAssertions: Type.Boolean({
      default: false,
      description: 'Sign role assertions (XML signature, exclusive C14N, SHA-256); the real ones are not signed.',
    }),
    roleChangeEvents: Type.Boolean({ default: false, description: 'Tell session listeners of a role selection too.' }),
    eventRetries: Type.Integer({ minimum: 0, default: 2, description: 'Further attempts to deliver a token event.' }),
    eventTimeoutMs: Type.Integer({
      minimum: 1,
      default: 5_000,
      description: 'Time a listener has to answer a token event.',
    }),
  },
  { ...Strict, default: {}, description: 'CIS1: GAS, SSO and role assertions.' },
);

export const ConfigSchema = Type.Object(
  {
    host: Type.String({ default: '127.0.0.1', description: 'Address that the listeners bind to.' }),
    httpsPort: Port('HTTPS for all virtual hosts.', 8443),
    httpPort: Port('Plain HTTP: the revocation lists.', 8080),
    ldapsPort: Port('SDS over TLS.', 8636),
    ldapPort: Port('SDS in clear text, with StartTLS.', 8389),
    adminHost: Type.String({
      default: '127.0.0.1',
      description: 'Address of the admin API; beyond loopback it needs adminToken.',
    }),
    adminPort: Port('Admin API.', 8900),
    adminToken: Type.Optional(Type.String({ minLength: 8, description: 'Bearer token that the admin API asks for.' })),
    dataDir: Type.String({ default: '.spine-sim', description: 'Folder of certificates and stored data.' }),
    stubsDir: Type.Optional(
      Type.String({
        description:
          'Folder of world/, rules/, init/, assure/ and sds/; `stubs` here if there is one, else the shipped one.',
      }),
    ),
    store: Type.Union([Type.Literal('memory'), Type.Literal('file')], {
      default: 'file',
      description: 'memory: forgotten at the end; file: kept in dataDir.',
    }),
    seed: Type.Optional(
      Type.String({ description: 'Deterministic mode: the same seed gives the same ids and faults.' }),
    ),
    logLevel: Type.Union(
      ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'].map((level) => Type.Literal(level)),
      { default: 'info', description: 'Level of the log on standard output.' },
    ),
    plainServices: Type.Boolean({
      default: false,
      description: 'Also answers every service on the plain HTTP port, which Spine never does.',
    }),
    testData: Type.Boolean({
      default: true,
      description: 'NHS numbers, ASIDs, mailboxes and users that nobody has ask for errors: docs/test-data.md.',
    }),
    journal: JournalSettings,
    tls: TlsSettings,
    policy: PolicySettings,
    gas: GasSettings,
    sds: SdsSettings,
    messaging: MessagingSettings,
    pds: PdsSettings,
    smsp: SmspSettings,
    gazetteer: GazetteerSettings,
    mesh: MeshSettings,
    outbound: OutboundSettings,
    ssp: SspSettings,
    gpconnect: GpConnectSettings,
    careconnect: CareConnectSettings,
  },
  { ...Strict, title: 'Settings of the Spine and CIS simulator' },
);

export type Config = Static<typeof ConfigSchema>;
