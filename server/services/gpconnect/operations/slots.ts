/** GET Slot: free slots of a practice, with what they belong to. */

import { londonDateTime } from '../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import { AppointmentBook } from '../appointments/book.ts';
import { daysBetween, HORIZON_DAYS, type Slot, slotsOn } from '../appointments/schedule.ts';
import { momentOf } from '../checks/dates.ts';
import { refuse } from '../errors.ts';
import { searchset } from '../messages/bundle.ts';
import { locationResource, organizationResource } from '../messages/organization.ts';
import { practitionerResource } from '../messages/practitioner.ts';
import { scheduleResource, slotResource } from '../messages/slot.ts';
import type { FhirAnswer, ProviderCall, ProviderOperation } from '../providerCall.ts';

const DAY_MS = 86_400_000;

/** GP Connect, search for free slots: start and end may not be further apart, by London's clocks. */
const MAX_RANGE_MS = 14 * DAY_MS;

async function search(call: ProviderCall): Promise<FhirAnswer> {
  const { core, query, exchange, practice } = call;
  const kind = core.config.gpconnect.missingSlotParameter === 'BAD_REQUEST' ? 'badRequest' : 'invalidParameter';
  for (const name of ['start', 'end', 'status'])
    if (!query.has(name)) refuse(kind, `The search parameter ${name} is missing`);
  const { from, to } = readRange(query);
  if (query.get('status') !== 'free') refuse('invalidParameter', `status must be free; it is ${query.get('status')}`);
  if (!query.getAll('_include').includes('Slot:schedule'))
    refuse('invalidParameter', '_include=Slot:schedule is missing');
  const slots = await freeSlots(call, from, to);
  exchange.step('slots', 'info', `${slots.length} are free`);
  const all = [...slots.map(slotResource), ...included(call, slots)];
  const unique = new Map(all.map((resource) => [`${resource.resourceType}/${resource.id}`, resource]));
  const organisation = exchange.space.world.organisations.get(practice.ods);
  if (slots.length > 0 && organisation) unique.set('Organization', organizationResource(organisation));
  return { resource: searchset([...unique.values()]) };
}

function readRange(query: URLSearchParams): { from: number; to: number } {
  for (const name of ['start', 'end']) {
    if (query.getAll(name).length !== 1) refuse('invalidParameter', `There must be one search parameter ${name}`);
  }
  const from = momentOf('start', query.get('start'), 'ge');
  const to = momentOf('end', query.get('end'), 'le');
  if (from > to) refuse('invalidParameter', 'start lies after end');
  // A date alone counts as itself: the acceptance suite asks from today to today in 14 days.
  const last = momentOf('end', query.get('end'), 'le', 'begin');
  if (onTheClock(last) - onTheClock(from) > MAX_RANGE_MS) {
    refuse('invalidParameter', `start is ${query.get('start')} and end ${query.get('end')}: more than two weeks apart`);
  }
  return { from, to };
}

/** What London's clocks show, so that a fortnight is one when they change. */
const onTheClock = (time: number) => Date.parse(`${londonDateTime(time).slice(0, 19)}Z`);

/** Only slots that lie wholly within the range, and ahead. */
async function freeSlots({ core, exchange, practice }: ProviderCall, from: number, to: number): Promise<Slot[]> {
  const { space } = exchange;
  const now = space.clock.now();
  const book = new AppointmentBook(core, space.name);
  const free: Slot[] = [];
  for (const day of daysBetween(Math.max(from, now), Math.min(to, now + HORIZON_DAYS * DAY_MS))) {
    const taken = await book.takenOn(practice.ods, day);
    for (const slot of slotsOn(space.world, practice.ods, day)) {
      if (slot.start >= from && slot.end <= to && slot.start > now && !taken.has(slot.id)) free.push(slot);
    }
  }
  return free;
}

function included({ query, exchange, practice }: ProviderCall, slots: Slot[]): Resource[] {
  const wanted = new Set(query.getAll('_include:recurse'));
  const resources = slots.map((slot) => scheduleResource(slot, practice.ods));
  if (wanted.has('Schedule:actor:Practitioner')) {
    resources.push(...slots.map(({ clinician }) => practitionerResource(clinician.person, clinician.roles)));
  }
  const organisation = exchange.space.world.organisations.get(practice.ods);
  if (slots.length > 0 && organisation && wanted.has('Schedule:actor:Location')) {
    resources.push(locationResource(organisation));
  }
  return resources;
}

export const slotOperations: ProviderOperation[] = [
  {
    name: 'search slots',
    method: 'GET',
    capability: 'foundations',
    path: 'Slot',
    interactions: ['fhir:rest:search:slot-1'],
    scope: 'organization/*.read',
    parameters: ['start', 'end', 'status', '_include', '_include:recurse', 'searchFilter'],
    run: search,
  },
];
