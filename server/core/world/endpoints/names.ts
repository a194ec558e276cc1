/** From what a developer writes for an interaction to the names that the directory has. */
import type { Path } from '../../yaml/document.ts';
import { nearest } from '../../yaml/nearest.ts';
import { error, type Finding, warning } from '../check/finding.ts';
import { fullInteraction, SERVICES } from '../formats.ts';
import { svcIa } from '../kinds.ts';
import type { Tables } from '../tables/tables.ts';

/** The short form, in which people read and compare names. */
export const shortName = (name: string): string => (name.startsWith(SERVICES) ? name.slice(SERVICES.length) : name);

/** Interactions that some system lists or some message handler receives, in full. */
export function knownInteractions({ systems, handlers }: Pick<Tables, 'systems' | 'handlers'>): Set<string> {
  const known = new Set<string>();
  for (const handler of handlers.values()) known.add(svcIa(handler));
  for (const { interactions } of systems.values()) for (const name of interactions) known.add(name);
  return known;
}

/** Reads names as people write them, each fault told at its own path. */
export class InteractionNames {
  #known: Set<string>;
  #findings: Finding[];

  constructor(known: Set<string>, findings: Finding[]) {
    this.#known = known;
    this.#findings = findings;
  }

  isKnown(name: string): boolean {
    return this.#known.has(name);
  }

  /** `pdsquery:QUPA_IN000008UK02`, the urn in full, the SOAPAction of it, the bare interaction, `gp2gp:*`. */
  resolve(written: string, path: Path): string[] {
    const text = this.#withoutSlash(written.trim(), path);
    if (text.endsWith('*')) return this.#all(text, path);
    const full = fullInteraction(text);
    if (this.#known.has(full)) return [full];
    return text.includes(':') ? this.#unheardOf(full, path) : this.#bare(text, path);
  }

  /** SOAPAction and wsa:Action have a slash where the directory has a colon. */
  #withoutSlash(text: string, path: Path): string {
    const action = /^((?:urn:)?[^/\s]+)\/([^/\s]+)$/.exec(text);
    if (!action) return text;
    const name = `${action[1]}:${action[2]}`;
    this.#findings.push(warning(path, `"${text}" is written as in a SOAPAction`, `the directory has ${name}`));
    return name;
  }

  #all(text: string, path: Path): string[] {
    const start = fullInteraction(text.slice(0, -1));
    const names = [...this.#known].filter((name) => name.startsWith(start)).sort();
    if (names.length === 0) {
      const services = new Set([...this.#known].map((name) => `${shortName(name).split(':')[0]}:*`));
      const guess = nearest(shortName(text), services);
      this.#findings.push(error(path, `nothing is known that begins with ${shortName(start)}`, meant(guess)));
    }
    return names;
  }

  /** Without a service: right where one service alone has it. */
  #bare(text: string, path: Path): string[] {
    const names = [...this.#known].filter((name) => name.endsWith(`:${text}`)).sort();
    if (names.length === 1) return names;
    if (names.length > 1) {
      const services = names.map(shortName);
      const shown = services.length > MAX_SHOWN ? [...services.slice(0, MAX_SHOWN), '...'] : services;
      this.#findings.push(error(path, `several services have ${text}`, `write one of ${shown.join(', ')}`));
      return [];
    }
    const service = [...this.#known].filter((name) => name.startsWith(`${SERVICES}${text}:`));
    if (service.length > 0) {
      this.#findings.push(error(path, `${text} is a service, not an interaction`, `write ${text}:* for all of it`));
      return [];
    }
    const endings = new Map([...this.#known].map((name) => [name.slice(name.lastIndexOf(':') + 1), name]));
    const guess = nearest(text, endings.keys());
    const suggestion = meant(guess && shortName(endings.get(guess)!));
    this.#findings.push(error(path, `"${text}" names no service, and no service has it`, suggestion));
    return [];
  }

  #unheardOf(full: string, path: Path): string[] {
    if (!/^urn:.+:[^:]+$/.test(full)) {
      this.#findings.push(error(path, `"${full}" is no service and interaction`, 'write pdsquery:QUPA_IN000008UK02'));
      return [];
    }
    const guess = nearest(shortName(full), [...this.#known].map(shortName));
    this.#findings.push(warning(path, `nobody sends or receives ${shortName(full)}`, meant(guess)));
    return [full];
  }
}

/** How many services of one interaction are listed in a message. */
const MAX_SHOWN = 8;

const meant = (guess: string | undefined) => guess && `did you mean "${guess}"?`;
