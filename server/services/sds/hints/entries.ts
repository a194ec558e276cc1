/** Near misses among the entries: which clause of a look-up excludes them, and what there is instead. */
import type { Directory } from '../directory/directory.ts';
import { compileFilter, type MatchContext } from '../directory/matcher.ts';
import { planFilter } from '../directory/plan.ts';
import { StoredView } from '../directory/storedView.ts';
import type { Filter } from '../protocol/filter.ts';
import { attribute, findAttribute } from '../schema/schema.ts';
import { type EqualityItem, requiredEqualities } from './clauses.ts';
import type { Hint } from './hint.ts';
import { nearestValue } from './near.ts';

/** Entries that are looked at for clauses without an index: the time for it is part of the answer's. */
const MAX_LOOKED_AT = 500;

/** Entries that a clause too many excludes, shown by name. */
const MAX_SHOWN = 3;

const SVC_IA = [attribute('nhsAsSvcIA'), attribute('nhsMhsSvcIA')];

/** Explains why no entry matches a filter that is made of equalities. */
export function* entryHints(filter: Filter, directory: Directory, context: MatchContext): Generator<Hint> {
  const clauses = requiredEqualities(filter);
  let missing = false;
  for (const clause of clauses) {
    const hint = unknownValue(clause, directory);
    if (hint) {
      missing = true;
      yield hint;
    }
  }
  if (missing || clauses.length < 2) return;
  yield* senderOnly(clauses, directory, context);
  for (const clause of clauses) yield* oneClauseTooMany(clause, clauses, directory, context);
}

/** A value that no entry has at all. */
function unknownValue({ attribute: name, value }: EqualityItem, directory: Directory): Hint | undefined {
  const type = findAttribute(name);
  if (!type || !directory.index.covers(type) || type.name === 'objectClass') return undefined;
  const key = type.compare.normalize(value);
  if (key === undefined || directory.index.find(type, key).length > 0) return undefined;
  const near = nearestValue(key, directory.index.keys(type));
  if (near?.toLowerCase() === key.toLowerCase()) {
    const reason = `is what there is; ${name} is compared with its case, and "${value}" was asked for`;
    return { kind: name, candidate: near, reason };
  }
  if (!near) return { kind: name, candidate: value, reason: 'no entry has this value' };
  return { kind: name, candidate: near, reason: `is the nearest value that an entry has; "${value}" has none` };
}

function match(clauses: EqualityItem[], directory: Directory, context: MatchContext): number[] {
  const filter: Filter = { type: 'and', items: clauses };
  const { ids, exact } = planFilter(filter, directory, context);
  if (!ids) return [];
  const found = ids.slice(0, MAX_LOOKED_AT);
  if (exact) return found;
  const test = compileFilter(filter, context);
  const view = new StoredView(directory);
  return found.filter((id) => {
    view.id = id;
    return test(view) === true;
  });
}

/** Entries that all clauses but one match, and what they have in its place. */
function* oneClauseTooMany(
  clause: EqualityItem,
  clauses: EqualityItem[],
  directory: Directory,
  context: MatchContext,
): Generator<Hint> {
  const others = clauses.filter((one) => one !== clause);
  const type = findAttribute(clause.attribute);
  if (!type || (others.length === 1 && findAttribute(others[0]!.attribute)?.name === 'objectClass')) return;
  for (const id of match(others, directory, context).slice(0, MAX_SHOWN)) {
    const values = directory.values(id, type);
    const dn = directory.table.dn(id);
    if (values.length === 0) {
      yield {
        kind: clause.attribute,
        candidate: dn,
        reason: `matches but for ${clause.attribute}, which it does not have`,
      };
      continue;
    }
    const near = values.length === 1 ? values[0]! : (nearestValue(clause.value, values) ?? `${values.length} others`);
    yield {
      kind: clause.attribute,
      candidate: dn,
      reason: `matches but for ${clause.attribute}=${clause.value}: it has ${near}`,
    };
  }
}

/** The interaction stands on the accredited system but has no message handler: the system sends it and does not receive it. */
function* senderOnly(clauses: EqualityItem[], directory: Directory, context: MatchContext): Generator<Hint> {
  const interaction = clauses.find((clause) => findAttribute(clause.attribute) === SVC_IA[1]);
  if (!interaction) return;
  const owner = clauses.filter(({ attribute: name }) => /^nhs(IDCode|MHSPartyKey)$/i.test(name));
  if (owner.length === 0) return;
  const sender: EqualityItem = { ...interaction, attribute: SVC_IA[0]!.name };
  for (const id of match([...owner, sender], directory, context).slice(0, 1)) {
    yield {
      kind: 'nhsMhs',
      candidate: directory.table.dn(id),
      reason:
        'is accredited for the interaction, but has no message handler for it: it sends it and does not receive it',
    };
  }
}
