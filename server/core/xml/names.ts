/**
 * Names of elements and attributes, each kept once for the whole process: messages use the same few hundred all the time. A name
 * that was seen before costs no new text, and comparing it with another one is a comparison of two places in memory.
 */

export interface XmlName {
  /** As written, prefix included. */
  readonly name: string;
  readonly prefix: string;
  readonly local: string;
}

/** A power of two. Of two names that fall on one place the later one has it: nonsense takes no more memory than this. */
const PLACES = 2048;

/** Longer ones are no names of a message, and would be kept for as long as nothing takes their place. */
const MAX_KEPT_LENGTH = 64;

const places: (XmlName | undefined)[] = new Array(PLACES).fill(undefined);

/** The name from `start` to `end` of the document; `colon` is its place there, or -1, and `hash` any number made of its characters. */
export function nameIn(document: string, start: number, end: number, colon: number, hash: number): XmlName {
  const place = hash & (PLACES - 1);
  const known = places[place];
  if (known && known.name.length === end - start && document.startsWith(known.name, start)) return known;
  const read = document.slice(start, end);
  const name = end - start > MAX_KEPT_LENGTH ? read : own(read);
  const length = colon - start;
  const made =
    colon < 0
      ? { name, prefix: '', local: name }
      : { name, prefix: own(name.slice(0, length)), local: own(name.slice(length + 1)) };
  if (end - start <= MAX_KEPT_LENGTH) places[place] = made;
  return made;
}

/** The same text without the document that it was cut from: V8 keeps a slice as a view of the whole, a property's name as itself. */
function own(text: string): string {
  const [key] = Object.keys({ [text]: true });
  return key!;
}
