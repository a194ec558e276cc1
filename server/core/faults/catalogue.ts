/** Every fault by its name. */
import { nearest } from '../yaml/nearest.ts';
import { type JsonSchema, readBySchema, type SchemaFault } from '../yaml/schema.ts';
import { LDAP_RESULTS, NAMED_RESULTS } from './ldapResults.ts';
import { MESH_FAULTS } from './mesh.ts';

/** What breaks: the way of an HTTP answer, an LDAP operation, a handshake; or the service of that name, which does it itself. */
export type FaultLayer = 'http' | 'ldap' | 'tls' | 'mesh';

/** A fault as a rule names it, options checked and complete. */
export interface Fault {
  name: string;
  options: Record<string, unknown>;
}

export interface FaultDefinition {
  layer: FaultLayer;
  /** What the client sees, in one sentence. */
  description: string;
  options: Record<string, JsonSchema>;
  /** Options without which it says nothing. */
  required?: string[];
  /** A name that is kept for later. */
  reserved?: string;
}

/** Longest time that a fault may keep a connection: longer than any client waits. */
export const MAX_FAULT_MS = 600_000;

const milliseconds = (description: string, extra: JsonSchema = {}): JsonSchema => ({
  type: 'integer',
  minimum: 0,
  maximum: MAX_FAULT_MS,
  description: `Milliseconds${description}`,
  examples: [500],
  ...extra,
});
const bytes = (description: string, extra: JsonSchema = {}): JsonSchema => ({
  type: 'integer',
  minimum: 0,
  description: `Bytes ${description}`,
  examples: [100],
  ...extra,
});
const HALF = 'of the body that are sent before; half of it when absent.';

const LDAP_MESSAGE: JsonSchema = { type: 'string', maxLength: 1_000, description: 'The diagnostic message.' };

/** A fault for each LDAP result that a directory in trouble gives, so that none has to look up numbers. */
function ldapResults(): Record<string, FaultDefinition> {
  return Object.fromEntries(
    Object.entries(NAMED_RESULTS).map(([name, result]) => [
      name,
      {
        layer: 'ldap',
        description: `The operation ends with result ${LDAP_RESULTS[result]} (${result}, RFC 4511 4.1.9).`,
        options: { message: LDAP_MESSAGE },
      },
    ]),
  );
}

const reservedTls = (name: string, description: string): [string, FaultDefinition] => [
  name,
  { layer: 'tls', description, options: {}, reserved: 'give the host a TLS profile instead (setting tls.hosts)' },
];

export const FAULTS: Readonly<Record<string, FaultDefinition>> = {
  delay: {
    layer: 'http',
    description: 'The whole answer comes late.',
    options: { ms: milliseconds(' of waiting.') },
    required: ['ms'],
  },
  silence: {
    layer: 'http',
    description: 'No answer ever comes; the connection stays open until the client gives up.',
    options: {},
  },
  empty: {
    layer: 'http',
    description: 'The connection is closed in good order without a byte of an answer.',
    options: {},
  },
  reset: {
    layer: 'http',
    description: 'The connection is reset (TCP RST), at once or in the middle of the answer.',
    options: { after: bytes('of the answer, head included, that are sent before.', { default: 0 }) },
  },
  'half-close': {
    layer: 'http',
    description: 'The server ends its side (TCP FIN) in the middle of the body, and goes on reading.',
    options: { after: bytes(HALF) },
  },
  truncate: {
    layer: 'http',
    description: 'The body is shorter than its Content-Length, then the connection is closed.',
    options: { after: bytes(HALF) },
  },
  'bad-chunk': {
    layer: 'http',
    description: 'The body is chunked, and after some of it a chunk size comes that is no number.',
    options: { after: bytes(HALF) },
  },
  'slow-drip': {
    layer: 'http',
    description: 'The body comes whole, a few bytes at a time.',
    options: {
      bytes: bytes('at a time.', { minimum: 1, default: 1 }),
      everyMs: milliseconds(' between.', { default: 100 }),
    },
  },
  garbage: {
    layer: 'http',
    description: 'Bytes that are not HTTP come in place of an answer, then the connection is closed.',
    options: { bytes: bytes('of it.', { minimum: 1, maximum: 1_000_000, default: 64 }) },
  },
  'ldap-result': {
    layer: 'ldap',
    description: 'The operation ends with this result (RFC 4511 4.1.9).',
    options: {
      code: {
        anyOf: [{ type: 'integer', minimum: 0, maximum: 4_096 }, { enum: Object.keys(LDAP_RESULTS) }],
        description: 'Number or name, such as 51 or busy.',
        examples: ['busy'],
      },
      message: LDAP_MESSAGE,
    },
    required: ['code'],
  },
  ...ldapResults(),
  'ldap-cut': {
    layer: 'ldap',
    description: 'The connection is closed in the middle of a message.',
    options: {
      entries: { type: 'integer', minimum: 0, default: 0, description: 'Whole entries that are sent before.' },
    },
  },
  ...MESH_FAULTS,
  'ldap-silence': { layer: 'ldap', description: 'No answer ever comes; the connection stays open.', options: {} },
  ...Object.fromEntries([
    reservedTls('tls-expired-server', "The server's certificate has expired."),
    reservedTls('tls-wrong-name', "The server's certificate is for another host."),
    reservedTls('tls-unknown-ca', "The server's certificate is from a CA that nobody knows."),
    reservedTls('tls-no-intermediate', 'The server leaves out the certificate of its sub CA.'),
    reservedTls('tls-revoked-client', "The client's certificate counts as revoked."),
    reservedTls('tls-version', 'The handshake ends with the alert protocol_version.'),
  ]),
};

export type FaultReading = { fault: Fault; faults: [] } | { fault?: undefined; faults: SchemaFault[] };

/** Checks a fault that a rule or the admin API names: `reset`, or `{name: truncate, after: 10}`. */
export function readFault(value: string | Record<string, unknown>): FaultReading {
  const { name, ...options } = typeof value === 'string' ? { name: value } : value;
  const at = typeof value === 'string' ? [] : ['name'];
  const refuse = (message: string, suggestion?: string): FaultReading => ({
    faults: [{ path: at, message, suggestion }],
  });
  const definition = typeof name === 'string' && Object.hasOwn(FAULTS, name) ? FAULTS[name]! : undefined;
  if (!definition) {
    const guess = nearest(String(name), Object.keys(FAULTS));
    return refuse(`there is no fault ${JSON.stringify(name)}`, guess && `did you mean "${guess}"?`);
  }
  if (definition.reserved) return refuse(`${name} can not be used in a rule yet`, definition.reserved);
  const { options: properties, required = [] } = definition;
  const schema: JsonSchema = { type: 'object', additionalProperties: false, properties, required };
  const reading = readBySchema(schema, options);
  if (reading.faults.length > 0) return { faults: reading.faults };
  return { fault: { name: String(name), options: reading.value as Record<string, unknown> }, faults: [] };
}
