import { Table } from '../table.ts';
import type { AccreditedSystem, MessageHandler } from '../types.ts';

export class Systems extends Table<AccreditedSystem> {
  #accredited = new WeakMap<AccreditedSystem, Set<string>>();

  /** True if the system is accredited for `urn:nhs:names:services:<service>:<interaction>`. */
  isAccredited(asid: string, svcIa: string): boolean {
    const system = this.get(asid);
    if (!system) return false;
    let interactions = this.#accredited.get(system);
    if (!interactions) {
      interactions = new Set(system.interactions);
      this.#accredited.set(system, interactions);
    }
    return interactions.has(svcIa);
  }

  byOds(ods: string): AccreditedSystem[] {
    return this.where('ods', ods);
  }

  byPartyKey(partyKey: string): AccreditedSystem[] {
    return this.where('partyKey', partyKey);
  }

  /** Systems whose client certificate has that host name, where the record itself says so. */
  byFqdn(fqdn: string): AccreditedSystem[] {
    return this.where('fqdn', fqdn);
  }

  /** True for an ASID to which Spine itself answers. */
  isSpine(asid: string): boolean {
    return this.get(asid)?.spine === true;
  }

  /** True for a party key of Spine itself. */
  isSpineParty(partyKey: string): boolean {
    return this.byPartyKey(partyKey).some((system) => system.spine === true);
  }
}

export class Handlers extends Table<MessageHandler> {
  byOds(ods: string): MessageHandler[] {
    return this.where('ods', ods);
  }

  byPartyKey(partyKey: string): MessageHandler[] {
    return this.where('partyKey', partyKey);
  }

  /** Everyone who receives `urn:nhs:names:services:<service>:<interaction>`. */
  bySvcIa(svcIa: string): MessageHandler[] {
    return this.where('svcIa', svcIa);
  }

  /** The one contract of a party for an interaction. */
  contract(partyKey: string, svcIa: string): MessageHandler | undefined {
    return this.where('party', `${partyKey} ${svcIa}`)[0];
  }

  byFqdn(fqdn: string): MessageHandler[] {
    return this.where('fqdn', fqdn);
  }
}
