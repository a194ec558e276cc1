/** What rules can know of an HTTP exchange. */
import type { RuleFacts } from '../rules/facts.ts';
import type { HttpExchange } from './httpExchange.ts';

/** Costly parts are made when a rule first asks for them. */
export function httpFacts(exchange: HttpExchange): RuleFacts {
  const { entry, certificate } = exchange;
  return {
    service: entry.service,
    operation: entry.operation,
    interaction: entry.interaction,
    direction: entry.direction,
    protocol: 'http',
    host: entry.host?.replace(/:\d+$/, ''),
    method: exchange.method,
    path: exchange.path,
    header: (name) => exchange.header(name),
    query: exchange.query,
    bodyText: once(() => exchange.body.toString('utf8')),
    json: once(() => json(exchange.body)),
    form: once(() => form(exchange.body)),
    ...entry.identity,
    clientCertificate: certificate && { cn: certificate.cn, fingerprint: certificate.fingerprint256 },
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** URL-encoded fields, or the parameters of a gpOBJECT (GAS). */
function form(body: Buffer): Record<string, string> {
  const text = body.toString('utf8').trim();
  if (!text.startsWith('<')) return Object.fromEntries(new URLSearchParams(text));
  return text.includes('<gpPARAM') ? gpParameters(text) : {};
}

/** gpOBJECT documents carry a DOCTYPE and bare ampersands, so they are not parsed as XML but read as real clients read them. */
function gpParameters(text: string): Record<string, string> {
  const fields: Record<string, string> = {};
  let at = text.indexOf('<gpPARAM');
  while (at >= 0) {
    const open = text.indexOf('>', at);
    const close = text.indexOf('</gpPARAM>', open);
    if (open < 0 || close < 0) break;
    const name = /name="([^"]*)"/.exec(text.slice(at, open))?.[1];
    if (name !== undefined) fields[name] = text.slice(open + 1, close);
    at = text.indexOf('<gpPARAM', close);
  }
  return fields;
}
