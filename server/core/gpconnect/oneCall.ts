/** One call of a trial: asked, sent, and its answer held against the rules. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Core } from '../core.ts';
import type { HeaderLine } from '../http/answer.ts';
import { OutboundFailure } from '../outbound/failure.ts';
import { collect } from '../outbound/outbound.ts';
import type { Credentials } from '../pki/pki.ts';
import type { Space } from '../space/space.ts';
import type { AccreditedSystem } from '../world/types.ts';
import { type Asked, type Capability, type Context, type GpConnectCall, PREFIX } from './calls/call.ts';
import { type Finding, Findings, PAGES } from './finding.ts';
import { type CallReport, headOf, skippedCall } from './report.ts';
import { requestHeaders } from './request.ts';
import { checkAnswer, checkSspAnswer, headerOf, isOfTheSsp, type ReceivedAnswer } from './rules/answer.ts';

export interface TrialWish {
  /** Names of calls; none: all that every provider can be asked. */
  calls?: string[];
  /** ASIDs of consumer and provider. */
  from?: string;
  to: string;
  nhsNumber?: string;
  /** Service root for foundations, in place of that of the directory; those of the other capabilities follow from it. */
  root?: string;
  /** Straight to the provider, as the SSP would, and not through it. */
  direct?: boolean;
}

/** What all calls of a trial have in common, and what those before have told. */
export interface Run {
  core: Core;
  space: Space;
  consumer: AccreditedSystem;
  provider: AccreditedSystem;
  wish: TrialWish;
  fqdn: string;
  credentials: Credentials | undefined;
  context: Context;
  /** Hosts that no connection could be made to. */
  unreachable: Set<string>;
}

const PROXY = 'https://proxy.dev.spine2.ncrs.nhs.uk/';

/** Name in the certificate that providers see when the SSP calls. */
const SSP_NAME = 'msg.dev.spine2.ncrs.nhs.uk';

/** Longest answer that is looked at: records and documents of tests are far smaller. */
const MAX_ANSWER_BYTES = 64 << 20;

/** What the SSP answers in place of a provider that is late. */
const LATE_STATUS = [504, 599];

const LATE_KINDS = ['connect-timeout', 'response-timeout', 'idle-timeout', 'answer-timeout'];

/** There is no connection to be had: any other call to that host would end in the same way. */
const UNREACHABLE_KINDS = ['unresolved', 'refused', 'tls'];

/** The SSP's entry is written once its answer has gone out, which may be a moment after that came here. */
const ENTRY_WAIT_MS = 1000;

const SUFFIX: Record<Capability, string> = { foundations: '', structured: '/structured', documents: '/documents' };

const inflate = promisify(gunzip);

/** Service root for a call: of the wish, else of the directory. */
function rootOf({ space, provider, wish }: Run, { interaction, capability }: GpConnectCall): string | undefined {
  if (wish.root === undefined) {
    return space.world.handlers.contract(provider.partyKey, PREFIX + interaction)?.endpoint;
  }
  return wish.root
    .replace(/\/$/, '')
    .replace(/(\/gpconnect)(\/structured|\/documents)?(?=\/fhir$)/, `$1${SUFFIX[capability]}`);
}

/** The report of a call that was made, or why it was not; never throws what a provider may cause. */
export async function makeCall(run: Run, call: GpConnectCall): Promise<CallReport> {
  const root = rootOf(run, call);
  if (root === undefined) {
    return skippedCall(call, `the directory has no endpoint of ${run.provider.asid} for ${call.interaction}`);
  }
  run.context.traceId = run.space.ids.lowerUuid();
  const asked = askedBy(run, call);
  if ('skip' in asked) return skippedCall(call, asked.skip);
  const target = /^https?:\/\//.test(asked.path) ? asked.path : `${root}/${asked.path}`;
  const host = hostOf(target);
  if (run.unreachable.has(host)) return skippedCall(call, `${host} could not be reached`);
  const url = run.wish.direct ? target : PROXY + target;
  const began = performance.now();
  try {
    const { answer, entry } = await send(run, call, asked, url, root);
    const told = !run.wish.direct && isOfTheSsp(answer) ? await whatTheSspTold(run) : undefined;
    if (UNREACHABLE_KINDS.includes(told?.kind ?? '')) run.unreachable.add(host);
    const findings = examine(run, call, asked, answer, told?.why);
    const failed = findings.some(({ outcome }) => outcome === 'wrong');
    return {
      ...headOf(call),
      outcome: failed ? 'failed' : 'passed',
      late: LATE_STATUS.includes(answer.status),
      url,
      status: answer.status,
      milliseconds: Math.round(performance.now() - began),
      entry,
      findings,
    };
  } catch (error) {
    if (!(error instanceof OutboundFailure)) throw error;
    const advice = error.advice === undefined ? '' : ` ${error.advice}`;
    const late = LATE_KINDS.includes(error.kind);
    if (UNREACHABLE_KINDS.includes(error.kind)) run.unreachable.add(host);
    return { ...headOf(call), outcome: 'failed', url, late, reason: `${error.message}.${advice}` };
  }
}

