import t from 'tap';
import { startSpine } from '../../helper.ts';
import { Agent, cardOf } from '../gas/agent.ts';
import { ebxmlRequest, HOST, hl7Message, soapAction, syncRequest } from './requests.ts';

/** Has the role profile …103 among others. */
const USER = '555000000101';
const ROLE = '555000000103';
const OTHER_ROLE = '555000000104';

t.test('the author of a message is looked up in the directory and in the sessions', async (t) => {
  const spine = await startSpine(t, { messaging: { userCheck: 'enforce' } });
  const agent = new Agent(spine);
  const job = spine.environment.core.spaces.default.world.people.byRole(ROLE)!.role.jobRoleCode;
  let sent = 0;
  const ask = async (change: (body: string) => string = (body) => body) => {
    const id = `5B1C0F4E-0001-4A6B-9C11-${String(++sent).padStart(12, '0')}`;
    const body = change(syncRequest({ id, messageId: id }).replace('S8000:G8000:R8001', job));
    const { text } = await spine.ask(HOST, { path: '/sync-service', method: 'POST', headers: soapAction(), body });
    const { body: journal } = await spine.admin('GET', '/api/journal?service=messaging&limit=1');
    const { body: entry } = await spine.admin('GET', `/api/journal/${journal.entries[0].id}`);
    const code = text.includes('typeCode="AR"') ? /<code [^>]*code="(\d+)"/.exec(text)?.[1] : undefined;
    return { code, entry };
  };
  /** Rejected with 900, with this finding. */
  const rejected = async (finding: RegExp, change?: (body: string) => string) => {
    const { code, entry } = await ask(change);
    t.equal(code, '900', String(finding));
    t.match(entry, { outcome: 'refused', error: { code: 'ACCESS_CONTROL_VIOLATION', message: finding } });
    return entry;
  };

  t.match(await rejected(/has no session/), { advice: /agent login --user 555000000101 --role 555000000103/ });
  const card = await cardOf(spine, USER);
  const login = await agent.login(card);
  await rejected(/logged in, but with the role profile not chosen yet/);
  await agent.selectRole(login.ticket, OTHER_ROLE);
  await rejected(/logged in, but with the role profile 555000000104/);
  await agent.selectRole(login.ticket, ROLE);
  t.equal((await ask()).code, undefined, 'answered');
  t.equal((await ask((body) => body.replace(job, job.split(':').at(-1)!))).code, undefined, 'the short code');

  await rejected(/the job role is "S8000:G8000:R9999"/, (body) => body.replace(job, 'S8000:G8000:R9999'));
  await rejected(/"555999999901" is not in the directory/, (body) => body.replaceAll(USER, '555999999901'));
  const foreign = await rejected(/is not an open role profile of the user/, (body) =>
    body.replace(ROLE, '555000000203'),
  );
  t.match(foreign.nearMisses, [{ kind: 'role', candidate: ROLE }, { candidate: OTHER_ROLE }]);
  t.equal((await ask((body) => body.replace(/<author typeCode[\s\S]*?<\/author>/, ''))).code, undefined, 'unattended');

  const { world } = spine.environment.core.spaces.default;
  const person = world.people.get(USER)!;
  await world.put('people', { ...person, active: false });
  await rejected(/is not active/);
  await world.put('people', person);

  await agent.logout(login, USER);
  await rejected(/has no session/);
  const again = await agent.login(card);
  await agent.selectRole(again.ticket, ROLE);
  t.equal((await ask()).code, undefined);
  spine.environment.core.spaces.default.clock.advance(600 * 60_000);
  await rejected(/has no session/);

  const { headers, body } = ebxmlRequest();
  await spine.ask(HOST, { path: '/reliablemessaging/reliablerequest', method: 'POST', headers, body });
  const { body: journal } = await spine.admin('GET', '/api/journal?service=messaging&limit=1');
  t.match(journal.entries[0].error, { code: 'ACCESS_CONTROL_VIOLATION' }, 'ebXML payloads too: the reject is owed');
});

t.test('by default a finding is a remark in the journal, and can be left out', async (t) => {
  for (const [userCheck, step] of [
    ['report', { name: 'CONTROL_ACT_AUTHOR', outcome: 'info', detail: /job role/ }],
    ['ignore', undefined],
  ] as const) {
    const spine = await startSpine(t, userCheck === 'report' ? {} : { messaging: { userCheck } });
    const { text } = await spine.ask(HOST, {
      path: '/sync-service',
      method: 'POST',
      headers: soapAction(),
      body: syncRequest(),
    });
    t.match(text, 'QUPA_IN000009UK03', userCheck);
    const { body: journal } = await spine.admin('GET', '/api/journal?limit=1');
    const { body: entry } = await spine.admin('GET', `/api/journal/${journal.entries[0].id}`);
    const found = entry.steps.find(({ name }: { name: string }) => name === 'CONTROL_ACT_AUTHOR');
    if (step) t.match(found, step);
    else t.equal(found, undefined);
  }
  t.match(hl7Message(), 'R8001', 'the role of the sample is not that of its user');
});
