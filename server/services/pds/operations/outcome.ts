/** How a query ends: replies and failures, noted in the journal. */
import type { InteractionReply, InteractionRequest, Reason } from '../../../core/interactions/registry.ts';
import type { Generation } from '../generation.ts';
import { type Failure, queryFailure } from '../issues.ts';

/** `detail`: what was found, for the journal only. */
export function refuse(
  { exchange }: InteractionRequest,
  generation: Generation,
  failure: Failure,
  detail: string,
): InteractionReply {
  const { code, displayName } = failure[1] ?? failure[0];
  exchange.step('PDS', 'failed', detail);
  exchange.refuse(code, displayName, `PDS could not answer the query: ${detail}.`);
  return queryFailure(generation, failure);
}

/** A successful query; `reasons` are warnings. */
export function found(
  interaction: string,
  generation: Generation,
  subject: string,
  reasons: readonly Reason[] = [],
): InteractionReply {
  return {
    interaction,
    acknowledgement: 'AA',
    versionCode: generation.versionCode,
    reasons: [...reasons],
    subject,
    queryResponseCode: 'OK',
  };
}

/** What a definition of a query has in common, whatever it asks. */
export interface QueryDefinition {
  interaction: string;
  reply: string;
  generation: Generation;
  /** Where the shape of the generation is known in part only. */
  status?: 'shaped';
}

/** Today by the clock of the exchange's space, `YYYY-MM-DD`. */
export const todayOf = ({ exchange }: InteractionRequest): string => exchange.space.clock.iso().slice(0, 10);
