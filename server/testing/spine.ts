/** One simulator for tests, in this process or elsewhere. */
import { Agent, type AgentOptions } from 'node:https';
import { AdminCalls } from './adminCalls.ts';
import { type PutCode, TestSpace } from './testSpace.ts';

export interface SpineAddress {
  /** Of the admin API. */
  adminUrl: string;
  adminToken?: string | undefined;
  /** Where all host names are answered over HTTPS. */
  httpsPort: number;
  ldapsPort?: number | undefined;
  ldapPort?: number | undefined;
  /** Address of the listeners. */
  address?: string;
}

export interface ClientIdentity {
  cert: string;
  key: string;
}

/** So that spaces of several test processes against one simulator have different names. */
const PREFIX = `t${process.pid.toString(36)}`;

export class Spine {
  readonly adminUrl: string;
  readonly httpsPort: number;
  readonly ldapsPort: number | undefined;
  readonly ldapPort: number | undefined;
  readonly address: string;
  /** PEM of the authorities to trust. */
  readonly ca: string;
  readonly #token: string | undefined;
  readonly #calls: AdminCalls;
  readonly #spaces: TestSpace[] = [];
  readonly #end: () => Promise<void>;
  readonly #putCode: PutCode | undefined;
  #made = 0;

  /** `putCode`: takes rules with functions, in the simulator's own process. */
  constructor(at: SpineAddress, ca: string, end: () => Promise<void>, putCode?: PutCode) {
    this.adminUrl = at.adminUrl;
    this.httpsPort = at.httpsPort;
    this.ldapsPort = at.ldapsPort;
    this.ldapPort = at.ldapPort;
    this.address = at.address ?? '127.0.0.1';
    this.ca = ca;
    this.#token = at.adminToken;
    this.#calls = new AdminCalls(at.adminUrl, at.adminToken);
    this.#end = end;
    this.#putCode = putCode;
  }

  /** Any call of the admin API, in no space of its own. */
  admin<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#calls.call<T>(method, path, body);
  }

  /** A new space; one for each test. Names are lower case letters, digits and "-". */
  space(name = `${PREFIX}-${++this.#made}`): TestSpace {
    const space = new TestSpace(name, new AdminCalls(this.adminUrl, this.#token, name), this.#putCode);
    this.#spaces.push(space);
    return space;
  }

  /** For `https.request` and everything on it: any host name and port leads to the simulator, whose authorities are trusted. */
  agent(options: AgentOptions & Partial<ClientIdentity> = {}): Agent {
    const agent = new Agent({ ca: this.ca, ...options });
    const connect = agent.createConnection.bind(agent);
    agent.createConnection = (wanted, done) =>
      connect(
        { ...wanted, host: this.address, port: this.httpsPort, servername: String(wanted.servername ?? wanted.host) },
        done,
      );
    return agent;
  }

  /** A client certificate that every service trusts, with its key and chain. */
  async issue(commonName: string): Promise<ClientIdentity> {
    const made = await this.admin<{ certificate: string; chain: string; privateKey: string }>(
      'POST',
      '/api/certificates',
      {
        cn: commonName,
      },
    );
    return { cert: made.certificate + made.chain, key: made.privateKey };
  }

  /** Closes every space, which verifies what was expected, then ends a simulator that was started here. */
  async close(): Promise<void> {
    const unmet: unknown[] = [];
    for (const space of this.#spaces) await space.close().catch((error: unknown) => unmet.push(error));
    await this.#end();
    if (unmet.length === 1) throw unmet[0];
    if (unmet.length > 1) throw new AggregateError(unmet, unmet.map((error) => (error as Error).message).join('\n'));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
