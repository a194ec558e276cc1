/** Which system a registration means: one that is there already, or a new one with new ids. */
import { error, type Finding, warning } from '../check/finding.ts';
import type { AccreditedSystem } from '../types.ts';
import { newAsid, newPartyKey } from './allocate.ts';
import type { EndpointWish, PlanContext } from './plan.ts';

/** The name of a product that was not given one. */
const NAMELESS = 'Test System';

export interface Identity {
  asid: string;
  partyKey: string;
  product: string;
  /** The system that is registered again. */
  before: AccreditedSystem | undefined;
}

/**
 * By its ASID where one is given, else by ODS code, product and manufacturer. A registration with an ASID of another
 * organisation is a finding.
 */
export function identify(wish: EndpointWish, { tables, space }: PlanContext, findings: Finding[]): Identity {
  const { systems, handlers } = tables;
  const { ods, manufacturer } = wish;
  const product = wish.product?.name ?? NAMELESS;
  const same = (system: AccreditedSystem) =>
    system.product?.name === product && (manufacturer === undefined || system.manufacturer === manufacturer);
  const before =
    wish.asid === undefined
      ? systems.byOds(ods).find((system) => same(system) && !system.spine && !system.unlisted)
      : systems.get(wish.asid);
  if (before && before.ods !== ods) {
    findings.push(
      error(['asid'], `${before.asid} is the ASID of ${before.ods} already`, 'leave it out to be given a new one'),
    );
  }
  if (before?.spine) findings.push(error(['asid'], `${before.asid} is Spine's own ASID`));
  const identity = { space, ods, product, manufacturer };
  const asid =
    wish.asid ?? before?.asid ?? newAsid(identity, (candidate) => systems.has(candidate) || handlers.has(candidate));
  const inUse = (key: string) => systems.byPartyKey(key).length > 0 || handlers.byPartyKey(key).length > 0;
  const partyKey = wish.partyKey ?? before?.partyKey ?? newPartyKey(identity, inUse);
  if (wish.asid !== undefined && before?.ods === ods && !same(before)) {
    const name = before.product ? `"${before.product.name}"` : 'a system without product';
    findings.push(warning(['asid'], `${before.asid} was ${name}, and is replaced`));
  }
  if (before && before.partyKey !== partyKey && wish.partyKey !== undefined) {
    findings.push(
      error(['partyKey'], `${before.asid} has the party key ${before.partyKey}`, 'remove the system first'),
    );
  }
  const alike = before ?? systems.byOds(ods).find((system) => nameKey(system.product?.name) === nameKey(product));
  if (wish.asid === undefined && alike && !before) {
    const message = `${ods} has "${alike.product?.name}" already (${alike.asid}), and this is another system`;
    findings.push(warning(['product'], message, 'write name and manufacturer as they were to register it again'));
  }
  if (wish.partyKey !== undefined && systems.isSpineParty(wish.partyKey)) {
    findings.push(
      error(['partyKey'], `${wish.partyKey} is Spine's own party key`, 'leave it out to be given a new one'),
    );
  }
  if (wish.partyKey !== undefined && wish.partyKey.split('-')[0] !== ods) {
    findings.push(
      warning(['partyKey'], `${wish.partyKey} does not begin with ${ods}`, `as a rule it is ${ods}-<6 digits>`),
    );
  }
  return { asid, partyKey, product, before };
}

/** Directories compare the name of a product without its case. */
const nameKey = (name: string | undefined) => name?.trim().toLowerCase();
