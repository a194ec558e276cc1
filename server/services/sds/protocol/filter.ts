/** A search filter as it stands in the request (RFC 4511 4.5.1.7), names and values as the client wrote them. */
export type Filter = { type: 'and' | 'or'; items: Filter[] } | { type: 'not'; item: Filter } | FilterItem;

/** A filter that holds no other. */
export type FilterItem = AssertionFilter | SubstringsFilter | { type: 'present'; attribute: string } | ExtensibleFilter;

export interface AssertionFilter {
  type: 'equality' | 'greaterOrEqual' | 'lessOrEqual' | 'approx';
  attribute: string;
  value: string;
}

export interface SubstringsFilter {
  type: 'substrings';
  attribute: string;
  initial?: string;
  any: string[];
  final?: string;
}

export interface ExtensibleFilter {
  type: 'extensible';
  /** Name or OID of a matching rule. */
  rule?: string;
  attribute?: string;
  value: string;
  /** Also match the attributes of the entry's DN. */
  dnAttributes: boolean;
}

/** Real filters nest 3 or 4 deep; beyond this the only purpose is to exhaust a stack. */
export const MAX_FILTER_DEPTH = 50;

/** A route look-up has 3 items and a generated list of ids some hundreds; each item costs time for every entry looked at. */
export const MAX_FILTER_ITEMS = 4096;
