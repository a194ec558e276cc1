/** How a query ends: replies and failures, noted in the journal. */
import { londonDay } from '../../../core/clock/london.ts';
import { nearestTo } from '../../../core/demographics/nearest.ts';
import type { TraceQuery } from '../../../core/demographics/trace.ts';
import type { Change } from '../../../core/demographics/update/change.ts';
import { UpdateFault } from '../../../core/demographics/update/fault.ts';
import type {
  InteractionHandler,
  InteractionReply,
  InteractionRequest,
  Reason,
} from '../../../core/interactions/registry.ts';
import { adviceForChange, adviceForQuery } from '../advice.ts';
import type { Generation } from '../generation.ts';
import { type Failure, queryFailure, updateReasons } from '../issues.ts';
import { settingsOf } from '../settings.ts';

/** `detail`: what was found, a sentence for the journal only. */
export function refuse(
  { exchange }: InteractionRequest,
  generation: Generation,
  failure: Failure,
  detail: string,
): InteractionReply {
  const { code } = failure[1] ?? failure[0];
  exchange.step('PDS', 'failed', detail);
  exchange.refuse(code, detail, adviceForQuery(code));
  return queryFailure(generation, failure);
}

/** Tells the journal which of the organisations that a change names the directory does not have: PDS itself does not ask it. */
export function explainUnknown({ exchange }: InteractionRequest, codes: readonly (string | undefined)[]): void {
  for (const ods of new Set(codes)) {
    if (ods === undefined || exchange.space.world.organisations.get(ods)) continue;
    exchange.step('PDS', 'info', `the directory has no organisation ${ods}: nothing can be sent there`);
  }
}

/** Tells the journal whom a trace may have meant that found nobody. */
export async function explainNobody(request: InteractionRequest, query: Partial<TraceQuery>): Promise<void> {
  const { exchange } = request;
  for (const { nhsNumber, reason } of await nearestTo(exchange.space.world, query, todayOf(request))) {
    exchange.nearMiss({ kind: 'patient', candidate: nhsNumber, reason });
  }
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

/** Who changes what, for the record's history. */
export const changeOf = ({ fromAsid, messageId }: InteractionRequest): Change => ({
  source: fromAsid,
  message: messageId,
});

/** The day that it is in London by the clock of the exchange's space, `YYYY-MM-DD`: the dates of a record are of that calendar. */
export const todayOf = ({ exchange }: InteractionRequest): string => londonDay(exchange.space.clock.now());

/** How a record is shown in the answer to a request. */
export function viewing(request: InteractionRequest) {
  const { stopNoted, mim42Record } = settingsOf(request);
  return { today: todayOf(request), stopNoted, mim42Record };
}

/** A change that was done. Its subject is one of its own, outside of the conduction of the act. */
export function changed(
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
    subjectConduction: true,
  };
}

/** What PDS says of a change that it could not make: an application acknowledgement with the reasons. */
export function refuseChange({ exchange }: InteractionRequest, fault: UpdateFault): InteractionReply {
  const reasons = updateReasons(fault);
  const { code, displayName } = reasons.at(-1)!;
  exchange.step('PDS', 'failed', fault.message);
  exchange.refuse(code, displayName, adviceForChange(fault));
  return { interaction: 'MCCI_IN010000UK13', acknowledgement: 'AE', versionCode: ERROR_VERSION, reasons };
}

/** What acknowledgements with errors say, whatever the generation of the request. */
const ERROR_VERSION = 'V3NPfIT3.0';

/** The handler of an interaction that changes records: `make` does it, and an UpdateFault of it becomes the answer. */
export function changing<Definition extends QueryDefinition>(
  definition: Definition,
  make: (definition: Definition, request: InteractionRequest) => Promise<InteractionReply>,
): InteractionHandler {
  const { interaction, status } = definition;
  return {
    service: 'pds',
    interactions: [interaction],
    changes: true,
    status,
    async handle(request) {
      try {
        return await make(definition, request);
      } catch (error) {
        if (error instanceof UpdateFault) return refuseChange(request, error);
        throw error;
      }
    },
  };
}
