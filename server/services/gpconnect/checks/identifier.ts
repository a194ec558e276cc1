/** The search parameter `identifier=system|value`. */
import { shown } from '../../../core/fhir/shown.ts';
import { isNhsNumber } from '../../../core/world/nhsNumber.ts';
import { refuse } from '../errors.ts';
import { ID } from '../profiles.ts';

/** The value, when there is exactly one identifier of that system. */
export function identifierOf(query: URLSearchParams, system: string): string {
  const values = query.getAll('identifier');
  if (values.length !== 1) {
    refuse('badRequest', `There must be one search parameter "identifier"; there are ${values.length}`);
  }
  const parts = values[0]!.split('|');
  if (parts.length !== 2) refuse('invalidParameter', 'identifier must be a system and a value with | between them');
  const [given, value] = parts as [string, string];
  if (given !== system) refuse('invalidIdentifierSystem', `The system of identifier must be ${system}`);
  if (value === '') refuse('invalidIdentifierValue', 'The value of identifier is empty');
  return value;
}

/** The same for an NHS number, with its check digit. */
export function nhsNumberParameter(query: URLSearchParams): string {
  return checkedNhsNumber(identifierOf(query, ID.nhsNumber));
}

export function checkedNhsNumber(value: string): string {
  if (!isNhsNumber(value)) {
    refuse('invalidNhsNumber', `${shown(value)} is not an NHS number`, 'Ten digits, the last a check digit.');
  }
  return value;
}
