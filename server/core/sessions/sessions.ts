/** Every session of every space, over the store. Time is the space's own. */
import type { Space } from '../space/space.ts';
import type { Spaces } from '../space/spaces.ts';
import type { Collection, Store } from '../store/store.ts';
import { SessionExpiry } from './expiry.ts';
import { type EndReason, expiryOf, type Session } from './session.ts';
import { newTicket } from './ticket.ts';

/** A use is written down when the last one noted is this old: idle times are shown in seconds. */
const TOUCH_GRANULARITY_MS = 1_000;

/** An ended session is answered for as such this long, then it is unknown (assumed; the product's own default). */
const PURGE_AFTER_MS = 120 * 60_000;

/** Old sessions are looked for once in so many logins. */
const PURGE_EVERY = 256;

/** Sessions kept of one space; a load test must not fill the memory. The oldest go first. */
const MAX_SESSIONS = 100_000;

/** Addresses that one session tells; a client library registers one. */
export const MAX_LISTENERS = 16;

/** Properties that applications may set on one session. */
export const MAX_PROPERTIES = 64;

export type SessionEventType = 'created' | 'changed' | EndReason;

export interface SessionEvent {
  type: SessionEventType;
  space: Space;
  /** As it is after the change. */
  session: Session;
}

export type Found = { state: 'unknown' } | { state: 'valid' | 'ended'; session: Session };

/** For journals: `unknown`, `valid`, `ended by logout`. */
export function stateText(found: Found): string {
  return found.state === 'ended' ? `ended by ${found.session.ended!.reason}` : found.state;
}

export interface SessionsOptions {
  store: Store;
  spaces: Spaces;
  settings: SessionSettings;
}

export interface SessionSettings {
  /** Longest life. */
  sessionMinutes: number;
  /** Longest pause between two uses. */
  idleMinutes: number;
  /** Two digits that stand in new tickets and in the naming table. */
  serverId: string;
}

export type Login = Pick<Session, 'uid' | 'cn' | 'card' | 'deviceId' | 'clientIp' | 'roleId'>;

export class Sessions {
  readonly #store: Store;
  readonly #rows: Collection<Session>;
  readonly #spaces: Spaces;
  readonly #settings: SessionSettings;
  readonly #expiry: SessionExpiry;
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  #logins = 0;

  constructor({ store, spaces, settings }: SessionsOptions) {
    this.#store = store;
    this.#rows = store.collection<Session>('sessions', { indexes: { uid: (session) => session.uid } });
    this.#spaces = spaces;
    this.#settings = settings;
    this.#expiry = new SessionExpiry((space, ticket) => this.find(space, ticket));
  }

  /** Takes up what an earlier run kept, of one space or of all: whose space a ticket belongs to, and who is to be told of its end. */
  async open(only?: string): Promise<void> {
    for (const name of only === undefined ? await this.#store.spaces() : [only]) {
      const space = this.#spaces.get(name);
      for (const { value: session } of await this.#rows.list(name)) {
        this.#spaces.registerTicket(session.ticket, name);
        if (!session.ended && session.listeners.length > 0) this.#expiry.watch(space, session);
      }
    }
  }

