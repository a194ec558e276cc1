/** Near misses among the entries: which clause of a look-up excludes them, and what there is instead. */
import type { Directory } from '../directory/directory.ts';
import { compileFilter, type MatchContext } from '../directory/matcher.ts';
import { Search } from '../directory/search.ts';
import type { Filter, FilterItem } from '../protocol/filter.ts';
import { printFilter } from '../protocol/filterText.ts';
import { Scope } from '../protocol/message.ts';
import type { AttributeType } from '../schema/attributeType.ts';
import { escapeDnValue, normalizeDn, parseDn } from '../schema/dn.ts';
import { attribute, findAttribute } from '../schema/schema.ts';
import { alternatives, type EqualityItem, isEquality, items, requiredClauses } from './clauses.ts';
import type { Hint } from './hint.ts';
import { nearestValue } from './near.ts';

/** Entries that a clause too many excludes, shown by name. */
const MAX_SHOWN = 3;

/** Entries of which the nearest are chosen: no party has more contracts than a service has interactions. */
const MAX_COMPARED = 200;

/** Names that are read to find one like that of no entry: a container may have a hundred thousand. */
const MAX_BESIDE = 2000;

/** Look-ups have six at most; the time for leaving out each in turn is their number squared. */
const MAX_CLAUSES = 16;

/** Values of an entry that are shown where none is near. */
const MAX_VALUES = 4;

const SVC_IA = [attribute('nhsAsSvcIA'), attribute('nhsMhsSvcIA')];

/** Where a search looked. */
interface Place {
  base: string;
  /** Id of the base entry; undefined where there is none. */
  id: number | undefined;
  scope: number;
}

interface Looking {
  directory: Directory;
  context: MatchContext;
  place: Place;
}

/** Explains why a search found no entry: its base, its scope, or the clauses of its filter. */
export function* entryHints(
  filter: Filter,
  base: string,
  scope: number,
  directory: Directory,
  context: MatchContext,
): Generator<Hint> {
  const dn = normalizeDn(base);
  if (dn === undefined || dn === '') return yield* clauseHints(filter, everywhere(directory, context));
  const place = { base, scope, id: directory.find(dn) };
  if (place.id === undefined) yield* noBase(base, dn, directory);
  const looking = { directory, context, place };
  const wanted = place.id !== undefined || requiredClauses(filter).some(isSpecific);
  const elsewhere = wanted ? matching(filter, everywhere(directory, context), 1)[0] : undefined;
  if (elsewhere !== undefined) yield outOfReach(elsewhere, dn, looking);
  else yield* clauseHints(filter, place.id === undefined ? everywhere(directory, context) : looking);
}

function everywhere(directory: Directory, context: MatchContext): Looking {
  const [base = ''] = directory.suffixes();
  return { directory, context, place: { base, id: directory.find(normalizeDn(base)!), scope: Scope.sub } };
}

/** The first entries that match, of those that a search looks at in one go. */
function matching(filter: Filter, { directory, context, place }: Looking, most: number): number[] {
  if (place.id === undefined) return [];
  const found: number[] = [];
  const search = new Search(directory, { base: place.id, scope: place.scope, filter, sizeLimit: most }, context);
  search.walk((id) => {
    found.push(id);
    return true;
  });
  return found;
}

/** There is no entry of that name, but there may be one beside it, or elsewhere with the same value. */
function* noBase(base: string, dn: string, directory: Directory): Generator<Hint> {
  const above = directory.deepestAncestor(dn);
  const [ava] = parseDn(base)?.[0] ?? [];
  // Outside of the tree: that has been said.
  if (above === '' || !ava) return;
  const type = findAttribute(ava.type);
  const key = type && directory.index.covers(type) ? type.compare.normalize(ava.value) : undefined;
  const [same] = key === undefined ? [] : directory.index.find(type!, key);
  const beside = directory.children(directory.find(normalizeDn(above)!)!).slice(0, MAX_BESIDE);
  const names = beside.map((id) => directory.table.dn(id));
  const near = same === undefined ? nearestValue(`${ava.type}=${escapeDnValue(ava.value)},${above}`, names) : undefined;
  const meant = same === undefined ? near : directory.table.dn(same);
  const reason = `is the name of no entry${meant === undefined ? `; there is ${above}` : `; did you mean ${meant}?`}`;
  yield { kind: 'base', candidate: base, reason };
}

const SCOPES = ['base', 'one', 'sub', 'subordinate'];

/** The filter is right: the entry lies where the search did not look. */
function outOfReach(id: number, dn: string, { directory, place }: Looking): Hint {
  const candidate = directory.table.dn(id);
  const name = normalizeDn(candidate)!;
  if (name === dn || name.endsWith(`,${dn}`)) {
    return { kind: 'scope', candidate, reason: `matches, but not with the scope ${SCOPES[place.scope]}: use sub` };
  }
  const container = /(?:^|,)([^,]+,[^,]+)$/.exec(candidate)?.[1] ?? candidate;
  return { kind: 'base', candidate, reason: `matches, but does not lie below ${place.base}: search ${container}` };
}

function* clauseHints(filter: Filter, looking: Looking): Generator<Hint> {
  const clauses = requiredClauses(filter);
  let missing = false;
  for (const item of items(filter)) {
    const hint = undecided(item, looking.context);
    if (!hint) continue;
    missing = true;
    yield hint;
  }
  for (const clause of clauses) {
    for (const one of alternatives(clause)) {
      const hint = isEquality(one) ? unknownValue(one, looking.directory) : undefined;
      if (!hint) continue;
      missing ||= one === clause;
      yield hint;
    }
  }
  if (missing || clauses.length < 2 || clauses.length > MAX_CLAUSES) return;
  yield* senderOnly(clauses.filter(isEquality), looking);
  // What a party lacks says more than who else has it.
  const ofInteraction = (clause: Filter) => isEquality(clause) && SVC_IA.includes(findAttribute(clause.attribute)!);
  const ordered = [...clauses.filter(ofInteraction), ...clauses.filter((clause) => !ofInteraction(clause))];
  for (const clause of ordered) yield* oneClauseTooMany(clause, clauses, looking);
}

