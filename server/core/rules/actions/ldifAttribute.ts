/** Changes of an attribute in entries that are written as LDIF (RFC 2849), one value a line. */

/** What may stand behind a single colon; everything else is base64. */
const SAFE = /^(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )$/;

const line = (name: string, value: string) =>
  SAFE.test(value) ? `${name}: ${value}` : `${name}:: ${Buffer.from(value).toString('base64')}`;

/**
 * Gives every entry that has the attribute this one value, or takes the attribute away where `to` is undefined; a name is
 * compared without regard to case and kept as it stands. Undefined when no entry has it.
 */
export function changeLdifAttribute(ldif: string, attribute: string, to: string | undefined): string | undefined {
  const wanted = attribute.toLowerCase();
  let changed = false;
  const records = ldif.split(/\r?\n\r?\n/).map((record) => {
    let placed = false;
    return record
      .split(/\r?\n/)
      .flatMap((text) => {
        const name = text.slice(0, Math.max(text.indexOf(':'), 0));
        if (name.toLowerCase() !== wanted) return [text];
        changed = true;
        if (placed || to === undefined) return [];
        placed = true;
        return [line(name, to)];
      })
      .join('\n');
  });
  return changed ? records.join('\n\n') : undefined;
}
