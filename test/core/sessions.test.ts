import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { Clock } from '../../server/core/clock/clock.ts';
import { Ids } from '../../server/core/ids/ids.ts';
import { Sessions } from '../../server/core/sessions/sessions.ts';
import { isTicket, newTicket, readTicket, serverOf, TICKET_LENGTH } from '../../server/core/sessions/ticket.ts';
import { Spaces } from '../../server/core/space/spaces.ts';
import { openStore } from '../../server/core/store/open.ts';
import type { Store } from '../../server/core/store/store.ts';
import type { World } from '../../server/core/world/world.ts';

const MINUTE = 60_000;
const LOGIN = { uid: '555000000401', cn: 'Willowmere Brisa Mrs', deviceId: 'dev', clientIp: '192.0.2.1' };

/** Sessions look at nothing of the world. */
const world = { onChange: () => () => {}, reset: async () => {} } as unknown as World;

async function open(store: Store, settings = { sessionMinutes: 600, idleMinutes: 60, serverId: '01' }) {
  const spaces = new Spaces({ clock: new Clock(), createWorld: () => world });
  const sessions = new Sessions({ store, spaces, settings });
  await sessions.open();
  const space = spaces.get('one');
  space.clock.freeze();
  return { sessions, spaces, space };
}

t.test('a ticket has 62 characters: prefix, 24 random bytes, server', async (t) => {
  const ids = new Ids();
  const tickets = Array.from({ length: 2_000 }, () => newTicket(ids, '01'));
  t.equal(new Set(tickets).size, tickets.length);
  for (const ticket of tickets) if (ticket.length !== TICKET_LENGTH || !isTicket(ticket)) t.fail(ticket);
  const bytes = Buffer.from(tickets[0]!.split('@')[0]!, 'base64');
  t.equal(bytes.length, 35);
  t.equal(bytes.subarray(0, 11).toString('hex'), '010202e703362d8e127dcc');
  t.ok(tickets[0]!.endsWith('@AAJTSQACMDE=#'));
  t.ok(newTicket(ids, '02').endsWith('@AAJTSQACMDI=#'));
  t.ok(
    tickets.some((ticket) => ticket.includes('+')) && tickets.some((ticket) => ticket.includes('/')),
    'of the whole alphabet',
  );
});

t.test('a seed gives the same tickets', async (t) => {
  t.equal(newTicket(new Ids('a'), '01'), newTicket(new Ids('a'), '01'));
  t.not(newTicket(new Ids('a'), '01'), newTicket(new Ids('b'), '01'));
});

t.test('a ticket is read as the client meant it', async (t) => {
  const ticket = 'AQIC5wM2LY4Sfc+T/p7gMM0P5I0OYBjq4lebDQG21RA6c3U=@AAJTSQACMDE=#';
  t.equal(readTicket(` ${ticket}\n`), ticket);
  t.equal(readTicket('AQIC5wM2LY4Sfc-T_p7gMM0P5I0OYBjq4lebDQG21RA6c3U.*AAJTSQACMDE.*'), ticket);
  t.not(readTicket(ticket.replace('+', ' ')), ticket);
  t.equal(readTicket(ticket.replace('+', ' '), true), ticket);
});

t.test('the server is read from a ticket as client libraries do', async (t) => {
  t.equal(serverOf('x@AAJTSQACMDE=#'), '01');
  t.equal(serverOf('@x@AAJTSQACMDI=#tail'), '02');
  for (const text of ['', '@', '@#', 'x@AAJTSQACMDE=', 'x@AAJTSQACWlo=#', 'x@!!!#'])
    t.equal(serverOf(text), undefined, text);
});

