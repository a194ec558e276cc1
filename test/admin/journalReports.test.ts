import t from 'tap';
import { findSequence } from '../../server/core/journal/sequence.ts';
import type { SequenceStep } from '../../server/core/journal/sequenceStep.ts';
import { journalEntry } from '../core/journalEntries.ts';
import { startSpine } from '../helper.ts';

const GAS = 'gas.vn03.national.ncrs.nhs.uk';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString();
const entries = (...given: [service: string, operation: string][]) =>
  given.map(([service, operation], n) => journalEntry({ service, operation, at: at(n), seq: n + 1 }));
const step = (service: string, operation?: string, counts: Partial<SequenceStep> = {}): SequenceStep => ({
  filter: operation === undefined ? { service } : { service, operation },
  atLeast: 1,
  ...counts,
});

t.test('a sequence is found across protocols, within a span, with counts', async (t) => {
  const told = entries(
    ['sds', 'bind'],
    ['gas', 'login'],
    ['sds', 'search'],
    ['messaging', 'sync'],
    ['messaging', 'sync'],
  );
  const steps = [step('gas', 'login'), step('sds', 'search'), step('messaging', 'sync')];
  t.match(findSequence(told, steps, 5_000), { satisfied: true, matched: { 0: [{ seq: 2 }], 1: [{ seq: 3 }] } });
  t.match(findSequence(told, steps, 500), { satisfied: false, missing: { step: 2, reason: /took 2000 ms/ } });
  const once = [...steps.slice(0, 2), step('messaging', 'sync', { atMost: 1 })];
  t.match(findSequence(told, once, undefined), {
    satisfied: false,
    missing: { step: 2, reason: '2 exchanges, at most 1' },
  });
  t.match(findSequence(told.slice(0, 4), once, undefined), { satisfied: true });
  const wrong = findSequence(told, [step('gas'), step('sds', 'compare')], undefined);
  t.match(wrong, {
    satisfied: false,
    missing: {
      step: 1,
      reason: '0 of 1 exchanges after step 1',
      nearest: [{ entry: { seq: 3 }, differences: [{ field: 'operation', expected: 'compare', actual: 'search' }] }],
    },
  });
  const again = entries(['gas', 'login'], ['x', 'x'], ['x', 'x'], ['gas', 'login'], ['sds', 'search']);
  t.match(findSequence(again, steps.slice(0, 2), 2_000), { satisfied: true }, 'a later beginning may be the right one');
  t.match(findSequence(told, [step('mesh', undefined, { atLeast: 0, atMost: 0 }), step('gas')], undefined), {
    satisfied: true,
  });
  t.match(findSequence([], [step('gas')], undefined), { satisfied: false, missing: { step: 0 } });
});

t.test('thousands of beginnings are not tried one after the other', async (t) => {
  const many = entries(...Array.from({ length: 10_000 }, (): [string, string] => ['gas', 'login']));
  const [login, never] = [step('gas', 'login'), step('sds', 'search')];
  const began = performance.now();
  for (const [steps, span] of [
    [[login, never], undefined],
    [[login, never], 1_000],
    [[login, { ...never, also: () => [] }], undefined],
  ] as const) {
    const { missing } = findSequence(many, steps, span);
    t.match(missing, { step: 1, nearest: [] });
  }
  t.ok(performance.now() - began < 2_000, 'it took minutes');
});

t.test('sequences by the admin API wait for what comes; exports are whole and masked', async (t) => {
  const spine = await startSpine(t);
  const headers = { 'X-Spine-Sim-Space': 'team-a' };
  const ask = (path: string) => spine.ask(GAS, { path, headers: { ...headers, Authorization: 'Bearer abcdef' } });
  const steps = [{ service: 'gas', path: '/login/dtd' }, { outcome: 'refused' }];
  const waiting = spine.admin('POST', '/api/verify/sequence', { name: 'in order', steps, within: '20s' }, headers);
  await ask('/login/dtd');
  await ask('/login/nowhere?token=AQIC5');
  t.match(await waiting, {
    status: 200,
    body: { satisfied: true, matched: [[{ service: 'gas' }], [{ outcome: 'refused' }]] },
  });
  const not = await spine.admin(
    'POST',
    '/api/verify',
    { service: 'gas', path: '/login/other', name: 'never' },
    headers,
  );
  t.match(not.body, {
    satisfied: false,
    count: 0,
    nearest: [{ differences: [{ field: 'path', expected: '/login/other' }] }],
  });
  t.equal((await spine.admin('POST', '/api/verify/sequence', { steps: [] }, headers)).status, 400);
  t.equal((await spine.admin('POST', '/api/verify/sequence', { steps, span: 'soon' }, headers)).status, 400);

  const har = (await spine.admin('GET', '/api/journal/export?format=har', undefined, headers)).body;
  t.match(har.log, {
    version: '1.2',
    entries: [{ request: { url: `https://${GAS}/login/dtd` }, response: { status: 200 } }, {}],
  });
  t.match(har.log.entries[1].request, { queryString: [{ name: 'token', value: '***' }] });
  const open = (await spine.admin('GET', '/api/journal/export?format=har&mask=false', undefined, headers)).body;
  t.match(JSON.stringify(open), /Bearer abcdef/);
  t.notMatch(JSON.stringify(har), /Bearer abcdef/);
  const junit = (await spine.admin('GET', '/api/journal/export?format=junit', undefined, headers)).body as string;
  t.match(junit, /<testsuite name="verifications" tests="2" failures="1"/);
  t.match(junit, /<testcase classname="verify.team-a" name="never"[^>]*>\s*<failure message="at least 1 exchanges/);
  t.match(junit, /<testsuite name="exchanges" tests="2" failures="1" errors="0"/);
  const html = (await spine.admin('GET', '/api/journal/export?format=html', undefined, headers)).body as string;
  t.match(html, /<title>Exchanges of the space team-a<\/title>/);
  t.notMatch(html, /<script|https?:\/\/[^"\s]*\.(js|css)/);
  t.match((await spine.admin('GET', '/api/journal/export?format=pdf')).status, 400);
  await spine.admin('POST', '/api/reset', undefined, headers);
  t.notMatch((await spine.admin('GET', '/api/journal/export?format=junit', undefined, headers)).body, /verifications/);
});
