/** Of whom a record is, who keeps it, and how its resources are made. */
import { type Identifier, reference } from '../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import { Ids } from '../../../core/ids/ids.ts';
import type { Patient } from '../../../core/world/types.ts';
import { patientId } from '../ids.ts';
import { ID, profile } from '../profiles.ts';

export interface ClinicalContext {
  patient: Patient;
  /** Practice that keeps the record. */
  ods: string;
  /** SDS user id of the clinician who recorded everything; undefined when the practice has none. */
  recorder: string | undefined;
  /** `YYYY-MM-DD` */
  today: string;
}

/** Only what is on or after `from` and on or before `to` (`YYYY-MM-DD`). */
export interface SearchPeriod {
  from?: string | undefined;
  to?: string | undefined;
}

export const isWithin = (date: string, { from, to }: SearchPeriod): boolean =>
  (from === undefined || date >= from) && (to === undefined || date.slice(0, to.length) <= to);

/** From this age on patients have a full record. */
const ADULT_YEARS = 18;

export function isAdult({ patient: { dateOfBirth }, today }: ClinicalContext): boolean {
  return dateOfBirth === undefined || Number(today.slice(0, 4)) - Number(dateOfBirth.slice(0, 4)) >= ADULT_YEARS;
}

/** Everything in an adult's record happened between these days, so that it stays the same from day to day. */
const FIRST_DAY = Date.UTC(2016, 0, 1);
const DAYS = 8 * 365;

/** The day before which the record has nothing: of a child, that of the birth. */
export function recordsFrom(context: ClinicalContext): string {
  const born = context.patient.dateOfBirth;
  return isAdult(context) || !born ? new Date(FIRST_DAY).toISOString().slice(0, 10) : fhirDay(born);
}

/** A date of birth, whose month or day may not be known, as a whole date. */
const fhirDay = (digits: string): string =>
  digits
    .padEnd(6, '01')
    .padEnd(8, '01')
    .replace(/^(....)(..)(..).*$/, '$1-$2-$3');

/** `count` days in order, the same for the same patient and area. */
export function daysOf({ patient }: ClinicalContext, area: string, count: number): string[] {
  const ids = new Ids(`${patient.nhsNumber}/${area}`);
  const days = Array.from({ length: count }, () => FIRST_DAY + ids.int(DAYS) * 86_400_000);
  return days.sort((left, right) => left - right).map((day) => new Date(day).toISOString().slice(0, 10));
}

/** Some of the candidates in their order, at least one, the same for the same patient and area. */
export function someOf<T>({ patient }: ClinicalContext, area: string, candidates: readonly T[]): T[] {
  const ids = new Ids(`${patient.nhsNumber}/${area}/which`);
  const first = ids.int(candidates.length);
  return candidates.filter((_, index) => index === first || ids.int(2) === 0);
}

/** A UUID that is the same for the same logical id: the acceptance suite takes nothing else for medication. */
export const crossCareIdentifier = (id: string): Identifier => ({
  system: ID.crossCare,
  value: new Ids(`identifier/${id}`).lowerUuid(),
});

export const subject = ({ patient }: ClinicalContext) => reference('Patient', patientId(patient.nhsNumber));

/** The recorder; the practice where there is nobody. */
export const author = ({ recorder, ods }: ClinicalContext) =>
  recorder ? reference('Practitioner', recorder) : reference('Organization', ods);

/** Logical id of a patient's resource: unique by `key` within the record. */
export const clinicalId = ({ patient }: ClinicalContext, key: string): string =>
  `${patientId(patient.nhsNumber)}-${key}`;

export interface Head {
  contained?: Resource[];
  extension?: unknown[];
}

/**
 * A resource with what all have in common, in the order of the FHIR definition. There is no versionId: nobody can read these
 * resources one by one, and the acceptance suite refuses it there.
 */
export function clinicalResource(
  context: ClinicalContext,
  type: string,
  profileName: string,
  key: string,
  head: Head,
  properties: Record<string, unknown>,
): Resource {
  const id = clinicalId(context, key);
  return {
    resourceType: type,
    id,
    meta: { profile: [profile(profileName)] },
    ...head,
    identifier: [crossCareIdentifier(id)],
    ...properties,
  };
}

export const refer = (resource: Resource) => reference(resource.resourceType, resource.id!);
