/** The names before the colons of LDIF lines. */

const COLON = 0x3a;

/** A directory has a few hundred names; a text that is no LDIF could have any number. */
const MAX_KNOWN = 4096;

interface Known {
  name: string;
  /** What the line behind the last line of that name had. */
  follower: Known | undefined;
}

/**
 * Records name the same attributes in the same order, so each line is held against the last one's name and the one that stood
 * behind it before: cutting out, hashing and comparing every name anew took a tenth of loading a large file.
 */
export class LineNames {
  #known = new Map<string, Known>();
  #last: Known = { name: '', follower: undefined };

  /** The name of the line from `start` to `end` of a text; undefined for a line without a name or a colon. */
  read(text: string, start: number, end: number): string | undefined {
    const last = this.#last;
    const { follower } = last;
    if (follower && stands(follower.name, text, start, end)) {
      this.#last = follower;
      return follower.name;
    }
    if (last.name !== '' && stands(last.name, text, start, end)) return last.name;
    // Not `indexOf`, which would look behind the end of a line that has none, again for every line.
    let colon = start;
    while (colon < end && text.charCodeAt(colon) !== COLON) colon++;
    if (colon === start || colon === end) return undefined;
    return this.#follow(text.slice(start, colon));
  }

  #follow(name: string): string {
    let known = this.#known.get(name);
    if (!known) {
      known = { name, follower: undefined };
      if (this.#known.size < MAX_KNOWN) this.#known.set(name, known);
    }
    this.#last.follower = known;
    this.#last = known;
    return known.name;
  }
}

function stands(name: string, text: string, start: number, end: number): boolean {
  const colon = start + name.length;
  return colon < end && text.charCodeAt(colon) === COLON && text.startsWith(name, start);
}
