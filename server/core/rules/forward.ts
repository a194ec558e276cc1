/** Passes a request on to another environment, and gives its answer as ours. */
import { type HeaderLine, type HttpAnswer, setHeader } from '../http/answer.ts';
import type { HttpExchange } from '../http/httpExchange.ts';
import { readBody } from '../http/readBody.ts';
import { SPACE_HEADER } from '../space/space.ts';
import { holdBody } from './actions/holdBody.ts';
import type { Sender } from './callbacks.ts';
import type { ForwardWish } from './definition/action.ts';

/** A request that a service reads as a stream is taken into memory up to here: the longest chunk of MESH, with room. */
const MAX_FORWARDED_BYTES = 110 * 1024 * 1024;

/** Of one connection only (RFC 9110 7.6.1), or made anew for the next. */
const NOT_PASSED = new Set([
  ...['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'],
  ...['host', 'content-length', SPACE_HEADER.toLowerCase()],
]);

/** How we are named in Via (RFC 9110 7.6.3), by which a request that comes round again is known. */
const PSEUDONYM = 'spine-sim';

export interface Forward {
  /** Scheme and authority. */
  to: string;
  certificate: string | undefined;
  diff: boolean;
}

export function readForward(wish: ForwardWish): Forward {
  const { to, certificate, diff = false } = typeof wish === 'string' ? { to: wish } : wish;
  return { to: to.replace(/\/+$/, ''), certificate, diff };
}

/** What a rule for the directory is told. */
export const NOT_BY_LDAP = {
  message:
    'the directory passes nothing on: `forward` is for HTTP, and here a connection and a bind would have to be held elsewhere for each client',
  suggestion:
    'give entries with `answer` or `set`, or take over the records of the other directory: spine-sim endpoints import <file.ldif>',
};

/** True for a request that this simulator passed on itself: it is not passed on again. */
export function cameRound(exchange: HttpExchange): boolean {
  return exchange.header('via')?.includes(nameOf(exchange.context.rules.pseudonym)) ?? false;
}

/** What we put into Via of what a request led to. */
export const viaOf = (pseudonym: string): string => `1.1 ${nameOf(pseudonym)}`;

/** The same for one simulator as long as it runs, another for the next. */
const nameOf = (pseudonym: string): string => `${PSEUDONYM}-${pseudonym}`;

/** The answer of the other environment, its body in memory when it is not too long. Throws what sending throws. */
export async function forwarded(exchange: HttpExchange, sender: Sender, forward: Forward): Promise<HttpAnswer> {
  const { request, space, method, rawUrl, entry } = exchange;
  const streamed = exchange.entry.request.body === undefined && !request.readableDidRead;
  if (streamed) exchange.setBody(await readBody(request, MAX_FORWARDED_BYTES));
  const headers = passed(headerPairs(request.rawHeaders));
  const via = headers.find(([name]) => name.toLowerCase() === 'via');
  const own = viaOf(exchange.context.rules.pseudonym);
  if (via) via[1] = `${via[1]}, ${own}`;
  else headers.push(['Via', own]);
  const hasBody = exchange.body.length > 0 || !['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(method);
  const answer = await sender.send({
    resolved: { space, reason: entry.spaceReason },
    service: 'rules',
    operation: 'forward',
    interaction: entry.interaction,
    identity: { ...entry.identity, clientCertificate: undefined },
    method,
    url: forward.to + rawUrl,
    headers,
    body: hasBody ? exchange.body : undefined,
    cn: forward.certificate,
  });
  exchange.step('forward', 'ok', `${forward.to} answered ${answer.status} (entry ${answer.id})`);
  const given: HttpAnswer = {
    status: answer.status,
    reason: answer.reason,
    headers: passed(answer.headers),
    body: answer.body,
  };
  await holdBody(given);
  return given;
}

/** What a proxy says when the other side can't be had; the sentence is for the developer. */
export function unreachable(message: string): HttpAnswer {
  const answer: HttpAnswer = {
    status: 502,
    headers: [],
    body: `The other environment could not be asked: ${message}\n`,
  };
  setHeader(answer, 'Content-Type', 'text/plain; charset=UTF-8');
  return answer;
}

function passed(lines: readonly HeaderLine[]): HeaderLine[] {
  const listed = lines.flatMap(([name, value]) => (name.toLowerCase() === 'connection' ? value.split(',') : []));
  const dropped = new Set([...NOT_PASSED, ...listed.map((name) => name.trim().toLowerCase())]);
  return lines
    .filter(([name]) => !dropped.has(name.toLowerCase()) && !name.toLowerCase().startsWith('proxy-'))
    .map(([name, value]): HeaderLine => [name, value]);
}

function headerPairs(raw: readonly string[]): HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) lines.push([raw[at]!, raw[at + 1]!]);
  return lines;
}
