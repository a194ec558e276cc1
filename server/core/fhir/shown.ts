/** Values of a resource, or of a token beside it, in sentences about them. */

/** Longer ones are told by their beginning: what is wrong with them shows there, and an answer need not carry them back. */
const MOST_CHARACTERS = 200;

/** The value as JSON writes it, or the word `missing`. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS).toWellFormed()}...` : text;
}
