import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { assure } from '../../../server/cli/verbs/assure.ts';
import { schemaText } from '../../../server/core/assure/generate.ts';
import { readSetText } from '../../../server/core/assure/readSet.ts';
import { SCHEMA_FILE } from '../../../server/core/assure/schemaFile.ts';
import { errorCheck } from '../../../server/core/rules/namedErrors.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { NAMED_ERRORS } from '../../../server/namedErrors.ts';
import { runVerb } from '../../cli/runVerb.ts';
import { startSpine } from '../../helper.ts';

const spine = await startSpine(t);

t.test('what is asked wrongly is told', async (t) => {
  const start = (body: object) => spine.admin('POST', '/api/assure', body);
  t.match(await start({ only: ['logn'] }), {
    status: 422,
    body: { message: /no step or group "logn"; did you mean "login"\?/ },
  });
  t.match(await start({ data: { usr: '1' } }), {
    status: 422,
    body: { message: /no datum "usr"; did you mean "user"\?/ },
  });
  t.match(await start({ set: 'none' }), { status: 404, body: { message: 'there is no set "none"; there are spine' } });
  t.match(await start({ skip: ['login', 'look-up', 'trace', 'update', 'message', 'mesh', 'tls'] }), { status: 422 });
  t.match(await start({ definition: { title: 'x' } }), { status: 422, body: { message: ': "steps" is missing' } });
  t.equal((await start({ only: ['login'] })).status, 201);
  t.match(await start({}), { status: 409, body: { message: /there is a run of spine since/ } });
  t.match(await spine.admin('POST', '/api/assure/steps/logon/begin'), {
    status: 404,
    body: { message: 'the run has no step "logon"; it has login-card, login-refused, ticket-expired' },
  });
  t.match(await spine.admin('POST', '/api/assure/steps/login-card/end', {}), { status: 409 });
  t.equal((await spine.admin('GET', '/api/assure', undefined, { 'X-Spine-Sim-Space': 'other' })).status, 404);
  await t.rejects(runVerb(spine, assure, ['run'], { only: 'tls' }), /without --only it goes on, with --again/);
  await t.rejects(runVerb(spine, assure, ['run'], { again: true, data: 'user' }), /name=value pairs/);
  await t.rejects(
    runVerb(spine, assure, ['attest', 'login-refused', 'perhaps']),
    /use:\n {2}spine-sim assure attest <step> <yes/,
  );
  t.equal((await spine.admin('DELETE', '/api/assure')).status, 204);
});

const OWN = `title: Own
data: { who: '9996010007' }
steps:
  - name: ask
    group: own
    title: Ask for {who}
    ask: Ask for {who}.
    expect:
      - { what: 'a question about {who}', seen: { service: smsp, nhsNumber: '{who}' } }
`;

t.test('a set of one’s own is a file, and its faults have a place', async (t) => {
  const folder = t.testdir({
    'own.yaml': OWN,
    'wrong.yaml': OWN.replace("'{who}' } }", "'{whom}' } }").replace('group: own', 'grop: own'),
  });
  await runVerb(spine, assure, ['start'], { set: join(folder, 'own.yaml'), all: true });
  await spine.ask('simple-sync.dev.spine2.ncrs.nhs.uk', {
    path: '/smsp/pds',
    headers: { 'Content-Type': 'text/xml' },
    body: readFileSync('docs/examples/verify-nhs-number.xml'),
  });
  const { code, out } = await runVerb(spine, assure, ['end', 'ask']);
  t.equal(code, 0, out.join('\n'));
  const wrong = runVerb(spine, assure, ['start'], { set: join(folder, 'wrong.yaml'), again: true });
  await t.rejects(wrong, /wrong\.yaml:5:5: steps\[0\]\.grop: "grop" is not known here \(did you mean "group"\?\)/);
  const named = await readSetText('own.yaml', OWN.replace("'{who}' } }", "'{whom}' } }"));
  t.same(
    named.problems.map(({ line, message }) => `${line} ${message}`),
    ['9 steps[0].expect[0].seen.nhsNumber: {whom} is not in the data of the set (did you mean {who}?)'],
  );
  const twice = await readSetText('own.yaml', OWN.replace('name: ask', 'name: own'));
  t.match(twice.problems, [{ line: 4, message: /there is a group "own" too/ }]);
  const numbers = await readSetText(
    'own.yaml',
    `${OWN}    never: [{ what: more, seen: { service: smsp }, after: 2 }]\n`,
  );
  t.match(numbers.problems, [{ line: 10, message: /there is no expectation 2 before it \(1 to 1\)/ }]);
  const rule = '    arrange: { rules: [{ name: r, when: { service: gas }, do: { error: gas-chalenge } }] }\n';
  const rules = await readSetText('own.yaml', OWN + rule, { error: errorCheck(NAMED_ERRORS) });
  t.match(rules.problems, [
    { line: 10, message: /gas has no error "gas-chalenge" \(did you mean "gas-challenge"\?\)/ },
  ]);
  await runVerb(spine, assure, ['stop']);
});

