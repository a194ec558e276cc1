import t from 'tap';
import { startSpine } from '../../helper.ts';
import { Agent, cardOf, GAS_HOST, SBAPI_HOST } from '../gas/agent.ts';

const GP = '555000000101';
const NURSE = '555000000401';
const OK = '<HTML><STATUS>OK</STATUS></HTML>';
const FAILED = '<HTML><STATUS>Failed</STATUS></HTML>';
const MINUTE = 60_000;

const spine = await startSpine(t);
const { core } = spine.environment;
const agent = new Agent(spine);
const gp = await cardOf(spine, GP);
const nurse = await cardOf(spine, NURSE);
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

const attribute = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`AttributeName="${name}"[^>]*>\\s*<saml:AttributeValue>([^<]*)`, 'g'))].map(
    (match) => match[1]!,
  );

t.test('an agent selects a role; role and mode are in the assertion from then on, and can be changed', async (t) => {
  const { ticket, roles } = await agent.login(gp);
  const before = (await agent.assertion(ticket)).text;
  t.same(attribute(before, 'ssbSessionRoleUid'), [], 'several roles and none chosen: no attribute');
  t.same(attribute(before, 'ssbMode'), []);
  for (const [index, ssbMode] of [
    [1, '0'],
    [0, '1'],
  ] as const) {
    const answer = await agent.selectRole(ticket, roles[index]!.id, {
      ssbMode,
      fallbackStatus: '0',
      gacVersion: 'GACv10. 0. 0. 1',
    });
    t.equal(answer.status, 200);
    t.equal(answer.text, OK);
    const { text } = await agent.assertion(ticket);
    t.same(attribute(text, 'ssbSessionRoleUid'), [roles[index]!.id]);
    t.same(attribute(text, 'ssbMode'), [ssbMode]);
  }
});

t.test('the only role of a user is selected at login', async (t) => {
  const { ticket } = await agent.login(nurse);
  t.same(attribute((await agent.assertion(ticket)).text, 'ssbSessionRoleUid'), ['555000000403']);
});

t.test(
  'agents that send ticket and role alone, by GET or POST, with a raw slash or hash, are understood',
  async (t) => {
    const { ticket, roles } = await agent.login(gp);
    const id = roles[0]!.id;
    const escaped = encodeURIComponent(ticket);
    const path = '/saml/RoleSelectionGP.jsp';
    t.equal((await agent.get(`${path}?token=${escaped.replaceAll('%2F', '/')}&selectedRoleUid=${id}`)).text, OK);
    t.equal((await agent.get(`${path}?selectedRoleUid=${id}&token=%20${escaped}%20`)).text, OK);
    t.equal((await new Agent(spine, SBAPI_HOST).get(`${path}?token=${escaped}&selectedRoleUid=${id}`)).text, OK);
    const body = `token=${escaped}&selectedRoleUid=${id}&ssbMode=1`;
    t.equal((await new Agent(spine, GAS_HOST, FORM).post(path, body)).text, OK);
  },
);

t.test(
  'a role that is not the user’s, closed, or nonsense is refused, and so is a ticket that is not live',
  async (t) => {
    const login = await agent.login(gp);
    for (const role of ['555000000403', '555000001103', 'x', '"><script>', '%00', '0'.repeat(5_000)]) {
      const { status, text } = await agent.selectRole(login.ticket, role);
      t.equal(status, 200);
      t.equal(text, FAILED, role.slice(0, 20));
    }
    t.equal(FAILED.includes('OK'), false, 'agents take any body with these letters for success');
    await agent.logout(login, GP);
    for (const ticket of [login.ticket, '', 'nonsense', login.ticket.slice(1), '<x>']) {
      t.equal((await agent.selectRole(ticket, login.roles[0]!.id)).text, FAILED);
    }
    const { body } = await spine.admin('GET', '/api/journal?operation=RoleSelectionGP&limit=1');
    t.match(body.entries[0], { outcome: 'refused', error: { code: 'sso-ticket-shape' }, advice: /all 62 characters/ });
  },
);

t.test('a role opens and closes by the day that London has', async (t) => {
  const space = core.spaces.get('summer');
  space.clock.freeze();
  const there = new Agent(spine, GAS_HOST, { 'X-Spine-Sim-Space': 'summer' });
  const person = space.world.people.get(NURSE)!;
  const [employment] = person.employments;
  const roles = employment!.roles.map((role) => ({ ...role, openDate: '2026-07-01' }));
  await space.world.put('people', { ...person, employments: [{ ...employment!, roles }] });
  const offered = async (time: string) => {
    space.clock.set(Date.parse(time));
    return (await there.login(await cardOf(spine, NURSE, 'summer'))).roles.length;
  };
  t.equal(await offered('2026-06-30T22:59:00Z'), 0);
  t.equal(await offered('2026-06-30T23:01:00Z'), 1, 'it is the first of July there');
});