  /** Opens a session. Another one of the same user stays as it is. */
  async start(space: Space, login: Login): Promise<Session> {
    const now = space.clock.now();
    const session: Session = {
      ticket: newTicket(space.ids, this.#settings.serverId),
      ...login,
      loginAt: now,
      lastUsedAt: now,
      maxMinutes: this.#settings.sessionMinutes,
      idleMinutes: this.#settings.idleMinutes,
      properties: {},
      listeners: [],
    };
    await this.#rows.put(space.name, session.ticket, session);
    this.#spaces.registerTicket(session.ticket, space.name);
    this.#tell({ type: 'created', space, session });
    if (++this.#logins % PURGE_EVERY === 0) await this.purge(space);
    return session;
  }

  /** The session of a ticket, ended here and now if its time is over. Does not count as a use. */
  async find(space: Space, ticket: string): Promise<Found> {
    const session = await this.#rows.get(space.name, ticket);
    if (!session) return { state: 'unknown' };
    if (session.ended) return { state: 'ended', session };
    const expiry = expiryOf(session);
    if (space.clock.now() < expiry.at) return { state: 'valid', session };
    const ended = await this.#end(space, ticket, expiry.reason, expiry.at);
    return ended ? { state: 'ended', session: ended } : this.find(space, ticket);
  }

  /** The space that has a session of this ticket, live or ended, whichever it is. */
  async spaceOf(ticket: string): Promise<string | undefined> {
    for (const name of await this.#store.spaces()) if (await this.#rows.get(name, ticket)) return name;
    return undefined;
  }

  /** As `find`, and a valid session's idle time begins anew. */
  async use(space: Space, ticket: string): Promise<Found> {
    const found = await this.find(space, ticket);
    if (found.state !== 'valid') return found;
    const now = space.clock.now();
    const since = now - found.session.lastUsedAt;
    // A clock that was set back is a new time to count from.
    if (since >= 0 && since < TOUCH_GRANULARITY_MS) return found;
    const session = await this.#change(space, ticket, (value) => ({ ...value, lastUsedAt: now }));
    return session ? { state: 'valid', session } : this.find(space, ticket);
  }

  /** Changes role, mode or properties of a live session and tells of it; undefined if there is none. Counts as a use. */
  async change(
    space: Space,
    ticket: string,
    change: (session: Session) => Partial<Pick<Session, 'roleId' | 'ssbMode' | 'properties'>>,
  ): Promise<Session | undefined> {
    if ((await this.find(space, ticket)).state !== 'valid') return undefined;
    const now = space.clock.now();
    const session = await this.#change(space, ticket, (value) => ({ ...value, ...change(value), lastUsedAt: now }));
    if (session) this.#tell({ type: 'changed', space, session });
    return session;
  }

  /** From now on `url` is told of the session's changes; false if the session is not live or has enough listeners. */
  async listen(space: Space, ticket: string, url: string): Promise<boolean> {
    if ((await this.find(space, ticket)).state !== 'valid') return false;
    const session = await this.#change(space, ticket, (value) => {
      if (value.listeners.includes(url)) return value;
      return value.listeners.length < MAX_LISTENERS ? { ...value, listeners: [...value.listeners, url] } : undefined;
    });
    if (session) this.#expiry.watch(space, session);
    return session !== undefined;
  }

  /** Ends a session at once. Returns it, or undefined if there was no live one. */
  async end(space: Space, ticket: string, reason: 'logout' | 'destroyed'): Promise<Session | undefined> {
    if ((await this.find(space, ticket)).state !== 'valid') return undefined;
    return this.#end(space, ticket, reason, space.clock.now());
  }

  /** The user's live sessions, the latest login first. */
  async ofUser(space: Space, uid: string): Promise<Session[]> {
    const rows = await this.#rows.find(space.name, 'uid', uid, { reverse: true });
    return this.#live(
      space,
      rows.map(({ value }) => value),
    );
  }

  /** All live sessions of a space, the latest login first. */
  async list(space: Space, limit = 1_000): Promise<Session[]> {
    const rows = await this.#rows.list(space.name, { reverse: true, limit });
    return this.#live(
      space,
      rows.map(({ value }) => value),
    );
  }

  /** Called after each change, before whoever caused it has an answer. Returns how to stop. */
  onEvent(listener: (event: SessionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets sessions that ended long ago, and the oldest beyond the number that is kept. */
  async purge(space: Space): Promise<void> {
    let excess = (await this.#rows.count(space.name)) - MAX_SESSIONS;
    const before = space.clock.now() - PURGE_AFTER_MS;
    for (const { value: session } of await this.#rows.list(space.name, { limit: Math.max(excess, 2 * PURGE_EVERY) })) {
      const endedAt = session.ended?.at ?? expiryOf(session).at;
      if (endedAt > before && excess <= 0) continue;
      await this.#rows.delete(space.name, session.ticket);
      this.#spaces.unregisterTicket(session.ticket, space.name);
      excess--;
    }
  }

  /** Forgets what is kept beside the store for a space that was cleared or restored. */
  forget(space: string): void {
    this.#expiry.forget(space);
  }

  close(): void {
    this.#expiry.close();
    this.#listeners.clear();
  }

  async #live(space: Space, sessions: Session[]): Promise<Session[]> {
    const now = space.clock.now();
    return sessions.filter((session) => !session.ended && now < expiryOf(session).at);
  }

  #change(
    space: Space,
    ticket: string,
    change: (session: Session) => Session | undefined,
  ): Promise<Session | undefined> {
    return this.#rows.update(space.name, ticket, (session) =>
      session === undefined || session.ended ? undefined : change(session),
    );
  }

  /** Of several who end it at once only one tells of it. */
  async #end(space: Space, ticket: string, reason: EndReason, at: number): Promise<Session | undefined> {
    const session = await this.#change(space, ticket, (value) => ({ ...value, ended: { at, reason } }));
    if (session) this.#tell({ type: reason, space, session });
    return session;
  }

  #tell(event: SessionEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
