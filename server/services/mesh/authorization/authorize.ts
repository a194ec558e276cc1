/** Whether a request may act for the mailbox of its path: the checks of the service in their order. */
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { Mailbox } from '../../../core/world/types.ts';
import { ERRORS, type MeshError } from '../errors.ts';
import { mailboxOf, nearMailbox } from '../mailbox/directory.ts';
import type { Mesh } from '../mesh.ts';
import { HOUR_MS, MINUTE_MS, tokenTime } from '../times.ts';
import { hashFault } from './hashFault.ts';
import { isHash, isWellFormed, parseToken, type Token } from './token.ts';

/** How long a used token is remembered when its timestamp is not checked. */
const UNTIMED_KEEP_MS = 4 * HOUR_MS;

/** The nonce that passes in canned mode. */
const CANNED_NONCE = 'VALID';

const TIME_ADVICE =
  'Send the time in UTC. If the simulated clock was moved (`spine-sim clock` shows it), send its time or set it back (`spine-sim clock reset`).';

export interface Refused {
  refused: MeshError;
  /** In the journal, beside the error's own text. */
  why?: string;
  /** In the journal, in place of the error's own. */
  advice?: string;
}

/** `mailboxId`: from the path, already in upper case. */
export function authorize(mesh: Mesh, exchange: HttpExchange, mailboxId: string): Mailbox | Refused {
  const { rules } = mesh;
  if (rules.authorization === 'none') return mailboxOf(exchange.space, mailboxId) ?? unknown(exchange, mailboxId);
  const header = exchange.header('authorization')?.trim();
  if (!header) return { refused: ERRORS.authorizationUnreadable, why: 'there is no Authorization header' };
  const token = parseToken(header);
  if (token.mailbox !== mailboxId) {
    return { refused: ERRORS.mailboxMismatch, ...mismatch(token, mailboxId) };
  }
  if (rules.authorization === 'canned') {
    if (token.nonce.toUpperCase() !== CANNED_NONCE) return { refused: ERRORS.badToken, why: 'the nonce is not VALID' };
    return mailboxOf(exchange.space, mailboxId) ?? unknown(exchange, mailboxId);
  }
  if (!isWellFormed(token)) return { refused: ERRORS.authorizationUnreadable, why: malformation(token) };
  const mailbox = mailboxOf(exchange.space, mailboxId);
  if (!mailbox) return unknown(exchange, mailboxId);
  if (!isHash(token, mailbox.password, rules.sharedKey)) {
    return { refused: ERRORS.badToken, why: hashFault(token, mailbox.password, rules.sharedKey) };
  }
  return strictFault(mesh, exchange, mailbox, token) ?? mailbox;
}

/** What the service checks and local stand-ins do not: time, replay, activity. */
function strictFault(mesh: Mesh, exchange: HttpExchange, mailbox: Mailbox, token: Token): Refused | undefined {
  const { rules } = mesh;
  const { space } = exchange;
  const now = space.clock.now();
  const windowMs = rules.clockWindowMinutes * MINUTE_MS;
  if (windowMs > 0) {
    const at = tokenTime(token.timestamp);
    if (at === undefined) {
      const why = `the timestamp "${token.timestamp}" is not of the form yyyyMMddHHmm`;
      return { refused: ERRORS.badToken, why, advice: 'Send the time in UTC in twelve digits, yyyyMMddHHmm.' };
    }
    if (Math.abs(at - now) > windowMs) {
      const minutes = Math.round(Math.abs(at - now) / MINUTE_MS);
      const side = at < now ? 'before' : 'after';
      const why = `the timestamp ${token.timestamp} is ${minutes} minutes ${side} the time here, ${space.clock.iso()}, and ${rules.clockWindowMinutes} are allowed`;
      return { refused: ERRORS.badToken, why, advice: TIME_ADVICE };
    }
  }
  if (rules.refuseReplay) {
    const { tokens } = mesh.states.of(space.name);
    // A timestamp at the far end of the window stays good for twice its length.
    const fresh = tokens.use(mailbox.id, token.nonce, token.nonceCount, now, 2 * windowMs || UNTIMED_KEEP_MS);
    if (!fresh) {
      return {
        refused: ERRORS.replayedToken,
        why: `nonce ${token.nonce} with count ${token.nonceCount} was used before`,
      };
    }
  }
  if (rules.refuseInactive && !mailbox.active) return { refused: ERRORS.inactiveMailbox };
  return undefined;
}

function unknown(exchange: HttpExchange, mailboxId: string): Refused {
  const near = nearMailbox(exchange.space, mailboxId);
  if (near !== undefined)
    exchange.nearMiss({ kind: 'mailbox', candidate: near, reason: `is the nearest to ${mailboxId}` });
  return { refused: ERRORS.unknownMailbox, why: `there is no mailbox ${mailboxId} in space ${exchange.space.name}` };
}

function mismatch(token: Token, mailboxId: string): { why: string; advice?: string } {
  if (token.parts === 1) {
    return { why: `the header has no token: there is no ":" in it`, advice: ERRORS.authorizationUnreadable.advice };
  }
  return { why: `the token is for "${token.mailbox}", the path for "${mailboxId}"` };
}

function malformation(token: Token): string {
  if (token.parts !== 5) return `the token has ${token.parts} parts, not 5`;
  return /^\d+$/.test(token.nonceCount)
    ? 'the mailbox has a blank in it'
    : `the nonce count "${token.nonceCount}" is not a number`;
}