t.test('a run of one space sees nothing of another, and bad handshakes by the label of its host', async (t) => {
  const own = { 'X-Spine-Sim-Space': 'team-a' };
  const begin = (headers: Record<string, string>) =>
    spine.admin('POST', '/api/assure', { only: ['tls-expired', 'trace-nobody'], again: true }, headers);
  t.match((await begin(own)).body, { space: 'team-a' });
  t.match((await begin({})).body, { space: 'default' });
  const step = (what: string, headers: Record<string, string>) =>
    spine.admin('POST', `/api/assure/steps/tls-expired/${what}`, { within: 2 }, headers);
  for (const headers of [own, {}]) {
    const { status } = await spine.admin('POST', '/api/assure/steps/tls-expired/begin', undefined, headers);
    t.equal(status, 200);
  }
  await step('leave', {});
  t.equal(
    (await spine.ask('msg.dev.spine2.ncrs.nhs.uk', { path: '/healthcheck' })).status,
    200,
    'default is as it was',
  );
  await spine.admin('POST', '/api/assure/steps/tls-expired/begin');
  await t.rejects(spine.ask('team-a.msg.dev.spine2.ncrs.nhs.uk', { path: '/healthcheck' }), {
    code: 'CERT_HAS_EXPIRED',
  });
  t.match((await step('end', own)).body, { result: 'handled' });
  t.match((await step('end', {})).body, { result: 'not-tried' });
  t.equal((await spine.ask('team-a.msg.dev.spine2.ncrs.nhs.uk', { path: '/healthcheck' })).status, 200);
  for (const headers of [own, {}]) await spine.admin('DELETE', '/api/assure', undefined, headers);
});

t.test('what clients sent can do nothing in a report, and is no secret in it', async (t) => {
  const definition = {
    title: '<script>alert(1)</script>',
    steps: [
      {
        ...{ name: 'ask', group: 'own', title: 'Ask & be told', ask: 'Ask.' },
        expect: [
          { what: 'one', seen: { service: 'sso' } },
          { what: 'the same', seen: { service: 'sso' }, same: { as: 1, fields: ['path'] } },
        ],
      },
    ],
  };
  await spine.admin('POST', '/api/assure', { definition, all: true });
  for (const token of ['one%00%3Cb%3E', 'two-secret']) {
    await spine.ask('sbapi.vn03.national.ncrs.nhs.uk', { path: `/saml/RoleAssertion?token=${token}&x=<b>` });
  }
  t.match((await spine.admin('GET', '/api/assure')).body, { steps: [{ result: 'not-handled' }] });
  for (const format of ['html', 'junit', 'json']) {
    const { status, body } = await spine.admin('GET', `/api/assure/report?format=${format}`);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    t.equal(status, 200);
    t.notMatch(text, /two-secret/, format);
    t.match(text, /path: \/saml\/RoleAssertion\?\.\.\. is wanted/, format);
    if (format !== 'json') t.notMatch(text, /<b>|<script>/, format);
    if (format === 'junit') parseXml(Buffer.from(text));
  }
  await spine.admin('DELETE', '/api/assure');
});

t.test('the set that the documentation shows is one', async (t) => {
  const [, text] = /```yaml\n(# yaml-language-server: \$schema=..\/assure[\s\S]*?)```/.exec(
    readFileSync('docs/assure.md', 'utf8'),
  )!;
  t.same((await readSetText('assure.md', text!, { error: errorCheck(NAMED_ERRORS) })).problems, []);
});

