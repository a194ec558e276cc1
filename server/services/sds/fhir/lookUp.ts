/** Look-ups below ou=Services, by the directory's own search and as an anonymous client sees it. */
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { explainNothing } from '../hints/explain.ts';
import { SearchOperation } from '../operations/search.ts';
import { printFilter } from '../protocol/filterText.ts';
import { type RequestOf, Scope } from '../protocol/message.ts';
import { ResultCode } from '../protocol/resultCode.ts';
import { RunningOperations } from '../running.ts';
import { ANONYMOUS } from '../session.ts';
import type { SpaceDirectory } from '../spaceDirectory.ts';
import { refuse } from './errors.ts';

/** An entry that was found: the values of each attribute that was asked for. */
export type Found = (attribute: string) => string[];

/** Where an answer takes its entries from. */
export interface Source {
  exchange: HttpExchange;
  directory: SpaceDirectory;
}

/** The entries that have all these values; a clause without one is left out. Says in the journal why there is none. */
export function lookUp(
  { exchange, directory }: Source,
  clauses: Record<string, string | undefined>,
  attributes: string[],
): Found[] {
  const items = Object.entries(clauses).flatMap(([attribute, value]) =>
    value === undefined ? [] : [{ type: 'equality' as const, attribute, value }],
  );
  const filter = { type: 'and' as const, items };
  const request: RequestOf<'search'> = {
    kind: 'search',
    base: 'ou=services,o=nhs',
    scope: Scope.sub,
    sizeLimit: 0,
    timeLimit: 0,
    typesOnly: false,
    filter,
    attributes,
  };
  const operation = new SearchOperation({
    request,
    controls: [],
    session: ANONYMOUS,
    facts: { secure: true },
    directory,
    startTls: false,
    connectionId: 0,
    running: new RunningOperations(),
  });
  const entries = operation.texts();
  exchange.step('search', 'ok', `${printFilter(filter)}: ${entries.length} entries`);
  if (operation.result.code === ResultCode.timeLimitExceeded)
    refuse('ldapTimeout', 'Ask for less, or raise sds.timeLimitSeconds.');
  if (entries.length === 0) for (const hint of explainNothing(request, directory, ANONYMOUS)) exchange.nearMiss(hint);
  return entries.map(({ attributes: held }) => {
    const values = new Map(held.map(([name, list]) => [name.toLowerCase(), list]));
    return (attribute) => values.get(attribute.toLowerCase()) ?? [];
  });
}

/** The one value that the real service can cope with; it breaks where there are more. */
export function only(found: Found, attribute: string): string | undefined {
  const values = found(attribute);
  if (values.length <= 1) return values[0];
  return refuse(
    'internal',
    `The entry has ${values.length} values of ${attribute}, which clients of LDAP can read and this interface can't.`,
    `LDAP returned more than 1 '${attribute}' attribute`,
  );
}
