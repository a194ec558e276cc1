/** All spaces, and which one an exchange belongs to. */
import { Clock } from '../clock/clock.ts';
import { Ids } from '../ids/ids.ts';
import type { World } from '../world/world.ts';
import { Identities } from './identities.ts';
import type { SpaceKeeping } from './keeping.ts';
import {
  DEFAULT_SPACE,
  type IdentityKind,
  isSpaceName,
  type Space,
  type SpaceHints,
  type SpaceIdentity,
} from './space.ts';
import { identitiesOf } from './worldIdentities.ts';

/** A header may name any space, so their number is bounded; each costs about 6 KB until something is stored in it. */
const MAX_SPACES = 5_000;

/** Identities are asked in this order: the one nearest to the wire first. */
const IDENTITY_ORDER: IdentityKind[] = ['clientCertificate', 'ticket', 'asid', 'partyKey', 'mailbox', 'user'];

export interface ResolvedSpace {
  space: Space;
  /** header, host, `<identity kind>`, message (the one that a signal is about) or default. */
  reason: string;
}

export interface SpacesOptions {
  /** The default space's clock, which the others follow until they are set. */
  clock: Clock;
  /** Seed of the deterministic mode. */
  seed?: string | undefined;
  createWorld(name: string, clock: Clock): World;
  /** Where clocks and ids outlive the process. */
  keeping?: SpaceKeeping | undefined;
  /** Told when that fails where nobody waits. */
  failed?: ((error: unknown) => void) | undefined;
}

export class Spaces {
  readonly default: Space;
  #options: SpacesOptions;
  #spaces = new Map<string, Space>();
  #identities = new Identities();

  constructor(options: SpacesOptions) {
    this.#options = options;
    this.default = this.#create(DEFAULT_SPACE, options.clock);
  }

  /** Takes up what an earlier run kept of these spaces. Throws what `World.load` throws. */
  async open(names: readonly string[]): Promise<void> {
    // The default space first: the clocks of the others follow its.
    for (const name of new Set([DEFAULT_SPACE, ...names])) await this.#takeUp(this.get(name));
  }

  /** Resolves when the clock of a space, as it is now, outlives the process. */
  async keepClock(space: Space): Promise<void> {
    await this.#options.keeping?.keepClock(space);
  }

  /** The space of that name, made on first use. Throws a RangeError for a name that is not allowed or one too many. */
  get(name: string): Space {
    const known = this.#spaces.get(name);
    if (known) return known;
    if (!isSpaceName(name)) throw new RangeError(`"${name}" is not a space name: use a-z, 0-9 and "-", at most 63`);
    if (this.#spaces.size >= MAX_SPACES) {
      throw new RangeError(`there are ${MAX_SPACES} spaces already: remove some with DELETE /api/spaces/<name>`);
    }
    return this.#create(name, new Clock(this.default.clock));
  }

  has(name: string): boolean {
    return this.#spaces.has(name);
  }

  names(): string[] {
    return [...this.#spaces.keys()];
  }

  /** From now on an exchange that shows this ticket, and neither header nor host label, belongs to the space. */
  registerTicket(ticket: string, space: string): void {
    if (space !== DEFAULT_SPACE) this.#identities.claim(space, `ticket ${ticket}`, [['ticket', ticket]]);
  }

  unregisterTicket(ticket: string, space: string): void {
    this.#identities.claim(space, `ticket ${ticket}`, []);
  }

  /** By header, then host label; else the default space. */
  resolve(hints: SpaceHints): ResolvedSpace {
    if (hints.header) return { space: this.get(hints.header.trim().toLowerCase()), reason: 'header' };
    if (hints.hostLabel) return { space: this.get(hints.hostLabel.toLowerCase()), reason: 'host' };
    return { space: this.default, reason: 'default' };
  }

  /** False while no space has registered any identity: then there is nothing to resolve. */
  get knowsIdentities(): boolean {
    return !this.#identities.isEmpty;
  }

  /** The space that one of these identities is registered in, if any. */
  resolveIdentity(identity: SpaceIdentity): ResolvedSpace | undefined {
    if (this.#identities.isEmpty) return undefined;
    for (const kind of IDENTITY_ORDER) {
      const value = identity[kind];
      const name = value === undefined ? undefined : this.#identities.spaceOf(kind, value);
      if (name !== undefined) return { space: this.get(name), reason: kind };
    }
    return undefined;
  }

  /** Reads the space's world and clock anew after its store was restored. */
  async reload(space: Space): Promise<void> {
    this.#identities.forget(space.name);
    await this.#takeUp(space);
  }

  /** Clock, ids and identities of a space as at its making; the caller clears its store and rules. */
  async reset(space: Space): Promise<void> {
    space.clock.reset();
    space.ids.reset();
    await space.world.reset();
    this.#identities.forget(space.name);
  }

  /** Forgets a space; the caller has reset it. Exchanges under way end in it, the next one makes it anew. */
  remove(space: Space): void {
    if (space === this.default || this.#spaces.get(space.name) !== space) return;
    this.#spaces.delete(space.name);
    this.#identities.forget(space.name);
    space.clock.close();
  }

  close(): void {
    for (const space of this.#spaces.values()) space.clock.close();
  }

  async #takeUp(space: Space): Promise<void> {
    const { keeping } = this.#options;
    const clock = await keeping?.clock(space.name);
    space.clock.take(clock ?? {});
    await space.world.load();
    space.world.beginOn(clock?.day);
    await keeping?.continueIds(space);
  }

  #create(name: string, clock: Clock): Space {
    const { seed, keeping, failed = () => {} } = this.#options;
    const world = this.#options.createWorld(name, clock);
    const space: Space = { name, clock, ids: new Ids(seed === undefined ? undefined : `${seed}/${name}`), world };
    this.#spaces.set(name, space);
    keeping?.followIds(space, failed);
    if (name === DEFAULT_SPACE) return space;
    // What a space's own world holds beyond the seed is what exchanges of its users are known by.
    world.onChange(({ kind, id }) => {
      this.#identities.claim(name, `${kind} ${id}`, identitiesOf(world, this.default.world, kind, id));
    });
    return space;
  }
}