/** An item that is Undefined whatever the entry (RFC 4511 4.5.1.7), of an attribute that there is. */
function undecided(item: FilterItem, context: MatchContext): Hint | undefined {
  const name = item.attribute;
  const type = name === undefined ? undefined : findAttribute(name);
  // A class that there is none of has been told.
  if (!type || type.name === 'objectClass') return undefined;
  const truth = compileFilter(item, context)({ dn: '', values: () => [''] });
  if (truth !== undefined) return undefined;
  const reason = `is Undefined, and so is its opposite: the schema gives ${name} no matching rule for it, or the value is none of its kind`;
  return { kind: type.name, candidate: printFilter(item), reason };
}

/** A value that no entry has at all. */
function unknownValue({ attribute: name, value }: EqualityItem, directory: Directory): Hint | undefined {
  const type = findAttribute(name);
  if (!type || !directory.index.covers(type) || type.name === 'objectClass') return undefined;
  const key = type.compare.normalize(value);
  if (key === undefined || directory.index.find(type, key).length > 0) return undefined;
  const near =
    SVC_IA.includes(type) && !key.startsWith('urn:') ? withService(key, directory.index.keys(type)) : undefined;
  if (near) return { kind: name, candidate: near, reason: `is the whole name of "${value}", which no entry has` };
  const upper = key.toUpperCase();
  const other = directory.index.find(type, upper).length > 0 ? upper : nearestValue(key, directory.index.keys(type));
  if (other?.toLowerCase() === key.toLowerCase()) {
    const reason = `is what there is; ${name} is compared with its case, and "${value}" was asked for`;
    return { kind: name, candidate: other, reason };
  }
  if (!other) return { kind: name, candidate: value, reason: 'no entry has this value' };
  const candidate = spelled(type, other, directory);
  return { kind: name, candidate, reason: `is the nearest value that an entry has; "${value}" has none` };
}

/** A value as an entry writes it, for the form in which it is compared. */
function spelled(type: AttributeType, key: string, directory: Directory): string {
  const [id] = directory.index.find(type, key);
  const values = id === undefined ? [] : directory.values(id, type);
  return values.find((value) => type.compare.normalize(value) === key) ?? key;
}

/** An interaction that was written without its service, or without `urn:nhs:names:services:`. */
function withService(short: string, known: Iterable<string>): string | undefined {
  for (const name of known) if (name.endsWith(`:${short}`)) return name;
  return undefined;
}

/** Entries that all clauses but one match, and what they have in its place: the nearest, or else the first. */
function* oneClauseTooMany(clause: Filter, clauses: Filter[], looking: Looking): Generator<Hint> {
  const others = clauses.filter((one) => one !== clause);
  if (others.length === 1 && !isSpecific(others[0]!)) return;
  const found = matching({ type: 'and', items: others }, looking, MAX_COMPARED);
  const { directory } = looking;
  if (!isEquality(clause)) {
    for (const id of found.slice(0, MAX_SHOWN)) {
      yield { kind: 'filter', candidate: directory.table.dn(id), reason: `matches but for ${printFilter(clause)}` };
    }
    return;
  }
  const { attribute: name, value } = clause;
  const type = findAttribute(name);
  if (!type) return;
  const held = found.map((id) => ({ candidate: directory.table.dn(id), values: directory.values(id, type) }));
  const near = nearestValue(
    value,
    held.flatMap(({ values }) => values),
  );
  const best = near === undefined ? held : held.filter(({ values }) => values.includes(near));
  for (const { candidate, values } of best.slice(0, MAX_SHOWN)) {
    const reason =
      values.length === 0
        ? `matches but for ${name}, which it does not have`
        : `matches but for ${name}=${value}: it has ${shown(value, values)}`;
    yield { kind: name, candidate, reason };
  }
}

/** A clause that tells entries of a kind from each other, as their class does not. */
const isSpecific = (clause: Filter): boolean =>
  isEquality(clause) && findAttribute(clause.attribute)?.name !== 'objectClass';

function shown(wanted: string, values: string[]): string {
  const near = values.length === 1 ? values[0] : nearestValue(wanted, values);
  return near ?? (values.length <= MAX_VALUES ? values.join(', ') : `${values.length} others`);
}

/** The interaction stands on the accredited system but has no message handler: the system sends it and does not receive it. */
function* senderOnly(clauses: EqualityItem[], looking: Looking): Generator<Hint> {
  const interaction = clauses.find((clause) => findAttribute(clause.attribute) === SVC_IA[1]);
  if (!interaction) return;
  const owner = clauses.filter(({ attribute: name }) => /^nhs(IDCode|MHSPartyKey)$/i.test(name));
  if (owner.length === 0) return;
  const sender: EqualityItem = { ...interaction, attribute: SVC_IA[0]!.name };
  for (const id of matching({ type: 'and', items: [...owner, sender] }, looking, 1)) {
    yield {
      kind: 'nhsMhs',
      candidate: looking.directory.table.dn(id),
      reason:
        'is accredited for the interaction, but has no message handler for it: it sends it and does not receive it',
    };
  }
}
