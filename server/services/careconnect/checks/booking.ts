/** Whether an Appointment may be booked or cancelled (docs-uec-appts, FHIR overrides). */
import { isResource, type Resource } from '../../../core/fhir/resource.ts';
import { shown } from '../../../core/fhir/shown.ts';
import { isNhsNumber } from '../../../core/world/nhsNumber.ts';
import { refuse } from '../errors.ts';
import { type Slot, slotById } from '../slots.ts';

type Part = Record<string, unknown>;

const parts = (value: unknown): Part[] =>
  Array.isArray(value) ? value.filter((item): item is Part => typeof item === 'object' && item !== null) : [];

const referenceIn = (value: unknown): unknown => (value as { reference?: unknown } | undefined)?.reference;

/** Of a FHIR instant, with any offset; NaN for anything else. */
const momentOf = (value: unknown): number =>
  typeof value === 'string' && INSTANT.test(value) ? Date.parse(value) : Number.NaN;

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

const CONTAINED = ['DocumentReference', 'Patient', 'Slot'];

export interface CheckedBooking {
  /** As the reference has it, without its #. */
  slotId: string;
  /** Undefined for one of the workbench's slots. */
  slot: Slot | undefined;
  start: number;
  nhsNumber: string | undefined;
}

/** 400 for a body that is no such Appointment, 422 for values that do not fit. */
export function checkBooking(sent: Resource): CheckedBooking {
  const bad = (why: string): never => refuse('badResource', why);
  if (sent.resourceType !== 'Appointment') bad(`The body is ${sent.resourceType}, not Appointment`);
  const contained = parts(sent.contained).filter(isResource);
  const types = contained.map(({ resourceType }) => resourceType).sort();
  if (types.join() !== CONTAINED.join())
    bad(`There must be contained ${CONTAINED.join(', ')}, one each; there are ${types.join(', ') || 'none'}`);
  for (const name of ['start', 'end', 'created', 'description'])
    if (sent[name] === undefined) bad(`${name} is missing`);
  for (const name of ['start', 'end', 'created'])
    if (Number.isNaN(momentOf(sent[name]))) bad(`${name} is ${shown(sent[name])}, no date and time`);
  if (typeof sent.description !== 'string' || sent.description.trim() === '') bad('description is no text');
  if (sent.status !== 'booked') bad(`status is ${shown(sent.status)}, not booked`);
  const of = (type: string) => contained.find(({ resourceType }) => resourceType === type)!;
  const idOf = (type: string): string => {
    const { id } = of(type) as { id?: unknown };
    return typeof id === 'string' ? id : bad(`The contained ${type} has no id`);
  };
  const [participant, ...others] = parts(sent.participant);
  if (others.length > 0 || referenceIn(participant?.actor) !== `#${idOf('Patient')}`)
    bad('There must be one participant, the contained Patient');
  const document = `#${idOf('DocumentReference')}`;
  if (!parts(sent.supportingInformation).some((each) => referenceIn(each) === document)) {
    bad('supportingInformation must refer to the contained DocumentReference');
  }
  const slotId = idOf('Slot');
  const slots = parts(sent.slot);
  if (slots.length !== 1 || referenceIn(slots[0]) !== `#${slotId}`)
    bad('slot must refer to the contained Slot, and to no other');
  const numbers = parts(of('Patient').identifier).filter(
    ({ system }) => system === 'https://fhir.nhs.uk/Id/nhs-number',
  );
  const number = numbers[0]?.value;
  const nhsNumber = typeof number === 'string' && isNhsNumber(number) ? number : undefined;
  if (numbers.length > 0 && nhsNumber === undefined)
    refuse('invalidNhsNumber', `The NHS number of the contained Patient is ${shown(number)}`);
  return { slotId, slot: slotById(slotId), start: momentOf(sent.start), nhsNumber };
}

/** What booking asks for of the contained Patient and Care Connect does not (FHIR overrides): told to the developer alone. */
export function missingDemographics({ contained }: Resource): string[] {
  const patient = parts(contained).find(({ resourceType }) => resourceType === 'Patient');
  return patient ? DEMOGRAPHICS.filter((name) => patient[name] === undefined) : [];
}

const DEMOGRAPHICS = ['name', 'telecom', 'gender', 'birthDate', 'address'];

/** The slot is there, ahead, of a service that has slots, and at the time of the appointment. */
export function checkSlot(
  sent: Resource,
  { slotId, slot }: CheckedBooking,
  services: (id: string) => boolean,
  now: number,
): Slot {
  if (!slot || !services(slot.service))
    refuse('slotTaken', `There is no slot ${slotId}`, 'Search for free slots again.');
  if (slot.start <= now) refuse('invalidResource', 'The appointment lies in the past');
  const same = momentOf(sent.start) === slot.start && momentOf(sent.end) === slot.end;
  if (!same) refuse('invalidResource', 'start and end are not those of the slot');
  return slot;
}

/** Only the status may differ. */
export function checkCancellation(sent: Resource, stored: Resource): void {
  if (sent.resourceType !== 'Appointment') refuse('badResource', `The body is ${sent.resourceType}, not Appointment`);
  if (sent.status !== 'cancelled' && sent.status !== 'entered-in-error') {
    refuse('invalidResource', `status is ${shown(sent.status)}, not cancelled: nothing else can be changed`);
  }
  for (const name of ['start', 'end']) {
    const [given, kept] = [sent[name], stored[name]];
    if (given !== undefined && momentOf(given) !== momentOf(kept))
      refuse('invalidResource', `${name} must not be changed`);
  }
}
