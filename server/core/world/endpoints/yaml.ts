/** Parties as a file of `stubs/world`: the records themselves, so that ids and contracts stay as they are. */
import { block } from '../generator/yamlText.ts';
import type { Organisation } from '../types.ts';
import type { Party } from './endpoints.ts';

const HEAD = '# yaml-language-server: $schema=./world.schema.json\n';

/** Organisations, systems and handlers of the parties. What the seed has under the same ids it stands in place of. */
export function* partiesAsYaml(
  world: { organisations: { get(ods: string): Organisation | undefined } },
  parties: readonly Party[],
): Generator<string> {
  yield HEAD;
  const codes = new Set(parties.flatMap(({ ods }) => ods));
  yield* list(
    'organisations',
    [...codes].flatMap((ods) => world.organisations.get(ods) ?? []),
  );
  yield* list(
    'systems',
    parties.flatMap(({ systems }) => systems),
  );
  yield* list(
    'handlers',
    parties.flatMap(({ handlers }) => handlers),
  );
}

function* list(kind: string, records: readonly object[]): Generator<string> {
  if (records.length === 0) return;
  yield `\n${kind}:\n`;
  for (const record of records) yield block(record, 2);
}
