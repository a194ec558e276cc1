/** What a system lists, and what of it is received at which address. */
import type { Path } from '../../yaml/document.ts';
import { type Finding, warning } from '../check/finding.ts';
import { patternOf } from '../pattern.ts';
import type { Tables } from '../tables/tables.ts';
import type { ContractProperties } from '../types.ts';
import { answersTo, isAnswer } from './answers.ts';
import { isFhirName, spineContract, termsOf } from './contract.ts';
import { InteractionNames, knownInteractions, shortName } from './names.ts';
import type { EndpointWish } from './plan.ts';

/** An interaction that the system receives. */
export interface Received {
  name: string;
  /** Undefined: that of the whole registration. */
  url: string | undefined;
  contract: ContractProperties | undefined;
  /** What in the registration asks for it. */
  path: Path;
}

export interface Use {
  /** All, as the accredited system lists them. */
  listed: string[];
  received: Received[];
  answers: string[];
}

export function planUse(wish: EndpointWish, tables: Tables, findings: Finding[]): Use {
  const names = new InteractionNames(knownInteractions(tables), findings);
  const received = new Map<string, Received>();
  const sent = new Set<string>();
  const receive = (name: string, path: Path, more: Partial<Received> = {}) => {
    if (!received.has(name)) received.set(name, { name, url: undefined, contract: undefined, path, ...more });
  };
  const each = (list: readonly string[], place: Path, take: (name: string, path: Path) => void) => {
    for (const [index, written] of list.entries()) {
      const path = [...place, index];
      for (const name of names.resolve(written, path)) take(name, path);
    }
  };

  for (const [index, { interactions, url, contract }] of wish.addresses.entries()) {
    each(interactions, ['addresses', index, 'interactions'], (name, path) => receive(name, path, { url, contract }));
  }
  each(wish.receives, ['receives'], receive);
  each(wish.sends, ['sends'], (name) => sent.add(name));
  const reachable = wish.url !== undefined || wish.fqdn !== undefined;
  each(wish.interactions, ['interactions'], (name, path) => {
    if (received.has(name)) return;
    const way = directionOf(name, reachable, tables);
    if (way !== 'received') sent.add(name);
    if (way !== 'sent' && reachable) receive(name, path);
    if (way === 'received' && !reachable) {
      sent.add(name);
      findings.push(
        warning(path, `${shortName(name)} is received, and there is no url where`, 'add url, or leave it out'),
      );
    }
  });

  const answers: string[] = [];
  if (wish.answers && reachable) {
    for (const name of sent) {
      for (const answer of answersOf(name, tables)) {
        if (received.has(answer)) continue;
        receive(answer, ['answers']);
        answers.push(answer);
      }
    }
  }
  return { listed: [...new Set([...sent, ...received.keys()])], received: [...received.values()], answers };
}

/**
 * What Spine forwards goes both ways; what Spine itself answers is sent to it, what only ever answers comes from it. FHIR is
 * received by who has an address. What nobody knows is both.
 */
function directionOf(name: string, reachable: boolean, tables: Tables): 'sent' | 'received' | 'both' {
  const { interaction } = termsOf(name, tables);
  const spine = spineContract(name, tables);
  const pattern = spine && patternOf(spine);
  if (pattern?.startsWith('forward')) return 'both';
  if (isAnswer(interaction)) return 'received';
  if (spine) return 'sent';
  if (isFhirName(name)) return reachable ? 'received' : 'sent';
  return 'both';
}

function answersOf(name: string, tables: Tables): string[] {
  const spine = spineContract(name, tables);
  if (!spine) return [];
  const { service, interaction } = spine;
  return answersTo(shortName(service), interaction, patternOf(spine))
    .map((answer) => `${service}:${answer}`)
    .filter((answer) => spineContract(answer, tables) !== undefined);
}
