/** Mistakes that show in the request itself. */
import { nearest } from '../../../core/yaml/nearest.ts';
import type { RequestOf } from '../protocol/message.ts';
import { normalizeDn } from '../schema/dn.ts';
import { attributeTypes, findAttribute, findClass, objectClasses } from '../schema/schema.ts';
import { items } from './clauses.ts';
import type { Hint } from './hint.ts';

const ATTRIBUTE_NAMES = attributeTypes.map(({ name }) => name);
const CLASS_NAMES = objectClasses.map(({ name }) => name);

const didYouMean = (name: string, names: string[]) => {
  const near = nearest(name, names);
  return near ? `; did you mean ${near}?` : '';
};

/** Clients ask for the same few names again and again, and a guess costs more than their search. */
const MAX_GUESSES = 256;
const guesses = new Map<string, string | undefined>();

function nearestAttribute(name: string): string | undefined {
  if (!guesses.has(name)) {
    if (guesses.size >= MAX_GUESSES) guesses.clear();
    guesses.set(name, nearest(name, ATTRIBUTE_NAMES));
  }
  return guesses.get(name);
}

/** Looks at base, attribute list and the names and values of the filter, not at the entries. */
export function* requestHints(request: RequestOf<'search'>, suffixes: readonly string[]): Generator<Hint> {
  yield* baseHints(request, suffixes);
  yield* listHints(request.attributes);
  if ('refused' in request.filter) return;
  for (const item of items(request.filter)) {
    const { attribute } = item;
    if (attribute !== undefined && !findAttribute(attribute)) {
      const reason = `is no attribute of the schema${didYouMean(attribute, ATTRIBUTE_NAMES)}`;
      yield { kind: 'attribute', candidate: attribute, reason };
    }
    if (item.type === 'equality') yield* valueHints(item.attribute, item.value);
  }
}

function* baseHints({ base, scope, attributes }: RequestOf<'search'>, suffixes: readonly string[]): Generator<Hint> {
  const dn = normalizeDn(base);
  if (dn === undefined) {
    yield { kind: 'base', candidate: base, reason: 'is not a DN' };
    return;
  }
  if (dn === '' && scope !== 0) {
    const suffix = suffixes.join(', ');
    const dash = attributes.find((name) => /^[\u2010-\u2015]/.test(name));
    const reason = dash
      ? `the base is empty and the attribute list begins with "${dash}": a typographic dash was pasted where the option -b belongs`
      : `nothing lies directly below the empty name: search below ${suffix}`;
    yield { kind: 'base', candidate: '(empty)', reason };
    return;
  }
  const inside = suffixes.some((suffix) => {
    const normalized = normalizeDn(suffix)!;
    return dn === normalized || dn.endsWith(`,${normalized}`);
  });
  if (dn !== '' && !inside) yield { kind: 'base', candidate: base, reason: `lies outside ${suffixes.join(', ')}` };
}

/** Names in an attribute list that can't have been meant. */
export function* listHints(attributes: readonly string[]): Generator<Hint> {
  for (const name of attributes) {
    if (name.includes('=')) {
      const reason = 'stands in the list of attributes: an option before it was not read as one';
      yield { kind: 'attribute list', candidate: name, reason };
    } else if (/^[A-Za-z].*,$/.test(name)) {
      yield {
        kind: 'attribute list',
        candidate: name,
        reason: 'ends in a comma, which is part of the name on the wire',
      };
    } else if (name.length > 2 && !findAttribute(name)) {
      const near = nearestAttribute(name);
      const reason = `is no attribute of the schema; did you mean ${near}?`;
      if (near) yield { kind: 'attribute list', candidate: name, reason };
    }
  }
}

function* valueHints(attribute: string, value: string): Generator<Hint> {
  const candidate = `${attribute}=${value}`;
  if (/^[<>]/.test(value)) {
    const reason = `is an equality with the value "${value}": write ${attribute}${value[0]}=${value.slice(1)}`;
    yield { kind: 'value', candidate, reason };
  } else if (/^\[["']/.test(value)) {
    const reason = 'is a list printed as text: the client did not see SINGLE-VALUE in the schema it read';
    yield { kind: 'value', candidate, reason };
  } else if (/[&|]\w+=/.test(value)) {
    yield {
      kind: 'value',
      candidate,
      reason: 'has an operator inside the value: put each condition into its own parentheses',
    };
  } else if (findAttribute(attribute)?.name === 'objectClass' && !findClass(value)) {
    yield { kind: 'value', candidate, reason: `is no object class${didYouMean(value, CLASS_NAMES)}` };
  }
}
