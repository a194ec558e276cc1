/** `{name}` in the texts of a set: what the tester's own system has in its place. Two braces are the templates of rules. */

const PLACEHOLDER = /(?<!\{)\{([a-z][A-Za-z0-9]*)\}(?!\})/g;

/** Each text below a value, with its path. */
export function* textsOf(value: unknown, path: (string | number)[] = []): Generator<[(string | number)[], string]> {
  if (typeof value === 'string') yield [path, value];
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* textsOf(item, [...path, index]);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) yield* textsOf(item, [...path, name]);
  }
}

/** Names that a text asks for. */
export const namesIn = (text: string): string[] => [...text.matchAll(PLACEHOLDER)].map(([, name]) => name!);

/** A copy with data filled in; a name that there is none for stays as it is. */
export function filled<T>(value: T, data: Readonly<Record<string, string>>): T {
  const fill = (part: unknown): unknown => {
    if (typeof part === 'string') return part.replace(PLACEHOLDER, (all, name: string) => data[name] ?? all);
    if (Array.isArray(part)) return part.map(fill);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, item]) => [name, fill(item)]));
  };
  return fill(value) as T;
}
