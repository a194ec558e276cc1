/** Appointments, the slots that they take, and the requests that made them. */
import type { Core } from '../../core/core.ts';
import type { Resource } from '../../core/fhir/resource.ts';
import type { Collection } from '../../core/store/store.ts';
import { slotById } from './slots.ts';

export interface Booking {
  id: string;
  ods: string;
  /** Rises with each change: versionId. */
  version: number;
  slot: string;
  /** Milliseconds. */
  start: number;
  cancelled: boolean;
  /** ISO time of the last change. */
  changed: string;
  /** The Appointment without id and meta. */
  resource: Resource;
}

interface Taken {
  ods: string;
  service: string;
  appointment: string;
}

interface Collections {
  bookings: Collection<Booking>;
  slots: Collection<Taken>;
  requests: Collection<{ appointment: string }>;
}

const kept = new WeakMap<Core, Collections>();

function collections(core: Core): Collections {
  let found = kept.get(core);
  if (!found) {
    const { store } = core;
    found = {
      bookings: store.collection('careconnect-appointments'),
      slots: store.collection('careconnect-slots', { indexes: { service: ({ ods, service }) => `${ods}/${service}` } }),
      requests: store.collection('careconnect-requests'),
    };
    kept.set(core, found);
  }
  return found;
}

export class BookingBook {
  readonly #core: Core;
  readonly #all: Collections;
  readonly #space: string;
  readonly #ods: string;

  constructor(core: Core, space: string, ods: string) {
    this.#core = core;
    this.#all = collections(core);
    this.#space = space;
    this.#ods = ods;
  }

  /** Ids of the slots of a service that are taken. */
  async taken(service: string): Promise<Set<string>> {
    const rows = await this.#all.slots.find(this.#space, 'service', `${this.#ods}/${service}`);
    return new Set(rows.map(({ id }) => id.slice(this.#ods.length + 1)));
  }

  /** True when a request with that X-Request-ID has booked before. */
  async knows(requestId: string): Promise<boolean> {
    return (await this.#all.requests.get(this.#space, this.#key(requestId))) !== undefined;
  }

  /** All or nothing; false when the slot is taken. `service` undefined: the slot can be booked again and again. */
  book(booking: Booking, requestId: string, service: string | undefined): Promise<boolean> {
    const { bookings, slots, requests } = this.#all;
    const { id, slot } = booking;
    const writes = [
      bookings.putting(this.#space, id, booking, { ifAbsent: true }),
      requests.putting(this.#space, this.#key(requestId), { appointment: id }, { ifAbsent: true }),
    ];
    if (service === undefined) return this.#core.store.batch(writes);
    const taken: Taken = { ods: this.#ods, service, appointment: id };
    return this.#core.store.batch([...writes, slots.putting(this.#space, this.#key(slot), taken, { ifAbsent: true })]);
  }

  async find(id: string): Promise<Booking | undefined> {
    const booking = await this.#all.bookings.get(this.#space, id);
    return booking?.ods === this.#ods ? booking : undefined;
  }

  /** Replaces the version before, and gives the slot back; false when somebody else was faster. */
  async cancel(booking: Booking): Promise<boolean> {
    const { bookings, slots } = this.#all;
    const row = await bookings.row(this.#space, booking.id);
    if (row?.value.version !== booking.version - 1) return false;
    const put = bookings.putting(this.#space, booking.id, booking, { ifVersion: row.version });
    const { slot } = booking;
    const freed = slotById(slot) ? [slots.deleting(this.#space, this.#key(slot))] : [];
    return this.#core.store.batch([put, ...freed]);
  }

  #key(name: string): string {
    return `${this.#ods}/${name}`;
  }
}
