/** Which attributes a search asks for, and in which spelling they go back (RFC 4511 4.5.1.8, RFC 3673, RFC 4529). */
import type { AttributeType } from '../schema/attributeType.ts';
import { attributeTypes, classChain, findAttribute, findClass } from '../schema/schema.ts';
import { OPERATIONAL_TYPES } from './operationalAttributes.ts';

/** An attribute that is not asked for; one that goes back as it is stored. Larger numbers are spellings. */
const NOT_WANTED = 0;
const STORED_SPELLING = 1;

export interface SelectionContext {
  /** Give names in the spelling that was asked for. */
  echoSpelling: boolean;
  hidden: ReadonlySet<AttributeType>;
}

export class Selection {
  /** By number of the type: 0 not wanted, 1 as stored, else 2 + place of its spelling. */
  readonly wanted = new Uint8Array(attributeTypes.length);
  readonly spellings: Buffer[] = [];
  /** Operational attributes to work out. */
  readonly operational: AttributeType[] = [];
  /** Names that mean nothing here: passed over, and worth a hint. */
  readonly unknown: string[] = [];
  /** `+` was among the names. */
  everyOperational = false;
  #context: SelectionContext;

  constructor(names: readonly string[], context: SelectionContext) {
    this.#context = context;
    if (names.length === 0) this.#everyUserAttribute();
    for (const name of names) this.#select(name);
  }

  #select(name: string): void {
    if (name === '*') this.#everyUserAttribute();
    else if (name === '+') this.#everyOperationalAttribute();
    else if (name.startsWith('@')) this.#everyAttributeOfClass(name);
    // `1.1` stands for no attribute, and is nothing beside others (RFC 4511 4.5.1.8).
    else if (name !== '1.1') this.#named(name);
  }

  #named(name: string): void {
    const type = findAttribute(name);
    const family = type?.family.map((id) => attributeTypes[id]!);
    if (family) this.#want(family, name);
    else this.unknown.push(name);
  }

  #everyUserAttribute(): void {
    this.#want(attributeTypes.filter((type) => !type.operational && !this.wanted[type.id]));
  }

  #everyOperationalAttribute(): void {
    this.everyOperational = true;
    this.#want(OPERATIONAL_TYPES.filter((type) => !this.wanted[type.id]));
  }

  /** RFC 4529: `@nhsAs` asks for all that the class and those above it allow. */
  #everyAttributeOfClass(name: string): void {
    const objectClass = findClass(name.slice(1));
    if (!objectClass) {
      this.unknown.push(name);
      return;
    }
    const names = classChain(objectClass).flatMap(({ must, may }) => [...must, ...may]);
    this.#want(names.flatMap((one) => findAttribute(one) ?? []));
  }

  #want(types: AttributeType[], spelling?: string): void {
    for (const type of types) {
      if (this.#context.hidden.has(type)) continue;
      if (type.operational && !this.operational.includes(type)) this.operational.push(type);
      if (this.wanted[type.id]! > STORED_SPELLING) continue;
      this.wanted[type.id] = STORED_SPELLING;
      if (spelling !== undefined && this.#isOtherSpelling(type, spelling)) {
        this.spellings.push(Buffer.from(spelling));
        this.wanted[type.id] = STORED_SPELLING + this.spellings.length;
      }
    }
  }

  /** Only a difference of case is given back: an OID or a synonym is answered with the stored name. */
  #isOtherSpelling(type: AttributeType, spelling: string): boolean {
    if (!this.#context.echoSpelling || spelling === type.name || this.spellings.length >= 0xfe - STORED_SPELLING)
      return false;
    return spelling.length === type.name.length && spelling.toLowerCase() === type.name.toLowerCase();
  }

  /** The name that an attribute goes back under, or undefined where it is not wanted. */
  nameOf(type: AttributeType): string | undefined {
    const wanted = this.wanted[type.id]!;
    if (wanted === NOT_WANTED) return undefined;
    return wanted === STORED_SPELLING ? type.name : this.spellings[wanted - STORED_SPELLING - 1]!.toString();
  }

  /** The spelling to put over a stored name, if it is another. */
  spellingOf(wanted: number): Buffer | undefined {
    return wanted > STORED_SPELLING ? this.spellings[wanted - STORED_SPELLING - 1] : undefined;
  }
}

/** Clients ask with the same few lists again and again. */
const MAX_CACHED = 256;

/** Selections by the list they were made from. */
export class SelectionCache {
  #context: SelectionContext;
  #cached = new Map<string, Selection>();

  constructor(context: SelectionContext) {
    this.#context = context;
  }

  get(names: readonly string[]): Selection {
    const key = names.join('\0');
    let selection = this.#cached.get(key);
    if (!selection) {
      selection = new Selection(names, this.#context);
      if (this.#cached.size >= MAX_CACHED) this.#cached.clear();
      this.#cached.set(key, selection);
    }
    return selection;
  }
}
