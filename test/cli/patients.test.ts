import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { Invocation } from '../../server/cli/verb.ts';
import { patients } from '../../server/cli/verbs/patients.ts';
import { world } from '../../server/cli/verbs/world.ts';
import { startSpine } from '../helper.ts';
import { HOST, retrievalQuery, soapAction, syncRequest } from '../services/messaging/requests.ts';
import { runVerb } from './runVerb.ts';

const spine = await startSpine(t);
const folder = mkdtempSync(join(tmpdir(), 'spine-patients-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

const run = (words: string[], flags: Invocation['flags'] = {}) => runVerb(spine, patients, words, flags);

/** What PDS answers to a retrieval by that number. */
async function retrieved(nhsNumber: string, space?: string): Promise<string> {
  const headers = { ...soapAction(), ...(space && { 'X-Spine-Sim-Space': space }) };
  return (
    await spine.ask(HOST, { path: '/sync-service', headers, body: syncRequest({ act: retrievalQuery(nhsNumber) }) })
  ).text;
}

t.test('patients are added, changed and removed by a few fields; PDS shows each change at once', async (t) => {
  const [number = ''] = (
    await run(['add', 'family=Rowanlock', 'given=Ada May', 'sex=female', 'born=31/01/1980', 'gp=Z99901'])
  ).out;
  t.match(number, /^9998\d{6}$/);
  t.match(await retrieved(number), /<given>Ada<\/given><given>May<\/given><family>Rowanlock<\/family>/);
  t.match((await run(['set', number, 'family=Newname', 'postcode=ZZ99 3WZ'])).out, [
    `${number} has serial change number 2 now`,
  ]);
  t.match(await retrieved(number), /<family>Newname<\/family>.*/);
  await run(['sensitive', number]);
  t.match(await retrieved(number), /confidentialityCode code="S"/);
  await run(['sensitive', number], { code: 'none' });
  t.notMatch(await retrieved(number), 'confidentialityCode');
  await run(['deceased', number], { on: 'today-3d', informal: true });
  t.match(await retrieved(number), /deathNotification.*<value code="1"/);
  await run(['alive', number]);
  t.notMatch(await retrieved(number), 'deathNotification');
  t.match(JSON.parse((await run(['show', number])).out.join('\n')), {
    scn: 6,
    names: [{ family: 'Newname' }, { use: 'PREVIOUS' }],
  });
  t.equal((await run(['remove', number])).code, 0);
  t.match(await retrieved(number), 'No match to a Service User record');
});

t.test('in its own space only', async (t) => {
  await run(['sensitive', '9996790002'], { space: 'mine' });
  t.match(await retrieved('9996790002', 'mine'), /confidentialityCode code="S"/);
  t.notMatch(await retrieved('9996790002'), 'confidentialityCode');
});

t.test('what is wrong is told in words', async (t) => {
  await t.rejects(run(['add', 'famly=A']), /there is no field "famly" \(did you mean "family"\?\)/);
  await t.rejects(
    run(['add', 'family=A', 'gender=1', 'born=yesterday']),
    /dateOfBirth: must be a date.*it is "yesterday"/,
  );
  await t.rejects(
    run(['add', 'nhsNumber=9996010007', 'family=A', 'gender=1']),
    /there is a patient 9996010007 already/,
  );
  await t.rejects(run(['set', '9990000018', 'family=A']), /there is no patient 9990000018/);
  await t.rejects(run(['set', '9996010007', 'family']), /"family" is no field: write name=value/);
  await t.rejects(run(['import', join(folder, 'nowhere.csv')]), /ENOENT/);
});

t.test('a file is taken as a whole or not at all', async (t) => {
  const file = join(folder, 'people.csv');
  writeFileSync(file, 'nhsNumber,surname,sex\n9998000009,Filed,F\n9998000011,Filed,F\n');
  await t.rejects(
    run(['import', file]),
    /people\.csv:3:1: .*"9998000011" is not an NHS number \(its check digit must be/,
  );
  t.match(await retrieved('9998000009'), 'No match');
  writeFileSync(file, 'nhsNumber,surname,sex\n9998000009,Filed,F\n');
  t.match(await run(['import', file]), { code: 0, out: ['1 patients added, 0 replaced'] });
  t.match(await retrieved('9998000009'), '<family>Filed</family>');
});

t.test(
  'whoever there is is found: by practice, by name those that were brought, by number the generated ones',
  async (t) => {
    t.match((await run(['Z99904'])).out.join('\n'), /^9996090000 .* Z99904 /m);
    const [number = ''] = (await run(['add', 'family=Broughtalong', 'gender=2', 'gp=Z99905'])).out;
    t.match((await run(['broughtalong'])).out, [new RegExp(`^${number} .* Z99905 +Broughtalong`)]);
    await runVerb(spine, world, ['generate'], { patients: '5' });
    t.match((await run(['9990000018'])).out, [/^9990000018 /]);
    await runVerb(spine, world, ['clear']);
    await run(['remove', number]);
  },
);

t.test('a state that is an action too lists who is in it when no number follows', async (t) => {
  t.match((await run(['sensitive'])).out.join('\n'), /^9996130002 /m);
  t.match((await run(['deceased'])).out.join('\n'), /^9996110001 /m);
});

t.test('a crowd is made beneath all spaces, and outlives a reset', async (t) => {
  const made = await runVerb(spine, world, ['generate'], { patients: '500', seed: '7' });
  t.match(made.out, [/^500 generated patients \(seed 7/]);
  const [someone] = (await spine.admin('GET', '/api/world/patients?after=9996790002&limit=1')).body;
  t.match(await retrieved(someone.nhsNumber), `<family>${someone.names[0].family}</family>`);
  t.match(await retrieved(someone.nhsNumber, 'mine'), `<family>${someone.names[0].family}</family>`);
  await run(['set', someone.nhsNumber, 'family=Changed']);
  t.match(await retrieved(someone.nhsNumber), '<family>Changed</family>');
  const snapshot = await spine.admin('GET', '/api/snapshot');
  t.equal(
    snapshot.body.rows.filter((row: { collection: string }) => row.collection === 'world.patients').length < 10,
    true,
  );
  await spine.admin('POST', '/api/reset');
  t.match(await retrieved(someone.nhsNumber), `<family>${someone.names[0].family}</family>`);
  await spine.admin('PUT', '/api/snapshot', snapshot.body);
  t.match(await retrieved(someone.nhsNumber), '<family>Changed</family>', 'a snapshot has what was changed of it');
  await t.rejects(runVerb(spine, world, ['generate'], { patients: 'many' }), /say how many/);
  t.equal((await spine.admin('POST', '/api/population', { patients: 99_000_000 })).status, 400);
  t.match((await runVerb(spine, world, ['clear'])).out, [/^0 generated patients/]);
});

t.test('a word that was meant as an action is said so', async (t) => {
  const shown = (words: string[]) => runVerb(spine, patients, words).catch((error: Error) => error.message);
  t.match(await shown(['shw', '9996010007']), /did you mean "patients show"\?/);
  t.notMatch(await shown(['zebra']), /did you mean/);
});
