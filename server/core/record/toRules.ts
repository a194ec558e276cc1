/** Rules that give again what was answered. */
import type { JournalEntry } from '../journal/entry.ts';
import { bodyView } from '../journal/view.ts';
import type { Action } from '../rules/definition/action.ts';
import type { When } from '../rules/definition/condition.ts';
import type { RuleDefinition } from '../rules/definition/rule.ts';
import type { Scrubber } from './scrub.ts';

/** Made by whoever sends an answer, or true of one moment only. */
const NOT_KEPT = new Set(['content-length', 'transfer-encoding', 'connection', 'date', 'via', 'keep-alive', 'server']);

export interface Recording {
  rules: RuleDefinition[];
  /** Exchanges of which no rule could be made, and why. */
  skipped: { id: string; reason: string }[];
}

export interface RecordOptions {
  /** Compare instead of answer. */
  diff: boolean;
  scrubber: Scrubber;
}

/**
 * Oldest first. The same request more than once becomes rules for its first, second ... time; the last answer stays. What an
 * answer repeats of the ids of its request, it takes from the request of the day.
 */
export function toRules(entries: readonly JournalEntry[], options: RecordOptions): Recording {
  const recording: Recording = { rules: [], skipped: [] };
  const rulesOf = new Map<string, RuleDefinition[]>();
  for (const entry of entries) {
    const reason = unfit(entry);
    if (reason !== undefined) {
      recording.skipped.push({ id: entry.id, reason });
      continue;
    }
    const when = whenOf(entry, options.scrubber);
    const key = JSON.stringify(when);
    const same = rulesOf.get(key) ?? [];
    rulesOf.set(key, same);
    const what = (entry.interaction ?? entry.operation ?? entry.service).replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 60);
    const name = `recorded-${recording.rules.length + 1}-${what}`;
    const rule: RuleDefinition = { name, when, do: actionOf(entry, options) };
    same.push(rule);
    recording.rules.push(rule);
  }
  for (const same of rulesOf.values()) {
    if (same.length < 2) continue;
    for (const [index, rule] of same.entries()) {
      // The rule that decides ends the look; each counts only what those before it left.
      rule.when = index === same.length - 1 ? rule.when! : { ...rule.when, call: 1 };
    }
  }
  return recording;
}

function unfit({ protocol, direction, status, response }: JournalEntry): string | undefined {
  if (protocol !== 'http' || direction !== 'inbound') return 'only requests over HTTP that came in are recorded';
  if (status === undefined) return 'there was no answer';
  const body = bodyView(response.body);
  if (body?.truncated) return 'the journal kept only a part of the answer (journal.maxBodyBytes)';
  return body?.base64 === undefined ? undefined : 'the answer is not text';
}

function whenOf(
  { service, operation, interaction, method, path = '/', identity }: JournalEntry,
  scrubber: Scrubber,
): When {
  const [plain, query] = path.split('?', 2) as [string, string | undefined];
  const when: When = { service };
  if (operation !== undefined) when.operation = operation;
  if (interaction !== undefined) when.interaction = interaction;
  if (method !== undefined) when.method = method;
  when.path = scrubber.text(plain);
  const { nhsNumber, mailbox } = identity;
  if (nhsNumber !== undefined) when.nhsNumber = scrubber.nhsNumber(nhsNumber);
  if (mailbox !== undefined) when.mailbox = mailbox;
  if (query) {
    const parameters = [...new URLSearchParams(scrubber.text(`?${query}`).slice(1))].filter(
      ([, value]) => value !== '***',
    );
    if (parameters.length > 0) when.query = Object.fromEntries(parameters);
  }
  return when;
}

function actionOf(entry: JournalEntry, { diff, scrubber }: RecordOptions): Action {
  const { status = 200, response, identity } = entry;
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of response.headers ?? []) {
    if (NOT_KEPT.has(name.toLowerCase())) continue;
    const kept = scrubber.text(value);
    const known = headers[name];
    headers[name] = known === undefined ? kept : [known, kept].flat();
  }
  let body = scrubber.text(bodyView(response.body)?.text ?? '');
  let isTemplate = false;
  if (!body.includes('{{')) {
    for (const name of ['messageId', 'conversationId'] as const) {
      const id = identity[name];
      if (id === undefined || id.length < 8 || !body.includes(id)) continue;
      body = body.replaceAll(id, `{{${name}}}`);
      isTemplate = true;
    }
  }
  const answer = { status, headers, body };
  return { ...(isTemplate ? { template: answer } : { answer }), ...(diff ? { diff } : {}) };
}
