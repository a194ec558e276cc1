/** Writes a record as people write YAML: one field a line, short things in braces. */

/** Letters, digits and what needs no quotes between them. */
const PLAIN_TEXT = /^[\p{L}\p{N}][\p{L}\p{N} .@+/'_-]*$/u;
/** Texts that YAML readers would take for a number or a truth value. */
const NOT_TEXT = /^(?:[\d.]+|true|false|yes|no|on|off|null|y|n)$/i;

/** A mapping that would be longer in one line is written over several. */
const LONGEST_LINE = 170;

/** An item of a list at that indentation. */
export function block(record: object, indent: number): string {
  const margin = ' '.repeat(indent);
  const lines = Object.entries(record)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${margin}  ${field(name, value, indent + 2)}`);
  return `${lines.join('\n').replace(`${margin}  `, `${margin}- `)}\n`;
}

function field(name: string, value: unknown, indent: number): string {
  const manyMappings = Array.isArray(value) && value.length > 0 && typeof value[0] === 'object';
  if (!manyMappings) return `${name}: ${flow(value)}`;
  const margin = ' '.repeat(indent + 2);
  const items = value.map((item) => {
    const line = `${margin}- ${flow(item)}`;
    return line.length <= LONGEST_LINE ? line : block(item as object, indent + 2).trimEnd();
  });
  return [`${name}:`, ...items].join('\n');
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{ ${fields.map(([name, item]) => `${name}: ${flow(item)}`).join(', ')} }`;
  }
  if (typeof value !== 'string') return String(value);
  return PLAIN_TEXT.test(value) && !NOT_TEXT.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
}
