/** Search parameters that no operation knows. */
import t from 'tap';
import { startSpine } from '../../helper.ts';
import { lastEntry } from '../ssp/consumer.ts';
import { call } from './consumer.ts';

t.test('a search parameter that is not known is left aside, and the journal tells', async (t) => {
  const spine = await startSpine(t);
  const day = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  const search = (query: string) =>
    call(
      spine,
      'fhir:rest:search:slot-1',
      `Slot?status=free&start=ge${day}&end=le${day}&_include=Slot:schedule&${query}`,
      { scope: 'organization/*.read' },
    );
  t.equal((await search('_include:recuse=Schedule:actor:Location')).status, 200);
  const entry = await lastEntry(spine, 'service=gpconnect');
  t.ok(
    entry.steps.some(({ detail }: { detail?: string }) => /^"_include:recuse" is not known here/.test(detail ?? '')),
  );
  t.match(entry.nearMisses, [{ kind: 'search parameter', candidate: '_include:recurse' }]);
  await search(Array.from({ length: 100 }, (_, index) => `unknown${index}=1`).join('&'));
  const { steps } = await lastEntry(spine, 'service=gpconnect');
  t.equal(steps.filter(({ name }: { name: string }) => name === 'search parameter').length, 20, 'not without end');
  await search('_format=json&_include:recurse=Schedule:actor:Location&searchFilter=x&searchFilter=y');
  t.same((await lastEntry(spine, 'service=gpconnect')).nearMisses, [], 'nothing to tell of those that are known');
});
