/** The query of a search: what may be in it, and what it looks for. */
import { badRequest } from './errors.ts';
import { SYSTEM } from './names.ts';

export interface Wanted {
  ods: string | undefined;
  interaction: string | undefined;
  partyKey: string | undefined;
  manufacturer: string | undefined;
}

const IDENTIFIER = 'identifier';
const MANUFACTURER = 'manufacturing-organization';

/** The systems that the values of a parameter may have. */
const ALLOWED: Record<string, readonly string[]> = {
  organization: [SYSTEM.ods],
  [IDENTIFIER]: [SYSTEM.interaction, SYSTEM.partyKey],
  [MANUFACTURER]: [SYSTEM.ods],
};

const written = (name: string, system: string) => `${name}=${system}|value`;

/** The last value of that system that is not blank. */
function lastValue(query: URLSearchParams, name: string, system: string): string | undefined {
  const values = query.getAll(name).map((value) => value.trim());
  const fitting = values.filter((value) => value.startsWith(`${system}|`)).map((one) => one.slice(system.length + 1));
  return fitting.findLast((value) => value.trim() !== '');
}

/** What is looked for, as far as it can be read. */
export function readWanted(query: URLSearchParams): Wanted {
  return {
    ods: lastValue(query, 'organization', SYSTEM.ods),
    interaction: lastValue(query, IDENTIFIER, SYSTEM.interaction),
    partyKey: lastValue(query, IDENTIFIER, SYSTEM.partyKey),
    manufacturer: lastValue(query, MANUFACTURER, SYSTEM.ods),
  };
}

function missing(name: string, system: string): never {
  const form = written(name, system);
  const problem = `Missing or invalid '${name}' query parameter. Should be '${form}'`;
  return badRequest(problem, `Send ${form}; the system before the bar must be exactly that.`);
}

/** Refuses parameters and systems that the search does not have, the first in the order of the query. */
function checkNames(query: URLSearchParams, names: readonly string[]): void {
  for (const name of new Set(query.keys())) {
    if (!names.includes(name)) badRequest(`Illegal query parameter '${name}'`, `Send ${names.join(', ')} only.`);
    const systems = ALLOWED[name]!;
    const wrong = query.getAll(name).some((value) => !systems.some((system) => value.startsWith(`${system}|`)));
    if (!wrong) continue;
    if (systems.length === 1) missing(name, systems[0]!);
    // The bracket is left open on the wire.
    const forms = systems.map((system) => `'${written(name, system)}'`).join(', ');
    const problem = `Missing or invalid '${name}' query parameter. Should be one or both of: [${forms}`;
    badRequest(problem, `Begin each ${name} with one of these systems and a bar.`);
  }
}

export function checkDeviceQuery(query: URLSearchParams, { ods, interaction }: Wanted): void {
  checkNames(query, ['organization', IDENTIFIER, MANUFACTURER]);
  if (!ods) missing('organization', SYSTEM.ods);
  if (!interaction) missing(IDENTIFIER, SYSTEM.interaction);
}

export function checkEndpointQuery(query: URLSearchParams, { ods, interaction, partyKey }: Wanted): void {
  checkNames(query, ['organization', IDENTIFIER]);
  if ([ods, interaction, partyKey].filter(Boolean).length >= 2) return;
  const [org, svc, key] = [
    written('organization', SYSTEM.ods),
    written(IDENTIFIER, SYSTEM.interaction),
    written(IDENTIFIER, SYSTEM.partyKey),
  ];
  // Nothing stands between the combinations on the wire.
  const forms = [`${org}&${svc}&${key}`, `${org}&${svc}`, `${org}&${key}`, `${svc}&${key}`].map((one) => `'${one}'`);
  const problem = `Missing or invalid query parameters. Should one of following combinations: [${forms.join('')}]`;
  badRequest(problem, 'Send at least two of: organization, the interaction, the party key.');
}
