/** Texts that occur in several nouns. */
import Type from 'typebox';
import { DATE_PATTERN } from '../dates.ts';

export const STRICT = { additionalProperties: false };

/**
 * A text of this pattern. Editors also let placeholders of `copies` pass, such as `5550000040{n:2}`; the simulator checks
 * what they became.
 */
export function Pattern(pattern: string, description: string, example: string) {
  return Type.String({
    pattern: `^(${pattern}|.*\\{.+)$`,
    'x-pattern': `^(?:${pattern})$`,
    description,
    examples: [example],
  });
}

export const Id12 = (description: string, example: string) =>
  Pattern('[0-9]{12}', `12 digits: ${description}`, example);

export const Ods = Pattern('[A-Z0-9]{3,9}', 'an ODS code, upper case, 3 to 9 characters', 'Z99901');
export const OdsLoose = Pattern('[A-Z0-9]{1,9}', 'an ODS code, upper case, at most 9 characters', 'Z9P');
export const PartyKey = Pattern(
  '[a-zA-Z0-9]{1,9}-[0-9]{5,9}',
  'an ODS code, a dash and 5 to 9 digits',
  'Z99901-0009901',
);
export const Asid = Id12('an ASID', '200000000901');
export const CpaId = Pattern('[a-zA-Z0-9:_-]{1,128}', 'letters, digits, "-", ":" and "_"', 'S20001A000182');
export const Fqdn = Pattern(
  '[a-zA-Z0-9]([a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?',
  'a host name',
  'mhs.example-practice.nhs.uk',
);
export const IsoDate = Type.String({
  pattern: DATE_PATTERN,
  format: 'world-date',
  description: 'a date: 2024-01-31, 20240131, today, today-30d, today+1w, today-18y',
  examples: ['2024-01-31'],
});
export const Hl7Date = Type.String({
  pattern: DATE_PATTERN,
  format: 'world-hl7-date',
  description: 'a date, whole or in part, with or without time: 1984, 1984-02, 19840229, today-40y, today@0415',
  examples: ['1984-02-29'],
});
export const NhsNumber = Type.String({
  pattern: '^([0-9]{10}|[0-9]{3}[ -][0-9]{3}[ -][0-9]{4}|.*\\{.+)$',
  format: 'world-nhs-number',
  description: 'an NHS number: ten digits, the last a check digit',
  examples: ['9996010007'],
});
export const Interaction = Type.String({
  pattern: '^[^\\s]+$',
  format: 'world-interaction',
  description: 'service and interaction: pds:PRPA_IN000203UK03, or with urn:nhs:names:services: before it',
  examples: ['pdsquery:QUPA_IN000008UK02'],
});
/** Free text of one line. */
export const Text = (description: string, maxLength = 200) =>
  Type.String({ maxLength, pattern: '^[^\\r\\n]*$', description });
export const FiveLines = Type.Array(Type.String({ maxLength: 100 }), {
  minItems: 1,
  maxItems: 5,
  description: 'five address lines, empty ones kept: house name, number and street, locality, town, county',
});
export const TrueOnly = Type.Boolean();
