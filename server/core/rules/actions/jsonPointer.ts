/** Changes one place of a JSON text (RFC 6901). */

type Container = Record<string, unknown> | unknown[];

/**
 * The text with `to` at the place, or without the place when `to` is absent; undefined when nothing is there to change. A
 * member that is missing from its object is added. Throws SyntaxError for text that is no JSON.
 */
export function changeJson(text: string, pointer: string, to: string | undefined): string | undefined {
  const root = JSON.parse(text) as unknown;
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = parts.pop();
  if (last === undefined) return to === undefined ? undefined : JSON.stringify(like(root, to));
  let parent: unknown = root;
  for (const part of parts) {
    parent = isContainer(parent) && Object.hasOwn(parent, part) ? (parent as Record<string, unknown>)[part] : undefined;
  }
  if (!isContainer(parent)) return undefined;
  if (Array.isArray(parent)) {
    const index = Number(last);
    if (!Number.isInteger(index) || index < 0 || index >= parent.length) return undefined;
    if (to === undefined) parent.splice(index, 1);
    else parent[index] = like(parent[index], to);
  } else if (to !== undefined) {
    const value = like(Object.hasOwn(parent, last) ? parent[last] : undefined, to);
    Object.defineProperty(parent, last, { value, enumerable: true, configurable: true, writable: true });
  } else if (Object.hasOwn(parent, last)) delete parent[last];
  else return undefined;
  // As it was laid out before: a client's log is easier to read beside the original.
  return JSON.stringify(root, null, /^[[{]\r?\n( +)/.exec(text.trimStart())?.[1] ?? 0);
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

/** A number stays a number and a truth a truth where the new text can be one. */
function like(before: unknown, to: string): unknown {
  if (typeof before === 'number' && to.trim() !== '' && Number.isFinite(Number(to))) return Number(to);
  if (typeof before === 'boolean' && (to === 'true' || to === 'false')) return to === 'true';
  return to;
}
