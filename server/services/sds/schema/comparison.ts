/** How values of a kind are compared: the matching rules for equality, ordering and substrings (RFC 4517 4.2). */
import { normalizeDn } from './dn.ts';
import {
  type PiecePosition,
  prepareList,
  prepareNumeric,
  preparePiece,
  prepareString,
  prepareTelephone,
} from './prepare.ts';

export interface Comparison {
  /** Matching rules by the names that the subschema gives them. */
  equality: string;
  ordering?: string;
  substrings?: string;
  /** OID of the syntax without the common prefix 1.3.6.1.4.1.1466.115.121.1. */
  syntax: string;
  /** The form in which equal values are equal texts; undefined for what is no value of the syntax. */
  normalize(value: string): string | undefined;
  /** A piece of a substring assertion in that form. */
  piece(piece: string, position: PiecePosition): string;
  /** Order of two normal forms; by code units where it is left out. */
  order?(a: string, b: string): number;
}

const text = (
  fold: boolean,
  rules: Pick<Comparison, 'equality' | 'ordering' | 'substrings' | 'syntax'>,
): Comparison => ({
  ...rules,
  normalize: (value) => prepareString(value, fold),
  piece: (piece, position) => preparePiece(piece, position, fold),
});

const plainPiece = (prepare: (value: string) => string) => (piece: string) => prepare(piece);

/** RFC 4517 3.3.13: year to hour, then minutes, seconds and a fraction that may be missing, and a zone. */
const GENERALIZED_TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(?:(\d{2})(\d{2})?)?(?:[.,](\d+))?(Z|([+-])(\d{2})(\d{2})?)$/;

function normalizeTime(value: string): string | undefined {
  const match = GENERALIZED_TIME.exec(value.trim());
  if (!match) return undefined;
  const [
    ,
    year,
    month,
    day,
    hour,
    minute = '00',
    second = '00',
    fraction = '0',
    ,
    sign,
    zoneHour = '0',
    zoneMinute = '0',
  ] = match;
  const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -1 : 1);
  const time = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute) - offset,
    Number(second),
  );
  const iso = new Date(time + Math.floor(Number(`0.${fraction}`) * 1000));
  return Number.isNaN(iso.getTime()) ? undefined : iso.toISOString();
}

const INTEGER = /^-?(0|[1-9]\d*)$/;
const HEX_UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

export const comparisons = {
  ignore: text(true, {
    equality: 'caseIgnoreMatch',
    ordering: 'caseIgnoreOrderingMatch',
    substrings: 'caseIgnoreSubstringsMatch',
    syntax: '15',
  }),
  exact: text(false, {
    equality: 'caseExactMatch',
    ordering: 'caseExactOrderingMatch',
    substrings: 'caseExactSubstringsMatch',
    syntax: '15',
  }),
  ia5: {
    ...text(true, { equality: 'caseIgnoreIA5Match', substrings: 'caseIgnoreIA5SubstringsMatch', syntax: '26' }),
    normalize: (value) => (/^[\0-\x7f]*$/.test(value) ? prepareString(value, true) : undefined),
  },
  exactIa5: text(false, { equality: 'caseExactIA5Match', syntax: '26' }),
  list: {
    equality: 'caseIgnoreListMatch',
    substrings: 'caseIgnoreListSubstringsMatch',
    syntax: '41',
    normalize: prepareList,
    piece: (piece, position) => preparePiece(piece, position, true),
  },
  telephone: {
    equality: 'telephoneNumberMatch',
    substrings: 'telephoneNumberSubstringsMatch',
    syntax: '50',
    normalize: prepareTelephone,
    piece: plainPiece(prepareTelephone),
  },
  numeric: {
    equality: 'numericStringMatch',
    ordering: 'numericStringOrderingMatch',
    substrings: 'numericStringSubstringsMatch',
    syntax: '36',
    normalize: prepareNumeric,
    piece: plainPiece(prepareNumeric),
  },
  dn: { equality: 'distinguishedNameMatch', syntax: '12', normalize: normalizeDn, piece: (piece) => piece },
  time: {
    equality: 'generalizedTimeMatch',
    ordering: 'generalizedTimeOrderingMatch',
    syntax: '24',
    normalize: normalizeTime,
    piece: (piece) => piece,
  },
  integer: {
    equality: 'integerMatch',
    ordering: 'integerOrderingMatch',
    syntax: '27',
    normalize: (value) => (INTEGER.test(value) ? value : undefined),
    piece: (piece) => piece,
    order: (a, b) => (BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0),
  },
  boolean: {
    equality: 'booleanMatch',
    syntax: '7',
    normalize: (value) => (/^(true|false)$/i.test(value) ? value.toUpperCase() : undefined),
    piece: (piece) => piece,
  },
  uuid: {
    equality: 'UUIDMatch',
    ordering: 'UUIDOrderingMatch',
    syntax: '1.3.6.1.1.16.1',
    normalize: (value) => (HEX_UUID.test(value) ? value.toLowerCase().replaceAll('-', '') : undefined),
    piece: (piece) => piece,
  },
  octets: { equality: 'octetStringMatch', syntax: '40', normalize: (value) => value, piece: (piece) => piece },
  firstComponent: {
    equality: 'objectIdentifierFirstComponentMatch',
    syntax: '38',
    normalize: (value) => /^\(\s*([^\s)]+)/.exec(value)?.[1] ?? value.trim().toLowerCase(),
    piece: (piece) => piece,
  },
  oid: {
    equality: 'objectIdentifierMatch',
    syntax: '38',
    normalize: (value) => value.trim().toLowerCase(),
    piece: (piece) => piece.toLowerCase(),
  },
} satisfies Record<string, Comparison>;

export type ComparisonName = keyof typeof comparisons;
