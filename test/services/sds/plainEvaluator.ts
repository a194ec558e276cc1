/**
 * What a filter means for one entry, written down from RFC 4511 4.5.1.7 and RFC 4517 as plainly as can be, with nothing of
 * the directory's own code: true, false or undefined.
 */
import type { Filter } from '../../../server/services/sds/protocol/filter.ts';

export interface PlainEntry {
  /** Values by attribute name in lower case. */
  values: Map<string, string[]>;
}

/** How an attribute compares: its case counts or not; absent names are unknown. */
export type CaseRules = Map<string, 'exact' | 'ignore'>;

const squash = (text: string) => text.trim().replace(/ +/g, ' ');

function prepared(text: string, rule: 'exact' | 'ignore'): string {
  return rule === 'exact' ? squash(text) : squash(text).toLowerCase();
}

function pieceRegExp(filter: Extract<Filter, { type: 'substrings' }>, rule: 'exact' | 'ignore'): RegExp {
  const escaped = (text: string) => prepared(text, rule).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const middle = filter.any.map((piece) => `${escaped(piece)}.*`).join('');
  return new RegExp(`^${escaped(filter.initial ?? '')}.*${middle}${escaped(filter.final ?? '')}$`, 's');
}

export function evaluate(filter: Filter, entry: PlainEntry, rules: CaseRules): boolean | undefined {
  if ('items' in filter) {
    const truths = filter.items.map((item) => evaluate(item, entry, rules));
    const decisive = filter.type === 'or';
    return truths.includes(decisive) ? decisive : truths.includes(undefined) ? undefined : !decisive;
  }
  if ('item' in filter) {
    const truth = evaluate(filter.item, entry, rules);
    return truth === undefined ? undefined : !truth;
  }
  const name = filter.attribute!.toLowerCase();
  const rule = rules.get(name);
  if (!rule) return undefined;
  const values = entry.values.get(name) ?? [];
  if (filter.type === 'present') return values.length > 0;
  if (filter.type === 'substrings') {
    const pattern = pieceRegExp(filter, rule);
    return values.some((value) => pattern.test(prepared(value, rule)));
  }
  const wanted = prepared((filter as { value: string }).value, rule);
  return values.some((value) => {
    const held = prepared(value, rule);
    if (filter.type === 'greaterOrEqual') return held >= wanted;
    return filter.type === 'lessOrEqual' ? held <= wanted : held === wanted;
  });
}
