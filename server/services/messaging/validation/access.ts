/** Whether the sending system may send this: Spine's own directory decides. */
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { REJECTS, type Refusal } from '../errors.ts';
import { shown } from './check.ts';

/** `serviceInteraction`: as the directory lists it, `<service>:<interaction>`. */
export function checkAccess(exchange: HttpExchange, asid: string, serviceInteraction: string): Refusal | undefined {
  const { systems } = exchange.space.world;
  const { error, name } = { error: REJECTS.access, name: 'ACCREDITED_SYSTEM' };
  const system = systems.get(asid);
  if (!system) {
    exchange.step(name, 'failed', `ASID ${shown(asid)} is not in the directory`);
    const advice = 'Register the ASID in the world (systems), or send one that is there.';
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