t.test('the page of the console and what it loads', async (t) => {
  for (const path of ['/assure', '/assure.js']) {
    const answer = await fetch(`http://127.0.0.1:${spine.environment.ports.admin}${path}`);
    t.equal(answer.status, 200, path);
    t.match(answer.headers.get('content-security-policy'), "default-src 'none'");
  }
});

t.test('the schema that editors and a start read is the one of the code', async (t) => {
  t.equal(readFileSync(SCHEMA_FILE, 'utf8'), schemaText(), 'run: node server/core/assure/generate.ts');
});

t.test('a run outlives a restart, what is arranged and what was seen included', async (t) => {
  const dataDir = t.testdir({});
  const settings = { store: 'file', dataDir } as const;
  const refused = { path: '/login/authvalidate', method: 'POST', body: '<gpOBJECT/>' };
  const closing: (() => Promise<void>)[] = [];
  const first = await startSpine({ teardown: (close) => closing.push(close) }, settings);
  await first.admin('POST', '/api/assure', { definition: RESTARTED, all: true });
  await first.ask('gas.vn03.national.ncrs.nhs.uk', refused);
  for (const close of closing) await close();
  const second = await startSpine(t, settings);
  t.match((await second.admin('GET', '/api/assure')).body, { steps: [{ state: 'open', result: 'not-handled' }] });
  await second.ask('gas.vn03.national.ncrs.nhs.uk', refused);
  const { body } = await second.admin('POST', '/api/assure/steps/twice/end', { within: 5 });
  t.match(body, {
    result: 'handled',
    judgement: { evidence: [{ rule: 'assure.twice.no' }, { rule: 'assure.twice.no' }] },
  });
});

t.test(
  'with a journal in memory alone a step that was open says after a restart that it cannot be judged',
  async (t) => {
    const journal = { maxEntries: 1_000, maxTotalBytes: 1 << 20, maxBodyBytes: 1_000, maxFileEntries: 0 };
    const settings = { store: 'file', dataDir: t.testdir({}), journal } as const;
    const refused = { path: '/login/authvalidate', method: 'POST', body: '<gpOBJECT/>' };
    const closing: (() => Promise<void>)[] = [];
    const first = await startSpine({ teardown: (close) => closing.push(close) }, settings);
    for (let n = 0; n < 3; n++) await first.ask('gas.vn03.national.ncrs.nhs.uk', refused);
    await first.admin('POST', '/api/assure', { definition: RESTARTED, all: true });
    await first.ask('gas.vn03.national.ncrs.nhs.uk', refused);
    const { body: saved } = await first.admin('GET', '/api/snapshot');
    for (const close of closing) await close();

    const second = await startSpine(t, settings);
    const lost = {
      result: 'not-tried',
      judgement: { reason: /^It cannot be judged: /, advice: /maxFileEntries above 0/ },
    };
    // As many as came before the step, and more.
    for (let n = 0; n < 6; n++) {
      t.match((await second.admin('GET', '/api/assure')).body, { steps: [lost] });
      await second.ask('gas.vn03.national.ncrs.nhs.uk', refused);
    }
    t.match((await second.admin('POST', '/api/assure/steps/twice/end', { within: 20 })).body, lost);
    await second.admin('POST', '/api/assure/steps/twice/begin');
    for (let n = 0; n < 2; n++) await second.ask('gas.vn03.national.ncrs.nhs.uk', refused);
    t.match((await second.admin('POST', '/api/assure/steps/twice/end', {})).body, { result: 'handled' });

    t.equal((await second.admin('PUT', '/api/snapshot', saved)).status, 200);
    for (let n = 0; n < 2; n++) await second.ask('gas.vn03.national.ncrs.nhs.uk', refused);
    const { body } = await second.admin('POST', '/api/assure/steps/twice/end', {});
    t.match(body, { result: 'handled' }, 'in a snapshot that is put back the step begins with it');
  },
);

const RESTARTED = {
  title: 'Restarted',
  steps: [
    {
      ...{ name: 'twice', group: 'own', title: 'Twice', ask: 'Ask GAS twice.' },
      arrange: { rules: [{ name: 'no', when: { service: 'gas' }, do: { answer: { status: 503 } } }] },
      expect: [
        { what: 'a call', seen: { service: 'gas', status: '503' } },
        { what: 'another', seen: { service: 'gas', status: '503' } },
      ],
    },
  ],
};

