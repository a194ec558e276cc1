import t from 'tap';
import { type Answer, startSpine } from '../helper.ts';

const GAS = 'gas.vn03.national.ncrs.nhs.uk';
const DTD = { path: '/login/dtd' };

t.test('rules change what real clients get', async (t) => {
  const spine = await startSpine(t, { seed: 'rules' });
  const put = async (rule: { name: string } & Record<string, unknown>, space = 'default') => {
    const answer = await spine.admin('PUT', `/api/rules/${rule.name}`, rule, { 'X-Spine-Sim-Space': space });
    t.match(answer, { status: 200 });
  };
  const drop = async (name: string) => {
    t.match(await spine.admin('DELETE', `/api/rules/${name}`), { status: 204 });
  };
  const lastEntry = () => spine.environment.core.journal.find({}, { limit: 1 })[0]!;
  const usual = await spine.ask(GAS, DTD);
  t.equal(usual.status, 200);

  await t.test(
    'an answer takes the place of the default one, framed by the simulator, and is in the journal',
    async (t) => {
      await put({
        name: 'down',
        when: { service: 'gas', path: '/login/dtd', header: { 'x-try': '1' } },
        do: {
          template: { status: 503, headers: { 'Retry-After': '5' }, body: '{{method}} {{header "X-Try"}} {{now}}' },
        },
      });
      const answer = await spine.ask(GAS, { ...DTD, headers: { 'X-Try': '1' } });
      t.match(answer, { status: 503, headers: { 'retry-after': '5', 'content-type': 'text/plain; charset=UTF-8' } });
      t.match(answer.text, /^GET 1 20\d\d-/);
      t.equal(answer.headers['content-length'], String(answer.body.length));
      t.match(lastEntry(), {
        rule: 'down',
        status: 503,
        steps: [{ name: 'rule', outcome: 'ok', detail: 'down: answers' }],
      });
      t.match((await spine.admin('GET', '/api/rules/down')).body, { matched: 1, source: 'api' });
    },
  );

  await t.test('what almost matched is in the journal of an exchange that no rule decided', async (t) => {
    t.equal((await spine.ask(GAS, { ...DTD, headers: { 'X-Try': '2' } })).text, usual.text);
    t.equal(lastEntry().rule, undefined);
    t.match(lastEntry().nearMisses, [
      { kind: 'rule', candidate: 'down', reason: 'header x-try: expected "1", was "2"' },
    ]);
    await drop('down');
  });

  await t.test('the default answer comes changed', async (t) => {
    await put({
      name: 'changed',
      when: { service: 'gas' },
      do: { set: [{ status: 202 }, { text: 'gpPARAM', to: 'gpPARAMETER' }, { header: 'X-New', to: '{{path}}' }] },
    });
    const answer = await spine.ask(GAS, DTD);
    t.match(answer, { status: 202, headers: { 'x-new': '/login/dtd' } });
    t.equal(answer.text, usual.text.replaceAll('gpPARAM', 'gpPARAMETER'));
    t.equal(answer.headers['content-length'], String(answer.body.length));
    await drop('changed');
  });

  await t.test('an answer is delayed, broken or reset', async (t) => {
    const tried = async (does: object): Promise<Answer | string> => {
      await put({ name: 'broken', when: { service: 'gas' }, do: does });
      return spine.ask(GAS, DTD).catch((error: NodeJS.ErrnoException) => String(error.code ?? error.message));
    };
    const began = performance.now();
    t.match(await tried({ delay: 150 }), { status: 200 });
    t.match(await tried({ fault: { name: 'delay', ms: 150 } }), { status: 200 });
    t.ok(performance.now() - began >= 290);
    t.match(lastEntry(), { rule: 'broken', fault: 'delay' });
    t.equal(await tried({ fault: 'reset' }), 'ECONNRESET');
    t.match(lastEntry(), { rule: 'broken', fault: 'reset' });
    t.equal(await tried({ fault: 'empty' }), 'ECONNRESET', 'Node names a missing answer so');
    t.match(await tried({ fault: 'truncate' }), /aborted|ECONNRESET/);
    t.match(await tried({ fault: 'garbage' }), /HPE_/);
    t.match(await tried({ fault: { name: 'slow-drip', bytes: 100, everyMs: 1 } }), { status: 200, text: usual.text });
    t.match(await tried({ fault: 'ldap-busy' }), { status: 200 });
    t.match(lastEntry().steps, [
      { name: 'rule' },
      { name: 'fault', outcome: 'failed', detail: 'ldap-busy is not a fault of HTTP' },
    ]);
    await drop('broken');
  });

  await t.test('a rule of one space does nothing in another, and goes with a reset of its space', async (t) => {
    const own = { 'X-Spine-Sim-Space': 'team-a' };
    await put({ name: 'mine', do: { answer: { status: 418 } } }, 'team-a');
    t.equal((await spine.ask(GAS, { ...DTD, headers: own })).status, 418);
    t.equal((await spine.ask(GAS, DTD)).status, 200);
    t.match(await spine.admin('POST', '/api/reset', undefined, own), { status: /^20/ });
    t.equal((await spine.ask(GAS, { ...DTD, headers: own })).status, 200);
  });

  await t.test('a wrong rule is refused with the place of the fault', async (t) => {
    const answer = await spine.admin('POST', '/api/rules', { name: 'x', when: { asidd: '1' }, do: { fault: 'reset' } });
    t.equal(answer.status, 422);
    t.match(JSON.stringify(answer.body), 'when.asidd');
  });
});