t.test('RoleSelectionWT is a form that lists the roles and posts the choice to itself', async (t) => {
  const { ticket, roles } = await agent.login(gp);
  const query = `?token=${encodeURIComponent(ticket)}`;
  for (const path of ['/saml/RoleSelectionWT.jsp', '/saml/RoleSelectionGP.jsp']) {
    const page = await agent.get(path + query);
    t.match(page.headers['content-type'], /^text\/html/);
    t.match(page.text, `<form method="post" action="${path}">`);
    t.match(page.text, `<input type="hidden" name="token" value="${ticket}">`);
    t.same(
      [...page.text.matchAll(/name="selectedRoleUid" value="(\d+)"/g)].map((match) => match[1]),
      roles.map(({ id }) => id),
    );
    const form = new URLSearchParams({ token: ticket, selectedRoleUid: roles[1]!.id, ssbMode: '1' });
    t.equal((await new Agent(spine, GAS_HOST, FORM).post(path, String(form))).text, OK);
  }
  t.same(attribute((await agent.assertion(ticket)).text, 'ssbMode'), ['1']);
  t.equal((await agent.get('/saml/RoleSelectionWT.jsp?token=x')).text, FAILED);
});

t.test('the form shows what the world says as text, never as markup', async (t) => {
  const space = core.spaces.get('markup');
  const organisation = space.world.organisations.get('Z99901')!;
  await space.world.put('organisations', { ...organisation, name: 'A & B <B>SURGERY</B>' });
  const there = new Agent(spine, GAS_HOST, { 'X-Spine-Sim-Space': 'markup' });
  const { ticket } = await there.login(await cardOf(spine, GP, 'markup'));
  const { text } = await there.get(`/saml/RoleSelectionWT.jsp?token=${encodeURIComponent(ticket)}`);
  t.match(text, 'A &amp; B &lt;B&gt;SURGERY&lt;/B&gt;');
});

t.test('a device id change is logged for a live ticket, and cannot forge lines of the log', async (t) => {
  const { ticket } = await agent.login(nurse);
  const query = new URLSearchParams({
    ipaddress: '192.0.2.9',
    latestdeviceid: 'new\r\nX: y',
    storeddeviceid: '<old>',
    token: ticket,
  });
  const answer = await agent.get(`/ssb/DeviceIDLogger?${query}`);
  t.equal(answer.text, OK);
  t.equal(answer.headers.x, undefined);
  const { body } = await spine.admin('GET', '/api/journal?operation=DeviceIDLogger&limit=1');
  const { body: entry } = await spine.admin('GET', `/api/journal/${body.entries[0].id}`);
  t.match(entry, {
    identity: { user: NURSE },
    steps: [{ detail: 'ipaddress "192.0.2.9", latestdeviceid "new\\r\\nX: y", storeddeviceid "<old>"' }],
  });
  t.equal((await agent.get('/ssb/DeviceIDLogger?ipaddress=&latestdeviceid=&storeddeviceid=&token=x')).text, FAILED);
  t.equal((await agent.get('/ssb/DeviceIDLogger')).text, FAILED);
});

t.test('a session ends after ten hours from login, however much it is used', async (t) => {
  const there = new Agent(spine, GAS_HOST, { 'X-Spine-Sim-Space': 'long' });
  const { clock } = core.spaces.get('long');
  clock.freeze();
  const { ticket, roles } = await there.login(await cardOf(spine, GP, 'long'));
  clock.advance(599 * MINUTE);
  t.equal((await there.selectRole(ticket, roles[0]!.id)).text, OK);
  clock.advance(MINUTE - 1);
  t.match((await there.assertion(ticket)).text, 'samlp:Success');
  clock.advance(1);
  t.equal((await there.selectRole(ticket, roles[0]!.id)).text, FAILED);
  t.notMatch((await there.assertion(ticket)).text, 'samlp:Success');
});

t.test('a path that is not there is refused with what is nearest', async (t) => {
  const lost = await agent.get('/saml/roleassertion');
  t.equal(lost.status, 404);
  t.equal(lost.text, FAILED);
  const { body } = await spine.admin('GET', '/api/journal?limit=1');
  const { body: entry } = await spine.admin('GET', `/api/journal/${body.entries[0].id}`);
  t.match(entry.nearMisses, [{ candidate: '/saml/RoleAssertion', reason: /case/ }]);
});
