/** Changes that a rule makes to a message before it is sent. */
import { type HttpAnswer, setHeader } from '../http/answer.ts';
import { buildMultipart, type OutgoingPart } from '../mime/build.ts';
import { contentKey, parseContentType } from '../mime/contentType.ts';
import { parseMultipart } from '../mime/parse.ts';
import type { MimePart } from '../mime/part.ts';
import type { OutboundRequest } from '../outbound/outbound.ts';
import type { RuleDecision } from '../rules/decision.ts';

/** Changes headers and body in place; returns what could not be changed. Of a multipart body each XML part is looked at. */
export async function changeRequest(ask: OutboundRequest, { change }: RuleDecision): Promise<string[]> {
  if (!change || !Buffer.isBuffer(ask.body)) return [];
  const contentType = ask.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const whole: HttpAnswer = { status: 200, headers: [...ask.headers], body: ask.body };
  if (!parseContentType(contentType).type.startsWith('multipart/')) {
    const problems = await change(whole);
    ask.headers = whole.headers;
    ask.body = Buffer.from(whole.body as Buffer);
    return problems;
  }
  const { parts, root, boundary } = parseMultipart(contentType, ask.body);
  const problems: string[][] = [];
  const changed: OutgoingPart[] = [];
  let headers = whole.headers;
  for (const part of parts) {
    const one: HttpAnswer = { status: 200, headers: [...headers], body: part.body };
    if (!isXml(part)) {
      changed.push(part);
      continue;
    }
    problems.push(await change(one));
    headers = one.headers;
    const body = Buffer.from(one.body as Buffer);
    changed.push(body.equals(part.body) ? part : { headers: part.headers, body });
  }
  const start = root.contentId === undefined ? undefined : contentKey(root.contentId);
  const built = buildMultipart(changed, { boundary, ...(start === undefined ? {} : { start }) });
  ask.headers = headers;
  if (!built.contentType.includes(`"${boundary}"`)) setHeader(whole, 'Content-Type', built.contentType);
  ask.body = built.body;
  // What one of the parts has is not missing from the message.
  return problems.reduce((left, own) => left.filter((problem) => own.includes(problem)), problems[0] ?? []);
}

function isXml(part: MimePart): boolean {
  return /[/+]xml\b/i.test(part.header('Content-Type') ?? '');
}