/** What earlier answers told is in it, and may be of any form. */
function askedBy(run: Run, call: GpConnectCall): Asked | { skip: string } {
  try {
    return call.make(run.context);
  } catch (error) {
    return { skip: `what earlier answers told can't be asked for (${(error as Error).message})` };
  }
}

async function send(run: Run, call: GpConnectCall, asked: Asked, url: string, root: string) {
  const { core, space, consumer, provider, fqdn, wish, context } = run;
  const headers: HeaderLine[] = requestHeaders(call, asked, context, {
    from: consumer.asid,
    to: provider.asid,
    fqdn,
    root,
  });
  const body = asked.resource === undefined ? asked.text : JSON.stringify(asked.resource);
  const {
    status,
    headers: received,
    body: stream,
    id,
  } = await core.outbound.send({
    resolved: { space, reason: 'admin' },
    service: 'ssp',
    operation: `call ${call.name}`,
    interaction: PREFIX + call.interaction,
    identity: {
      asid: consumer.asid,
      toAsid: provider.asid,
      messageId: context.traceId,
      clientCertificate: wish.direct ? SSP_NAME : fqdn,
    },
    method: call.method,
    url,
    headers,
    body: body === undefined ? undefined : Buffer.from(body),
    cn: wish.direct ? SSP_NAME : fqdn,
    credentials: run.credentials,
  });
  const answer: ReceivedAnswer = { status, headers: received, body: await collect(stream, MAX_ANSWER_BYTES) };
  return { answer: await unpacked(answer), entry: id };
}

/** What a compressed answer holds; one that is not what it says is left for the checks to find. */
async function unpacked(answer: ReceivedAnswer): Promise<ReceivedAnswer> {
  if (!/^(x-)?gzip$/i.test(headerOf(answer, 'Content-Encoding') ?? '')) return answer;
  try {
    return { ...answer, body: await inflate(answer.body, { maxOutputLength: MAX_ANSWER_BYTES }) };
  } catch (error) {
    return { ...answer, packed: (error as Error).message };
  }
}

const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : url);

/** What the SSP told the developer of the last call: the kind of failure, and why. */
async function whatTheSspTold({ core, space, context }: Run): Promise<{ kind: string | undefined; why: string }> {
  const filter = { space: space.name, service: 'ssp', direction: 'inbound', messageId: context.traceId };
  const { matched } = await core.journal.verify(filter, 1, undefined, ENTRY_WAIT_MS);
  const { error, advice } = matched[0] ?? {};
  return { kind: error?.code, why: [error?.message, advice].filter((text) => text !== undefined).join('. ') };
}

/** `why`: of an answer of the SSP itself. */
function examine(run: Run, call: GpConnectCall, asked: Asked, answer: ReceivedAnswer, why?: string): Finding[] {
  const findings = new Findings();
  const expected = { ...call.expected, format: asked.format ?? 'json' };
  if (why !== undefined) {
    checkSspAnswer(findings, answer, expected, why);
    return findings.all;
  }
  try {
    const resource = checkAnswer(findings, answer, expected);
    if (resource && answer.status === call.expected.status && answer.status < 400) {
      call.check?.(findings, resource, run.context, answer);
    }
  } catch (error) {
    // The rules read what STU3 says; JSON that holds something else in its place may end any of them.
    const text = `is so far from STU3 that the other rules can't be held against it (${(error as Error).message})`;
    findings.expect(false, 'form of the answer', text, PAGES.stu3);
  }
  return findings.all;
}
