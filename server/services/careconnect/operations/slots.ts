/** GET Slot: free slots of a service of the Directory of Services. */
import type { FhirAnswer } from '../../../core/fhir/answer.ts';
import { isDay } from '../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import { BookingBook } from '../book.ts';
import type { BookingCall, BookingOperation } from '../call.ts';
import { outcome, refuse } from '../errors.ts';
import { scheduleResource, serviceResource, slotResource } from '../messages/resources.ts';
import { type ServiceKind, sentinelService } from '../sentinels.ts';
import { slotsBetween } from '../slots.ts';

/** What the service offers, or 404. */
function kindOf({ core }: BookingCall, service: string): ServiceKind {
  const { sentinels, services } = core.config.careconnect;
  if (services.includes(service)) return 'full';
  const kind = sentinels ? sentinelService(service) : undefined;
  return kind ?? refuse('serviceNotFound', `There is no service ${service}`, `There are ${services.join(', ')}.`);
}

const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+ -]\d\d:\d\d))?$/;

function momentOf(name: string, value: string, end: boolean): number {
  // A `+` that was not percent-encoded has become a blank.
  const text = value.replace(/^(ge|gt|le|lt)/, '').replace(/ (?=\d\d:\d\d$)/, '+');
  const time = MOMENT.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) refuse('badParameter', `${name} is ${value}, no date or date and time`);
  return end && text.length === 10 ? time + 86_400_000 : time;
}

/** `start` twice, ge and le, or `start` and `end`: the sources have both. */
function readRange(query: URLSearchParams): { from: number; to: number } {
  const lower = query.getAll('start').find((value) => /^g[et]/.test(value));
  const upper = [...query.getAll('start'), ...query.getAll('end')].find((value) => /^l[et]/.test(value));
  if (!lower || !upper) refuse('badParameter', 'There must be start=ge... and start=le... (or end=le...)');
  const [from, to] = [momentOf('start', lower, false), momentOf('start', upper, true)];
  if (from > to) refuse('badParameter', `start is ${lower} and ${upper}, which is no range`);
  return { from, to };
}

function readStatuses(query: URLSearchParams): Set<string> {
  const statuses = (query.get('status') ?? 'free').split(',');
  const unknown = statuses.find((status) => status !== 'free' && status !== 'busy');
  if (unknown !== undefined) refuse('badParameter', `status is ${unknown}; it can be free or busy`);
  return new Set(statuses);
}

async function search(call: BookingCall): Promise<FhirAnswer> {
  const { core, exchange, ods, query, root } = call;
  const { clock, world } = exchange.space;
  const now = clock.now();
  const [given, ...more] = query
    .getAll('schedule.actor:healthcareservice')
    .concat(query.getAll('schedule.actor:HealthcareService'));
  if (!given || more.length > 0)
    refuse('badParameter', 'There must be one schedule.actor:healthcareservice, the id of a service');
  const service = given.replace(/^.*\//, '');
  const { from, to } = readRange(query);
  const statuses = readStatuses(query);
  const kind = kindOf(call, service);
  if (to <= now) refuse('badParameter', 'The whole range lies in the past');
  const taken = await new BookingBook(core, exchange.space.name, ods).taken(service);
  const found: Resource[] = [];
  if (kind !== 'none') {
    for (const slot of slotsBetween(service, from, to, now)) {
      const status = taken.has(slot.id) ? 'busy' : 'free';
      if (statuses.has(status)) found.push(slotResource(slot, status));
    }
  }
  exchange.step('slots', 'info', `${found.length} of service ${service}`);
  const entry: object[] = found.map((resource) => entryOf(root, resource, 'match'));
  if (found.length === 0) {
    entry.push({
      resource: outcome(
        exchange.space.ids.lowerUuid(),
        'notFound',
        `Service ${service} has no slot to book then`,
        core.config.careconnect,
      ),
      search: { mode: 'outcome' },
    });
  } else if (kind === 'full') {
    if (included(query, 'Slot:schedule')) entry.push(entryOf(root, scheduleResource(service, now), 'include'));
    if (included(query, 'Schedule:actor:HealthcareService')) {
      entry.push(entryOf(root, serviceResource(service, ods, world.organisations.get(ods)), 'include'));
    }
  }
  return { resource: { resourceType: 'Bundle', type: 'searchset', total: found.length, entry } };
}

function included(query: URLSearchParams, name: string): boolean {
  const asked = [...query.getAll('_include'), ...query.getAll('_include:recurse')].map((each) => each.toLowerCase());
  return asked.includes(name.toLowerCase());
}

const entryOf = (root: string, resource: Resource, mode: string) => ({
  fullUrl: `${root}/${resource.resourceType}/${resource.id}`,
  resource,
  search: { mode },
});

export const slots: BookingOperation = {
  name: 'search slots',
  method: 'GET',
  path: 'Slot',
  id: 'none',
  interaction: 'search:slot',
  scopes: ['organization/slot.read', 'organization/*.read'],
  run: search,
};

/** True for a service whose slots can be booked. */
export function hasSlots({ core }: BookingCall, service: string): boolean {
  const { sentinels, services } = core.config.careconnect;
  return services.includes(service) || (sentinels && /(999|993)$/.test(service));
}
