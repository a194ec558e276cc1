/** Where the running simulator's MESH is and what a mailbox needs to use it, as its admin API tells. */
import { machineNow } from '../../core/clock/clock.ts';
import { SPACE_HEADER } from '../../core/space/space.ts';
import { adminJson, adminUrl, callAdmin } from '../adminClient.ts';
import { type Invocation, textFlag, VerbError } from '../verb.ts';
import type { MeshAddress } from './meshHttp.ts';

/** Subject of the certificate that is made when the service asks for one, as MESH names its clients. */
const CLIENT_CN = 'folder.Z99999.api.mesh-client.nhs.uk';

interface Issued {
  certificate: string;
  privateKey: string;
  chain: string;
}

export class SimulatedTime {
  #ahead = 0;

  /** Asks the simulator: its clock may have been moved since. */
  async refresh(invocation: Invocation): Promise<void> {
    const { now } = await adminJson<{ now: string }>(invocation, 'GET', '/api/clock');
    this.#ahead = Date.parse(now) - machineNow();
  }

  now(): number {
    return machineNow() + this.#ahead;
  }
}

/** `--url`, `--password` and `--shared-key` have more weight than what the simulator tells. */
export async function meshAddress(invocation: Invocation, id: string, time: SimulatedTime): Promise<MeshAddress> {
  const mailbox = await adminJson<{ id: string; password: string }>(
    invocation,
    'GET',
    `/api/world/mailboxes/${encodeURIComponent(id.toUpperCase())}`,
  );
  const rules = await adminJson<{ sharedKey: string; clientCertificate: string }>(invocation, 'GET', '/api/mesh');
  const { text: ca } = await callAdmin(invocation, 'GET', '/ca.pem');
  const space = textFlag(invocation, 'space');
  const issued =
    rules.clientCertificate === 'required'
      ? await adminJson<Issued>(invocation, 'POST', '/api/certificates', { cn: CLIENT_CN })
      : undefined;
  return {
    ...(await meshServer(invocation)),
    ca,
    cert: issued && issued.certificate + issued.chain,
    key: issued?.privateKey,
    headers: space === undefined ? undefined : { [SPACE_HEADER]: space },
    mailbox: mailbox.id,
    password: textFlag(invocation, 'password') ?? mailbox.password,
    sharedKey: textFlag(invocation, 'shared-key') ?? rules.sharedKey,
    now: () => time.now(),
  };
}

/** `--url`, or what the simulator tells; `connectTo` is where its sockets are. */
export async function meshServer(invocation: Invocation): Promise<{ baseUrl: string; connectTo?: string }> {
  const named = textFlag(invocation, 'url');
  if (named !== undefined) return { baseUrl: named };
  const services = await adminJson<{ name: string; url: string }[]>(invocation, 'GET', '/api/services');
  const mesh = services.find(({ name }) => name === 'mesh');
  if (!mesh) throw new VerbError('the simulator has no MESH; name one with --url <url>');
  return { baseUrl: new URL(mesh.url).origin, connectTo: new URL(adminUrl(invocation)).hostname };
}
