/** Starts the whole environment on free ports, in memory, and ends it with the test. */
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { pino } from 'pino';
import { complete } from '../server/config/load.ts';
import type { Config } from '../server/config/schema.ts';
import { type Environment, startEnvironment } from '../server/environment.ts';

export interface Answer {
  status: number;
  reason: string;
  /** Names in wire case. */
  rawHeaders: string[];
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  text: string;
}

export interface Ask {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Client certificate. */
  cert?: string;
  key?: string;
}

export interface Spine {
  environment: Environment;
  /** PEM to trust. */
  ca: string;
  /** A request to a virtual host over a real TLS socket. */
  ask(host: string, ask?: Ask): Promise<Answer>;
  /** A request to the admin API. */
  admin(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  ): Promise<{ status: number; body: any }>;
  /** A client certificate with its key. */
  issue(cn: string): Promise<{ cert: string; key: string }>;
}

/** Settings as in spine-sim.yaml: of a group only what differs. */
export type Overrides = { [K in keyof Config]?: Partial<Config[K]> };

type Teardown = { teardown(run: () => Promise<void>): void };

export async function startSpine(t: Teardown, overrides: Overrides = {}): Promise<Spine> {
  const config = complete({
    httpsPort: 0,
    httpPort: 0,
    ldapsPort: 0,
    ldapPort: 0,
    adminPort: 0,
    store: 'memory',
    logLevel: 'silent',
    ...overrides,
  });
  const environment = await startEnvironment(config, pino({ level: config.logLevel }));
  t.teardown(() => environment.close());
  const ca = environment.core.pki.caBundlePem;
  return {
    environment,
    ca,
    ask: (host, ask = {}) => askOverTls(environment.ports.https, ca, host, ask),
    async admin(method, path, body, headers = {}) {
      const response = await fetch(`http://127.0.0.1:${environment.ports.admin}${path}`, {
        method,
        headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      const json = response.headers.get('content-type')?.includes('json');
      return { status: response.status, body: json ? JSON.parse(text) : text };
    },
    async issue(cn) {
      const identity = await environment.core.pki.issueClient({ cn });
      return { cert: identity.certificate + identity.chain, key: identity.privateKey };
    },
  };
}

/** `agent`: keeps connections; without one each request has its own. */
export function askOverTls(
  port: number,
  ca: string,
  host: string,
  ask: Ask,
  agent: RequestOptions['agent'] = false,
): Promise<Answer> {
  const options: RequestOptions = {
    host: '127.0.0.1',
    port,
    servername: host,
    ca,
    cert: ask.cert,
    key: ask.key,
    method: ask.method ?? (ask.body === undefined ? 'GET' : 'POST'),
    path: ask.path ?? '/',
    headers: { Host: host, ...ask.headers },
    agent,
  };
  return new Promise((resolve, reject) => {
    const request = httpsRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        const { statusCode = 0, statusMessage = '', rawHeaders, headers } = response;
        resolve({ status: statusCode, reason: statusMessage, rawHeaders, headers, body, text: body.toString() });
      });
    });
    request.on('error', reject);
    request.end(ask.body);
  });
}
