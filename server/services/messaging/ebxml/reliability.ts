/** What the contract asks of the header (ebMS 2.0 6.3): acknowledgement, duplicate elimination, synchronous reply, time to live. */
import type { Exchange } from '../../../core/exchange/exchange.ts';
import type { Pattern } from '../../../core/interactions/registry.ts';
import { MESSAGE_ERRORS, type Refusal } from '../errors.ts';
import type { Profile, Strictness } from '../settings.ts';
import { type Check, runChecks, shown } from '../validation/check.ts';
import type { Contract } from './contract.ts';
import type { EbxmlMessage } from './message.ts';

export interface ReliabilitySubject {
  message: EbxmlMessage;
  contract: Contract;
  profile: Profile;
  now: number;
}

/** Messages of these patterns are checked as strictly as their contract by default; senders of others vary. */
const STRICT: readonly Pattern[] = ['reliable'];

export const insists = ({ contract, profile }: ReliabilitySubject) =>
  profile === 'eis' || STRICT.includes(contract.pattern);

export const RELIABILITY_CHECKS: readonly Check<ReliabilitySubject>[] = [
  {
    error: MESSAGE_ERRORS.timeToLive,
    find: ({ message: { header }, now }) => {
      const end = header.timeToLive === undefined ? Number.NaN : Date.parse(zoned(header.timeToLive));
      return end < now ? `TimeToLive was ${header.timeToLive}` : undefined;
    },
    advice: 'Send the message before its time to live has passed, by the clock of the simulator.',
  },
  {
    error: MESSAGE_ERRORS.duplicateElimination,
    find: (subject) => {
      const sent = subject.message.header.duplicateElimination;
      return insists(subject) ? differs(sent, subject.contract.handler.contract.duplicateElimination) : undefined;
    },
    advice: 'Send eb:DuplicateElimination when the contract says always, and only then.',
  },
  {
    error: MESSAGE_ERRORS.ackRequested,
    find: (subject) => {
      const sent = subject.message.header.ackRequested !== undefined;
      return insists(subject) ? differs(sent, subject.contract.handler.contract.ackRequested) : undefined;
    },
    advice: 'Send eb:AckRequested when the contract says always, and only then.',
  },
  {
    error: MESSAGE_ERRORS.ackRequestedActor,
    find: (subject) => {
      const { actor } = subject.contract.handler.contract;
      const sent = subject.message.header.ackRequested;
      if (!sent || !actor || !insists(subject) || sent.actor === actor) return undefined;
      return `the actor is ${shown(sent.actor)}, the contract says ${actor}`;
    },
    advice: 'Send AckRequested with the actor of the contract (nhsMHSActor).',
  },
  {
    error: MESSAGE_ERRORS.syncReply,
    find: (subject) => {
      const { contract, pattern } = { contract: subject.contract.handler.contract, pattern: subject.contract.pattern };
      // An express message may ask for a synchronous reply or leave it out.
      if (!insists(subject) || pattern === 'express') return undefined;
      const wanted = contract.syncReplyMode === 'MSHSignalsOnly' ? 'always' : 'never';
      return differs(subject.message.header.syncReply !== undefined, wanted);
    },
    advice: 'Send eb:SyncReply when nhsMHSSyncReplyMode is MSHSignalsOnly, and not when it is None.',
  },
];

export function checkReliability(
  exchange: Exchange,
  strictness: Strictness,
  message: EbxmlMessage,
  contract: Contract,
): Refusal | undefined {
  return runChecks(exchange, strictness, RELIABILITY_CHECKS, {
    message,
    contract,
    profile: strictness.profile,
    now: exchange.space.clock.now(),
  });
}

function differs(sent: boolean, wanted: string | undefined): string | undefined {
  if (wanted === 'always' && !sent) return 'the contract says always, the message has none';
  if (wanted === 'never' && sent) return 'the contract says never, the message has one';
  return undefined;
}

/** Some senders leave out the Z; the time is UTC all the same. */
export function zoned(timestamp: string): string {
  return /(?:Z|[+-]\d\d:?\d\d)$/.test(timestamp) ? timestamp : `${timestamp}Z`;
}
