/** Octets to filter (RFC 4511 4.5.1.7). Depth and number of items are bounded before anything is built. */
import { BerError } from '../ber/error.ts';
import type { BerReader } from '../ber/reader.ts';
import { contextConstructed, contextPrimitive } from '../ber/tag.ts';
import {
  type ExtensibleFilter,
  type Filter,
  MAX_FILTER_DEPTH,
  MAX_FILTER_ITEMS,
  type SubstringsFilter,
} from './filter.ts';
import { ResultError } from './result.ts';
import { ResultCode } from './resultCode.ts';

const FilterTag = {
  and: contextConstructed(0),
  or: contextConstructed(1),
  not: contextConstructed(2),
  equality: contextConstructed(3),
  substrings: contextConstructed(4),
  greaterOrEqual: contextConstructed(5),
  lessOrEqual: contextConstructed(6),
  present: contextPrimitive(7),
  approx: contextConstructed(8),
  extensible: contextConstructed(9),
};

/**
 * Reads the filter at the reader's position.
 * Throws a BerError for octets that are no filter, and a ResultError for a filter that is refused for its size (RFC 4511
 * appendix A: adminLimitExceeded) or for its content (protocolError).
 */
export function decodeFilter(reader: BerReader): Filter {
  return decodeItem(reader, 1, { items: 0 });
}

function decodeItem(reader: BerReader, depth: number, seen: { items: number }): Filter {
  if (depth > MAX_FILTER_DEPTH) {
    throw new ResultError(ResultCode.adminLimitExceeded, `filter nested more than ${MAX_FILTER_DEPTH} deep`);
  }
  if (++seen.items > MAX_FILTER_ITEMS) {
    throw new ResultError(ResultCode.adminLimitExceeded, `filter of more than ${MAX_FILTER_ITEMS} items`);
  }
  const tag = reader.peek();
  switch (tag) {
    case FilterTag.and:
    case FilterTag.or: {
      const items: Filter[] = [];
      const outer = reader.enter(tag);
      while (!reader.atEnd) items.push(decodeItem(reader, depth + 1, seen));
      reader.leave(outer);
      return { type: tag === FilterTag.and ? 'and' : 'or', items };
    }
    case FilterTag.not: {
      const outer = reader.enter(tag);
      const item = decodeItem(reader, depth + 1, seen);
      reader.leave(outer);
      return { type: 'not', item };
    }
    case FilterTag.equality:
      return decodeAssertion(reader, tag, 'equality');
    case FilterTag.greaterOrEqual:
      return decodeAssertion(reader, tag, 'greaterOrEqual');
    case FilterTag.lessOrEqual:
      return decodeAssertion(reader, tag, 'lessOrEqual');
    case FilterTag.approx:
      return decodeAssertion(reader, tag, 'approx');
    case FilterTag.substrings:
      return decodeSubstrings(reader);
    case FilterTag.present:
      return { type: 'present', attribute: reader.string(tag) };
    case FilterTag.extensible:
      return decodeExtensible(reader);
    default:
      throw tag < 0
        ? new BerError('a filter is missing')
        : new ResultError(ResultCode.protocolError, `unknown filter type 0x${tag.toString(16)}`);
  }
}

function decodeAssertion(
  reader: BerReader,
  tag: number,
  type: 'equality' | 'greaterOrEqual' | 'lessOrEqual' | 'approx',
): Filter {
  const outer = reader.enter(tag);
  const filter: Filter = { type, attribute: reader.string(), value: reader.string() };
  reader.leave(outer);
  return filter;
}

/** `initial` only as the first piece, `final` only as the last, at least one piece (RFC 4511 4.5.1.7.2). */
function decodeSubstrings(reader: BerReader): SubstringsFilter {
  const outer = reader.enter(FilterTag.substrings);
  const filter: SubstringsFilter = { type: 'substrings', attribute: reader.string(), any: [] };
  const pieces = reader.enter(0x30);
  if (reader.atEnd) throw new ResultError(ResultCode.protocolError, 'substring filter without a piece');
  for (let first = true; !reader.atEnd; first = false) {
    const tag = reader.peek();
    const piece = reader.string(tag);
    if (tag === contextPrimitive(0) && first) filter.initial = piece;
    else if (tag === contextPrimitive(1)) filter.any.push(piece);
    else if (tag === contextPrimitive(2) && reader.atEnd) filter.final = piece;
    else throw new ResultError(ResultCode.protocolError, 'pieces of a substring filter in a wrong order');
  }
  reader.leave(pieces);
  reader.leave(outer);
  return filter;
}

function decodeExtensible(reader: BerReader): ExtensibleFilter {
  const outer = reader.enter(FilterTag.extensible);
  const filter: ExtensibleFilter = { type: 'extensible', value: '', dnAttributes: false };
  if (reader.peek() === contextPrimitive(1)) filter.rule = reader.string(contextPrimitive(1));
  if (reader.peek() === contextPrimitive(2)) filter.attribute = reader.string(contextPrimitive(2));
  filter.value = reader.string(contextPrimitive(3));
  if (reader.peek() === contextPrimitive(4)) filter.dnAttributes = reader.boolean(contextPrimitive(4));
  reader.leave(outer);
  if (filter.rule === undefined && filter.attribute === undefined) {
    throw new ResultError(ResultCode.protocolError, 'extensible filter without attribute and matching rule');
  }
  return filter;
}