t.test('a session ends by its idle time, or ten hours after login; use moves only the first', async (t) => {
  const { sessions, space } = await open(await openStore({ engine: 'memory' }));
  const { ticket } = await sessions.start(space, LOGIN);
  space.clock.advance(60 * MINUTE - 1);
  t.equal((await sessions.use(space, ticket)).state, 'valid');
  space.clock.advance(59 * MINUTE);
  t.equal((await sessions.find(space, ticket)).state, 'valid');
  space.clock.advance(MINUTE);
  t.match(await sessions.find(space, ticket), { state: 'ended', session: { ended: { reason: 'idle' } } });
  const other = await sessions.start(space, LOGIN);
  for (let hour = 0; hour < 19; hour++) {
    space.clock.advance(30 * MINUTE);
    t.equal((await sessions.use(space, other.ticket)).state, 'valid');
  }
  space.clock.advance(30 * MINUTE);
  t.match(await sessions.use(space, other.ticket), { state: 'ended', session: { ended: { reason: 'max' } } });
});

t.test('a session is ended once, and told of once, however many end it', async (t) => {
  const { sessions, space } = await open(await openStore({ engine: 'memory' }));
  const heard: string[] = [];
  sessions.onEvent(({ type }) => heard.push(type));
  const { ticket } = await sessions.start(space, LOGIN);
  const ended = await Promise.all([1, 2, 3, 4].map(() => sessions.end(space, ticket, 'logout')));
  t.equal(ended.filter(Boolean).length, 1);
  t.same(heard, ['created', 'logout']);
  t.equal(await sessions.change(space, ticket, () => ({ roleId: '1' })), undefined);
  t.equal(await sessions.listen(space, ticket, 'http://x/'), false);
});

t.test('sessions of one space do not show in another; a ticket tells its space', async (t) => {
  const { sessions, spaces, space } = await open(await openStore({ engine: 'memory' }));
  const { ticket } = await sessions.start(space, LOGIN);
  t.equal((await sessions.find(spaces.default, ticket)).state, 'unknown');
  t.match(spaces.resolveIdentity({ ticket }), { space: { name: 'one' }, reason: 'ticket' });
  t.same(await sessions.ofUser(spaces.default, LOGIN.uid), []);
  t.equal((await sessions.ofUser(space, LOGIN.uid)).length, 1);
});

t.test('a restart keeps sessions, their spaces and their listeners', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sessions-'));
  const before = await openStore({ engine: 'file', dataDir });
  const first = await open(before);
  const { ticket } = await first.sessions.start(first.space, LOGIN);
  await first.sessions.listen(first.space, ticket, 'http://127.0.0.1:1/');
  await before.close();

  const store = await openStore({ engine: 'file', dataDir });
  t.teardown(() => store.close());
  const spaces = new Spaces({ clock: new Clock(), createWorld: () => world });
  const sessions = new Sessions({ store, spaces, settings: { sessionMinutes: 600, idleMinutes: 60, serverId: '01' } });
  await sessions.open();
  t.match(spaces.resolveIdentity({ ticket }), { space: { name: 'one' } });
  const space = spaces.get('one');
  t.equal((await sessions.find(space, ticket)).state, 'valid');
  const expired = new Promise<string>((resolve) => sessions.onEvent(({ type }) => resolve(type)));
  space.clock.advance(61 * MINUTE);
  t.equal(await expired, 'idle');
});

t.test('sessions that ended long ago are forgotten, live ones never', async (t) => {
  const { sessions, space, spaces } = await open(await openStore({ engine: 'memory' }), {
    sessionMinutes: 600,
    idleMinutes: 600,
    serverId: '01',
  });
  const live = await sessions.start(space, LOGIN);
  const ended = await sessions.start(space, LOGIN);
  await sessions.end(space, ended.ticket, 'logout');
  space.clock.advance(119 * MINUTE);
  await sessions.purge(space);
  t.equal((await sessions.find(space, ended.ticket)).state, 'ended');
  space.clock.advance(2 * MINUTE);
  await sessions.purge(space);
  t.equal((await sessions.find(space, ended.ticket)).state, 'unknown');
  t.equal(spaces.resolveIdentity({ ticket: ended.ticket }), undefined);
  t.equal((await sessions.find(space, live.ticket)).state, 'valid');
});
