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

/** Nonsense takes no more memory than this; a longer name is no name of a message. */
const MAX_NAMES = 4096;
const MAX_LENGTH = 64;

const names = new Map<string, XmlName>();

/** The name that was found last for a hash: mostly the one that is asked for, and found without cutting it out. */
const PLACES = 4096;
const places: (XmlName | undefined)[] = new Array(PLACES).fill(undefined);

/** The name from `start` to `end` of the document; `hash` is any number made of its characters. */
export function nameIn(document: string, start: number, end: number, hash: number): XmlName {
  const place = (hash ^ (hash >>> 12)) & (PLACES - 1);
  const last = places[place];
  if (last && last.name.length === end - start && document.startsWith(last.name, start)) return last;
  const text = document.slice(start, end);
  if (text.length > MAX_LENGTH) return parts(text);
  let name = names.get(text);
  if (!name) {
    if (names.size === MAX_NAMES) names.clear();
    name = parts(own(text));
    names.set(name.name, name);
  }
  places[place] = name;
  return name;
}

function parts(name: string): XmlName {
  const colon = name.indexOf(':');
  if (colon < 0) return { name, prefix: '', local: name };
  return { name, prefix: own(name.slice(0, colon)), local: own(name.slice(colon + 1)) };
}

/** The same text without the document that it was cut from: V8 keeps a slice as a view of the whole, a property's name as itself. */
function own(text: string): string {
  const [key] = Object.keys({ [text]: true });
  return key!;
}