/** A set with a step that has a rule, and one for each of these calls. */
const arranging = (...calls: string[]) => ({
  title: 'Arranging',
  steps: ['one', ...calls.map((_, index) => `call-${index}`)].map((name, index) => ({
    ...{ name, group: 'own', title: name, ask: 'Ask.' },
    arrange:
      index === 0
        ? { rules: [{ name: 'busy', when: { service: 'gas' }, do: { answer: { status: 503 } } }] }
        : { calls: [{ call: calls[index - 1] }] },
    expect: [{ what: 'a question', seen: { service: 'gas' } }],
  })),
});

t.test('what steps arrange does not outlive them, whoever else ends or begins them', async (t) => {
  const space = { 'X-Spine-Sim-Space': 'shared' };
  const call = (method: string, tail: string, body?: unknown) => spine.admin(method, `/api/assure${tail}`, body, space);
  const rules = async () => {
    const { body } = await spine.admin('GET', '/api/rules', undefined, space);
    return (body as { name: string }[]).map(({ name }) => name);
  };

  await call('POST', '', { definition: arranging() });
  await call('POST', '/steps/one/begin');
  const ended = call('POST', '/steps/one/end', { within: 1 });
  // Another exchange, so that the first one waits by now.
  await call('GET', '');
  await call('POST', '', { definition: arranging(), again: true });
  await call('POST', '/steps/one/begin');
  t.match(await ended, { status: 409, body: { message: /ended or begun anew meanwhile/ } });
  t.match(await call('GET', ''), { body: { steps: [{ state: 'open' }] } });
  t.same(await rules(), ['assure.one.busy']);

  const all = await call('POST', '', { definition: arranging('POST /api/nothing'), again: true, all: true });
  t.match(all, { status: 422, body: { message: /refused with 404/ } });
  t.match(await call('GET', ''), { body: { steps: [{ state: 'open' }, { state: 'waiting' }] } });
  await call('DELETE', '');
  t.same(await rules(), []);
});

t.test('a step may ask for calls of assurance itself, and can’t go round in a circle', async (t) => {
  const calls = ['POST /api/assure/steps/call-0/begin', 'DELETE /api/assure', 'POST /api/assure/steps/one/begin'];
  await spine.admin('POST', '/api/assure', { definition: arranging(...calls), again: true });
  t.match(await spine.admin('POST', '/api/assure/steps/call-0/begin'), {
    status: 422,
    body: { message: /refused with 409: the step call-0 is being begun or ended already/ },
  });
  t.match(await spine.admin('POST', '/api/assure/steps/call-2/begin'), { status: 200 });
  t.match(await spine.admin('POST', '/api/assure/steps/call-1/begin'), {
    status: 404,
    body: { message: 'the run was ended while the step began' },
  });
  t.same((await spine.admin('GET', '/api/rules')).body, []);
  // A list of events has no end, and nothing that is only read arranges anything.
  t.match(await spine.admin('POST', '/api/assure', { definition: arranging('GET /api/events') }), {
    status: 422,
    body: { message: /steps\[1\]\.arrange\.calls\[0\]\.call/ },
  });
});

