/** Look-ups: which mailboxes receive a workflow, everywhere or at one organisation. They need no Authorization header. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { Mailbox } from '../../../core/world/types.ts';
import { json } from '../answers.ts';
import type { Call } from '../call.ts';
import { MAX_NEAR_MISSES } from '../limits.ts';
import { lookUp, receiversOf } from '../mailbox/directory.ts';
import { newQueryId } from '../messageId.ts';

const line = ({ id, name }: Mailbox) => ({ mailbox_id: id, mailbox_name: name });

/** By organisation and workflow: the code in any case, since it is one code in all of them. */
export function endpointLookup(call: Call): HttpAnswer {
  const { exchange, space, version } = call;
  const ods = (exchange.params.ods ?? '').trim().toUpperCase();
  const workflow = (exchange.params.workflow ?? '').trim();
  const found = lookUp(space, ods, workflow);
  if (found.length === 0) explain(call, ods, workflow);
  if (version === 2) return json(200, { results: found.map(line) });
  const results = found.map(({ id, name }) => ({ address: id, description: name, endpoint_type: 'MESH' }));
  return json(200, { query_id: newQueryId(space), results });
}

/** By workflow alone; the shape is always that of v2. */
export function workflowSearch(call: Call): HttpAnswer {
  const workflow = (call.exchange.params.workflow ?? '').trim();
  return json(200, { results: receiversOf(call.space, workflow).map(line) });
}

/** An empty result is no error on the wire; the journal says what there is. */
function explain({ exchange, space }: Call, ods: string, workflow: string): void {
  const receivers = receiversOf(space, workflow);
  exchange.step('lookup', 'failed', `no mailbox of ${ods} receives ${workflow}`);
  for (const { id, ods: other } of receivers.slice(0, MAX_NEAR_MISSES)) {
    exchange.nearMiss({ kind: 'mailbox', candidate: id, reason: `receives ${workflow} at ${other}` });
  }
  if (receivers.length > 0) return;
  for (const { id } of [...space.world.mailboxes.byOds(ods)].slice(0, MAX_NEAR_MISSES)) {
    exchange.nearMiss({ kind: 'mailbox', candidate: id, reason: `is at ${ods} and does not receive ${workflow}` });
  }
}
