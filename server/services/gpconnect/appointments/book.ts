/** What was booked, amended and cancelled. */
import type { Core } from '../../../core/core.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import type { Collection } from '../../../core/store/store.ts';
import type { Slot } from './schedule.ts';

export interface Booking {
  id: string;
  ods: string;
  nhsNumber: string;
  /** Rises with each change: versionId. */
  version: number;
  slots: string[];
  start: number;
  end: number;
  cancelled: boolean;
  /** ISO time of the last change. */
  changed: string;
  /** The Appointment without id and meta. */
  resource: Resource;
}

/** Which appointment has a slot. */
interface Taken {
  ods: string;
  day: string;
  slot: string;
  appointment: string;
}

interface Collections {
  bookings: Collection<Booking>;
  taken: Collection<Taken>;
}

const kept = new WeakMap<Core, Collections>();

function collections({ store }: Core): Collections {
  return {
    bookings: store.collection<Booking>('gpconnect-appointments', {
      indexes: { patient: ({ ods, nhsNumber }) => `${ods}/${nhsNumber}` },
    }),
    taken: store.collection<Taken>('gpconnect-slots', { indexes: { day: ({ ods, day }) => `${ods}/${day}` } }),
  };
}

export class AppointmentBook {
  #core: Core;
  #bookings: Collection<Booking>;
  #taken: Collection<Taken>;
  #space: string;

  constructor(core: Core, space: string) {
    let found = kept.get(core);
    if (!found) {
      found = collections(core);
      kept.set(core, found);
    }
    this.#core = core;
    this.#bookings = found.bookings;
    this.#taken = found.taken;
    this.#space = space;
  }

  /** Ids of the slots of a practice that are taken on that day (`YYYY-MM-DD`). */
  async takenOn(ods: string, day: string): Promise<Set<string>> {
    const rows = await this.#taken.find(this.#space, 'day', `${ods}/${day}`);
    return new Set(rows.map(({ value }) => value.slot));
  }

  /** All or nothing; false when one of the slots is taken. */
  book(booking: Booking, slots: readonly Slot[]): Promise<boolean> {
    const { ods, id } = booking;
    const takings = slots.map((slot) =>
      this.#taken.putting(
        this.#space,
        `${ods}/${slot.id}`,
        { ods, day: slot.day, slot: slot.id, appointment: id },
        { ifAbsent: true },
      ),
    );
    const kept = this.#bookings.putting(this.#space, id, booking, { ifAbsent: true });
    return this.#core.store.batch([kept, ...takings]);
  }

  /** The appointment, if it is with that practice. */
  async find(ods: string, id: string): Promise<Booking | undefined> {
    const booking = await this.#bookings.get(this.#space, id);
    return booking?.ods === ods ? booking : undefined;
  }

  /** Replaces the version before; a cancelled one gives its slots back. False when somebody else was faster. */
  async change(booking: Booking): Promise<boolean> {
    const row = await this.#bookings.row(this.#space, booking.id);
    if (row?.value.version !== booking.version - 1) return false;
    const freed = booking.cancelled
      ? booking.slots.map((slot) => this.#taken.deleting(this.#space, `${booking.ods}/${slot}`))
      : [];
    const put = this.#bookings.putting(this.#space, booking.id, booking, { ifVersion: row.version });
    return this.#core.store.batch([put, ...freed]);
  }

  /** All of a patient with a practice, cancelled ones included, in the order of time. */
  async ofPatient(ods: string, nhsNumber: string): Promise<Booking[]> {
    const rows = await this.#bookings.find(this.#space, 'patient', `${ods}/${nhsNumber}`);
    return rows.map(({ value }) => value).sort((left, right) => left.start - right.start);
  }
}
