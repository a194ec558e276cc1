/** Tries every TLS version with every service of a running simulator, by real handshakes. */

import { TLS_VERSIONS, type TlsVersion } from '../../core/tls/versions.ts';
import { type ProbeResult, probe } from '../../core/tlsClient/probe.ts';
import { adminJson, adminUrl, callAdmin } from '../adminClient.ts';
import { type Invocation, textFlag, UsageError } from '../verb.ts';

export interface DemoCell {
  accepted: boolean;
  /** IANA name of the suite. */
  cipher?: string | undefined;
  /** Why it was refused, in words. */
  reason?: string | undefined;
  /** OpenSSL's code for what is wrong with the certificate that was shown. */
  certificateError?: string | undefined;
}

export interface DemoRow {
  host: string;
  service: string;
  /** Where the handshake went. */
  address: string;
  profile: string;
  /** Id of the dated rule that gave the profile. */
  rule?: string | undefined;
  versions: Record<TlsVersion, DemoCell>;
}

export interface DemoTable {
  /** Simulated time, ISO. */
  time: string;
  rows: DemoRow[];
}

interface HostView {
  host: string;
  role: string;
  profile: string;
  rule?: string;
}

interface TlsView {
  ports: { https: number; ldaps: number };
  hosts: HostView[];
}

interface ServiceView {
  title: string;
  roles: string[];
}

/** Where a date is tried, so that the clocks of the other spaces stay as they are. */
const SCRATCH_SPACE = 'tls-demo';

const DIRECTORY = 'SDS: directory';

/** The table as of now, or one for each of `dates` (ISO times). Throws UsageError when no simulator answers. */
export async function runDemo(invocation: Invocation, dates: string[]): Promise<DemoTable[]> {
  if (dates.length === 0) return [await tableOf(invocation)];
  const scratch: Invocation = { ...invocation, flags: { ...invocation.flags, space: SCRATCH_SPACE } };
  const tables: DemoTable[] = [];
  try {
    for (const now of dates) {
      await adminJson(scratch, 'PUT', '/api/clock', { now });
      tables.push(await tableOf(scratch));
    }
  } finally {
    await callAdmin(invocation, 'DELETE', `/api/spaces/${SCRATCH_SPACE}`);
  }
  return tables;
}

async function tableOf(invocation: Invocation): Promise<DemoTable> {
  const [tls, services, clock, { text: ca }] = await Promise.all([
    adminJson<TlsView>(invocation, 'GET', '/api/tls'),
    adminJson<ServiceView[]>(invocation, 'GET', '/api/services'),
    adminJson<{ now: string }>(invocation, 'GET', '/api/clock'),
    callAdmin(invocation, 'GET', '/ca.pem'),
  ]);
  const connectTo = textFlag(invocation, 'connect') ?? new URL(adminUrl(invocation)).hostname;
  const ports = {
    https: portFlag(invocation, 'https-port') ?? tls.ports.https,
    ldaps: portFlag(invocation, 'ldaps-port') ?? tls.ports.ldaps,
  };
  const rows: DemoRow[] = [];
  for (const view of tls.hosts) {
    const service = serviceOf(view.role, services);
    if (service === undefined) continue;
    const port = view.role === 'ldap' ? ports.ldaps : ports.https;
    rows.push(await rowOf(view, service, { host: connectTo, port, ca }));
  }
  return { time: clock.now, rows };
}

async function rowOf(
  { host, profile, rule }: HostView,
  service: string,
  target: { host: string; port: number; ca: string },
): Promise<DemoRow> {
  const cells = await Promise.all(
    TLS_VERSIONS.map(async (version) => cellOf(await probe({ ...target, servername: host, version }))),
  );
  const versions = Object.fromEntries(TLS_VERSIONS.map((version, at) => [version, cells[at]])) as DemoRow['versions'];
  const bare = host.startsWith(`${SCRATCH_SPACE}.`) ? host.slice(SCRATCH_SPACE.length + 1) : host;
  return { host: bare, service, address: `${target.host}:${target.port}`, profile, rule, versions };
}

function cellOf({ accepted, cipher, reason, certificateError }: ProbeResult): DemoCell {
  return { accepted, cipher, reason, certificateError };
}

/** Hosts without a service behind them are left out. */
function serviceOf(role: string, services: ServiceView[]): string | undefined {
  if (role === 'ldap') return DIRECTORY;
  const titles = services.filter(({ roles }) => roles.includes(role)).map(({ title }) => title);
  return titles.length === 0 ? undefined : titles.join('; ');
}

function portFlag(invocation: Invocation, name: string): number | undefined {
  const text = textFlag(invocation, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,5}$/.test(text)) throw new UsageError(`--${name} needs a port number`);
  return Number(text);
}