t.test('a run that is none is not taken from a snapshot, and one that is stored can be got rid of', async (t) => {
  const space = { 'X-Spine-Sim-Space': 'garbage' };
  const call = (method: string, tail = '', body?: unknown) => spine.admin(method, `/api/assure${tail}`, body, space);
  await call('POST', '', { definition: arranging(), all: true });
  const { body: saved } = await spine.admin('GET', '/api/snapshot', undefined, space);
  const { body: whole } = await spine.admin('GET', '/api/snapshot/environment');
  const row = saved.rows.find(({ collection }: { collection: string }) => collection === 'assure');
  const run = row.value;
  const [step] = run.steps;
  const wrong: [value: unknown, fault: RegExp][] = [
    [5, /must be a mapping/],
    [{}, /"set" is missing/],
    [{ ...run, steps: [{ ...step, state: 'opened' }] }, /steps\[0\]\.state: must be one of/],
    [{ ...run, steps: [{ ...step, definition: { ...step.definition, expect: [] } }] }, /expect: must have at least 1/],
    [
      {
        ...run,
        steps: [
          { ...step, definition: { ...step.definition, expect: [{ what: 'x', seen: { path: { matches: '(' } } }] } },
        ],
      },
      /expect\[0\]\.seen: .*regular expression/i,
    ],
  ];
  for (const [value, fault] of wrong) {
    const told = { status: 422, body: { message: fault } };
    const rows = [...saved.rows.filter((one: unknown) => one !== row), { ...row, value }];
    t.match(await spine.admin('PUT', '/api/snapshot', { ...saved, rows }, space), told);
    const spaces = { ...whole.spaces, garbage: { ...saved, rows } };
    t.match(await spine.admin('PUT', '/api/snapshot/environment', { ...whole, spaces }), told);
    t.match(await call('GET'), { status: 200, body: { steps: [{ state: 'open' }] } }, 'all is as it was');

    await spine.environment.core.store.collection('assure').put('garbage', 'run', value);
    for (const [method, tail, body] of [
      ['GET'],
      ['POST', '', { set: 'spine' }],
      ['POST', '/finish'],
      ['POST', '/steps/one/begin'],
      ['POST', '/steps/one/end', {}],
      ['GET', '/report?format=html'],
    ] as [string, string?, unknown?][]) {
      const advice = /the run that the space garbage has is none: .*forget it with "spine-sim assure stop"/;
      t.match(await call(method, tail, body), { status: 409, body: { message: advice } }, `${method} ${tail}`);
    }
    t.equal((await call('DELETE')).status, 204);
    t.same((await spine.admin('GET', '/api/rules', undefined, space)).body, [], 'what it had arranged is gone with it');
    t.equal((await spine.admin('PUT', '/api/snapshot', saved, space)).status, 200, 'a good one is taken');
  }
  await spine.environment.core.store.collection('assure').put('garbage', 'run', 5);
  t.equal((await call('POST', '', { only: ['trace'], again: true })).status, 201);
});

t.test('data that leaves a step without its words is refused when the run begins', async (t) => {
  const steps = [{ ...arranging().steps[0], ask: '{ask}' }];
  const answer = await spine.admin('POST', '/api/assure', {
    definition: { title: 'Words', data: { ask: 'Ask.' }, steps },
    data: { ask: '' },
    again: true,
  });
  const message = /^with this data the set own can't be used: steps\[0\]\.definition\.ask: must not be empty$/;
  t.match(answer, { status: 422, body: { message } });
});

t.test(
  'nobody attests a step that was not begun, and no answer is lost while one waits for the judgement',
  async (t) => {
    const space = { 'X-Spine-Sim-Space': 'attested' };
    const call = (method: string, tail = '', body?: unknown) => spine.admin(method, `/api/assure${tail}`, body, space);
    const attest = (answer: string) => call('POST', '/steps/one/attest', { answer });
    const steps = [{ ...arranging().steps[0], attest: 'Was it shown?' }];
    await call('POST', '', { definition: { title: 'Attested', steps } });
    const message = /^the step one was not begun, .*; begin it \("spine-sim assure begin one"\), do what it asks/;
    const refused = { status: 409, body: { message } };
    t.match(await attest('yes'), refused);
    t.match(await call('GET'), { body: { steps: [{ attestation: undefined }] } });
    await call('POST', '/steps/one/begin');
    t.match(await attest('yes'), { status: 200, body: { attestation: { answer: 'yes' } } });
    await call('POST', '/steps/one/leave');
    t.match(await call('GET'), { body: { steps: [{ state: 'waiting', attestation: undefined }] } }, 'as if not begun');
    t.match(await attest('no'), refused);

    await call('POST', '/steps/one/begin');
    const ended = call('POST', '/steps/one/end', { within: 1 });
    // Another exchange, so that the first one waits by now.
    await call('GET');
    await attest('no');
    t.match(await ended, { status: 200, body: { state: 'ended', attestation: { answer: 'no' } } });
    t.match(await call('GET'), { body: { steps: [{ state: 'ended', attestation: { answer: 'no' } }] } });
    t.match(await attest('yes'), { status: 200, body: { state: 'ended', attestation: { answer: 'yes' } } });
    await call('DELETE');
  },
);
