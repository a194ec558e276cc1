/** Reads the tables that the schema is written in. */
import type { AttributeDefinition } from './attributeType.ts';
import type { ComparisonName } from './comparison.ts';

/** Arc of the attributes that NHS England defined. */
const NHS_ATTRIBUTES = '1.2.826.0.1285.0.';

const rows = (table: string): string[][] =>
  table
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/));

/** Columns: name, OID below 1.2.826.0.1285.0, rule for equality (`-`: none), `single` or `multi`. All are Directory Strings. */
export function nhsAttributes(table: string): AttributeDefinition[] {
  return rows(table).map(([name, oid, rule, count]) => ({
    names: [name!],
    oid: NHS_ATTRIBUTES + oid,
    comparison: rule === '-' ? undefined : (rule as ComparisonName),
    single: count === 'single',
    origin: 'nhsSDS',
  }));
}

/**
 * Columns: names with commas between, OID, rule (`-`: none, `<name>`: those of that superior), syntax (`.`: that of the
 * rule), `single` or `multi`, and `equality-only` where no other rule is published.
 */
export function standardAttributes(table: string, shared: Partial<AttributeDefinition> = {}): AttributeDefinition[] {
  return rows(table).map(([names, oid, rule, syntax, count, only]) => ({
    names: names!.split(',') as [string, ...string[]],
    oid: oid!,
    comparison: rule === '-' || rule!.startsWith('<') ? undefined : (rule as ComparisonName),
    superior: rule!.startsWith('<') ? rule!.slice(1, -1) : undefined,
    syntax: syntax === '.' ? undefined : syntax,
    single: count === 'single',
    allRules: only === undefined,
    ...shared,
  }));
}
