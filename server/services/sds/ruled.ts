/** The way of an operation that a rule decides: its default answer as texts, what became of it, and back to octets. */
import { BerWriter } from './ber/writer.ts';
import { writeTextEntry } from './directory/encodeEntry.ts';
import type { TextEntry } from './directory/textEntry.ts';
import type { Ruling } from './hooks.ts';
import type { Outcome } from './operations/operation.ts';
import { encodeResult } from './protocol/encode.ts';
import type { AnsweredKind } from './protocol/message.ts';
import { isSuccess } from './protocol/resultCode.ts';
import { ANONYMOUS } from './session.ts';

export interface DefaultAnswer {
  outcome: Outcome;
  entries: TextEntry[];
}

export interface RuledAnswer {
  outcome: Outcome;
  entries: readonly TextEntry[];
  /** What the connection sends before it is cut; undefined where it is not. */
  cut: Buffer | undefined;
  silent: boolean;
}

/** Runs an operation inside a ruling. Rejects when the rule itself fails. */
export async function answerByRule(
  ruling: Ruling,
  messageId: number,
  kind: AnsweredKind,
  behaviour: () => Promise<DefaultAnswer>,
): Promise<RuledAnswer> {
  let original: Outcome | undefined;
  const { answer, cutAfter, silent } = await ruling(async () => {
    const { outcome, entries } = await behaviour();
    original = outcome;
    return { entries, ...outcome.result };
  });
  const { entries, code, matchedDn, message } = answer;
  const outcome = ruledOutcome(kind, original, { code, matchedDn, message });
  const cut = cutAfter === undefined ? undefined : cutOctets(messageId, kind, outcome, entries, cutAfter);
  return { outcome, entries, cut, silent: silent ?? false };
}

/** A bind or StartTLS that a rule made to fail has no effect. */
function ruledOutcome(kind: AnsweredKind, original: Outcome | undefined, result: Outcome['result']): Outcome {
  if (!original) return kind === 'bind' && !isSuccess(result.code) ? { result, session: ANONYMOUS } : { result };
  if (isSuccess(result.code)) return { ...original, result };
  const { controls, extended, session } = original;
  return { result, controls, extended, session: session && ANONYMOUS };
}

/** So many whole entries, and half of the message after them. */
function cutOctets(
  messageId: number,
  kind: AnsweredKind,
  { result, controls, extended }: Outcome,
  entries: readonly TextEntry[],
  whole: number,
): Buffer {
  const writer = new BerWriter();
  writeEntries(writer, messageId, entries.slice(0, whole));
  const start = writer.length;
  if (whole < entries.length) writeEntries(writer, messageId, entries.slice(whole, whole + 1));
  else encodeResult(writer, messageId, kind, result, controls, extended);
  const end = start + Math.ceil((writer.length - start) / 2);
  return writer.take().subarray(0, end);
}

export function writeEntries(writer: BerWriter, messageId: number, entries: readonly TextEntry[]): void {
  for (const { dn, attributes } of entries) writeTextEntry(writer, messageId, dn, attributes);
}
