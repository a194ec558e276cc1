/** Whether the sending system may send this: Spine's own directory decides. */
import type { Exchange } from '../../../core/exchange/exchange.ts';
import { nearest } from '../../../core/yaml/nearest.ts';
import { REJECTS, type Refusal } from '../errors.ts';
import type { Strictness } from '../settings.ts';
import { isIgnored, shown } from './check.ts';

/** `serviceInteraction`: as the directory lists it, `<service>:<interaction>`. */
export function checkAccess(
  strictness: Strictness,
  exchange: Exchange,
  asid: string,
  serviceInteraction: string,
): Refusal | undefined {
  if (isIgnored(REJECTS.access, strictness)) return undefined;
  const { systems } = exchange.space.world;
  const { error, name } = { error: REJECTS.access, name: 'ACCREDITED_SYSTEM' };
  const system = systems.get(asid);
  if (!system) {
    exchange.step(name, 'failed', `ASID ${shown(asid)} is not in the directory`);
    tellNearest(exchange, asid, serviceInteraction);
    const advice =
      'Send an ASID that `spine-sim endpoints list` shows, or register your system with `spine-sim endpoints register`.';
    return { error, detail: `ASID ${shown(asid)} is not in the directory`, advice };
  }
  if (!systems.isAccredited(asid, serviceInteraction)) {
    const detail = `ASID ${asid} is not accredited for ${serviceInteraction}`;
    exchange.step(name, 'failed', detail);
    return { error, detail, advice: `Add ${serviceInteraction} to the interactions of ASID ${asid}.` };
  }
  exchange.step(name, 'ok', asid);
  return undefined;
}

/** Systems that could send this, for a journal entry about one that is not known. */
const MAX_CANDIDATES = 3;

function tellNearest(exchange: Exchange, asid: string, serviceInteraction: string): void {
  const { systems } = exchange.space.world;
  const known = [...systems.values()].map((system) => system.asid);
  const alike = nearest(asid, known);
  if (alike !== undefined)
    exchange.nearMiss({ kind: 'asid', candidate: alike, reason: 'is in the directory, and alike' });
  const accredited = known.filter(
    (other) => !systems.isSpine(other) && systems.isAccredited(other, serviceInteraction),
  );
  for (const candidate of accredited.slice(0, MAX_CANDIDATES)) {
    if (candidate !== alike) {
      exchange.nearMiss({ kind: 'asid', candidate, reason: `is accredited for ${serviceInteraction}` });
    }
  }
}
