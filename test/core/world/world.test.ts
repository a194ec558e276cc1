import t from 'tap';
import { Clock } from '../../../server/core/clock/clock.ts';
import { openStore } from '../../../server/core/store/open.ts';
import type { OverlayEntry, Persistence } from '../../../server/core/world/persistence.ts';
import { loadSeed } from '../../../server/core/world/seed/load.ts';
import { storePersistence } from '../../../server/core/world/storePersistence.ts';
import { isOpen, rolesOf } from '../../../server/core/world/tables/people.ts';
import type { MessageHandler } from '../../../server/core/world/types.ts';
import { World, type WorldChange } from '../../../server/core/world/world.ts';

const seed = await loadSeed({ today: '2026-11-20' });
const P = 'urn:nhs:names:services:';

function newWorld(options: { space?: string; persistence?: Persistence } = {}): World {
  return new World({ seed, space: 'test', clock: new Clock(), ...options });
}

const mailbox = (id: string, more: object = {}) => ({ id, name: id, password: 'password', ods: 'X26', ...more });

const handler = (more: object = {}) => ({
  cpaId: 'S999900000001',
  ods: 'Z99901',
  partyKey: 'Z99901-0009901',
  service: `${P}pds`,
  interaction: 'PRPA_IN000999UK01',
  endpoint: 'https://localhost:9443/inbound',
  fqdn: 'localhost',
  contract: {},
  ...more,
});

t.test('what one space puts, changes or removes no other space sees', async (t) => {
  const [one, two] = [newWorld({ space: 'one' }), newWorld({ space: 'two' })];
  const before = one.mailboxes.size;
  await one.put('mailboxes', mailbox('NEW1'));
  await one.put('mailboxes', mailbox('X26ABC1', { password: 'changed' }));
  t.ok(await one.delete('mailboxes', 'ALICE'));
  t.equal(await one.delete('mailboxes', 'ALICE'), false, 'it is gone already');

  t.equal(one.mailboxes.size, before);
  t.equal(one.mailboxes.get('X26ABC1')?.password, 'changed');
  t.equal(one.mailboxes.get('ALICE'), undefined);
  t.same([...one.mailboxes.values()].at(0)?.password, 'changed', 'in its old place');
  t.equal([...one.mailboxes.values()].at(-1)?.id, 'NEW1');

  t.equal(two.mailboxes.get('X26ABC1')?.password, 'password');
  t.ok(two.mailboxes.has('ALICE'));
  t.notOk(two.mailboxes.has('NEW1'));
});

t.test('every index follows each change', async (t) => {
  const world = newWorld();
  const key = `${P}pds:PRPA_IN000999UK01`;
  await world.put('handlers', handler());
  t.equal(world.handlers.contract('Z99901-0009901', key)?.cpaId, 'S999900000001');
  t.equal(world.handlers.bySvcIa(key).length, 1);
  const own = world.handlers.byOds('Z99901').length;
  await world.put('handlers', handler({ interaction: 'PRPA_IN000998UK01' }));
  t.equal(world.handlers.contract('Z99901-0009901', key), undefined);
  t.ok(world.handlers.contract('Z99901-0009901', `${P}pds:PRPA_IN000998UK01`));
  t.equal(world.handlers.byOds('Z99901').length, own, 'still one record');
  await world.delete('handlers', 'S20001A000192');
  t.equal(world.handlers.contract('YES-0000806', `${P}tms:ReliableIntermediary`), undefined);
  t.equal(
    world.handlers.byFqdn('msg.dev.spine2.ncrs.nhs.uk').some(({ cpaId }) => cpaId === 'S20001A000192'),
    false,
  );
});

t.test('a role leads to its holder, and a role is open between its dates', async (t) => {
  const world = newWorld();
  const held = world.people.byRole('555000000403');
  t.match(held, { person: { familyName: 'Willowmere' }, employment: { ods: 'Z99901' } });
  const three = rolesOf(world.people.get('555000001401')!);
  t.same(
    three.map((role) => isOpen(role, '2026-11-20')),
    [false, true, false],
  );
  t.equal(world.people.byOds('Z9T').length, 2);
  t.equal(world.people.byRole('000000000000'), undefined);
});

t.test('the first sharing pair that matches decides', async (t) => {
  const world = newWorld();
  t.equal(world.sharing.decide('200000000903', '200000000925')?.allowed, false);
  t.equal(world.sharing.decide('200000000903', '200000000902')?.allowed, true);
  await world.delete('sharing', 'all');
  t.equal(world.sharing.decide('200000000903', '200000000902'), undefined);
});

t.test('a record that is put gets defaults, dates from the clock and full names, and is a copy', async (t) => {
  const clock = new Clock();
  clock.freeze();
  clock.set(Date.parse('2030-01-31T12:00:00Z'));
  const world = new World({ seed, space: 'test', clock });
  const given = {
    asid: '200000000777',
    ods: 'Z99901',
    partyKey: 'Z99901-0000777',
    interactions: ['pds:PRPA_IN000203UK03'],
  };
  await world.put('systems', given);
  given.interactions.push('other');
  t.same(world.systems.get('200000000777')?.interactions, [`${P}pds:PRPA_IN000203UK03`]);
  await world.put('organisations', {
    ods: 'Z99912',
    name: 'A',
    typeCode: 'PR',
    type: 'GP Practice',
    openDate: 'today+1m',
  });
  t.match(world.organisations.get('Z99912'), { openDate: '2030-02-28', address: ['', '', '', '', ''] });
  t.throws(() => {
    world.organisations.get('Z99912')!.name = 'B';
  });
});

t.test('listeners hear of each change, of a reset, and stop when they like', async (t) => {
  const world = newWorld();
  const heard: string[] = [];
  const stop = world.onChange(({ kind, id, value }: WorldChange) =>
    heard.push(`${kind} ${id} ${value === undefined ? 'gone' : 'there'}`),
  );
  await world.put('mailboxes', mailbox('NEW1'));
  await world.put('mailboxes', mailbox('BOB', { name: 'ROBERT' }));
  await world.delete('mailboxes', 'ALICE');
  t.same(heard.splice(0), ['mailboxes NEW1 there', 'mailboxes BOB there', 'mailboxes ALICE gone']);
  await world.reset();
  t.same(heard.splice(0), ['mailboxes NEW1 gone', 'mailboxes BOB there', 'mailboxes ALICE there']);
  t.equal(world.mailboxes.get('BOB')?.name, 'TESTMB2');
  stop();
  await world.put('mailboxes', mailbox('NEW2'));
  t.same(heard, []);
});

t.test('what a space changed is there after a restart, until it is reset', async (t) => {
  const store = await openStore({ engine: 'memory' });
  t.teardown(() => store.close());
  const persistence = storePersistence(store);
  const first = newWorld({ persistence });
  await first.put('mailboxes', mailbox('NEW1'));
  await first.delete('mailboxes', 'ALICE');
  await first.patients.put({ ...(await first.patients.get('9996010007'))!, scn: 99 });

  const second = newWorld({ persistence });
  const heard: string[] = [];
  second.onChange(({ kind, id }) => heard.push(`${kind} ${id}`));
  await second.load();
  t.ok(second.mailboxes.has('NEW1'));
  t.notOk(second.mailboxes.has('ALICE'));
  t.equal((await second.patients.get('9996010007'))?.scn, 99);
  t.same(heard, ['mailboxes NEW1', 'mailboxes ALICE', 'patients 9996010007']);

  const other = newWorld({ persistence, space: 'other' });
  await other.load();
  t.notOk(other.mailboxes.has('NEW1'), 'of its own space only');

  await second.reset();
  const third = newWorld({ persistence });
  await third.load();
  t.notOk(third.mailboxes.has('NEW1'));
  t.ok(third.mailboxes.has('ALICE'));
});

t.test('what cannot be kept is taken back, and the writer is told', async (t) => {
  const persistence: Persistence = {
    load: async (): Promise<OverlayEntry[]> => [],
    save: async () => {
      throw new Error('disk full');
    },
    clear: async () => {},
  };
  const world = newWorld({ persistence });
  await t.rejects(world.put('mailboxes', mailbox('NEW1')), { message: 'disk full' });
  t.notOk(world.mailboxes.has('NEW1'));
  await t.rejects(world.put('mailboxes', mailbox('BOB', { name: 'ROBERT' })));
  t.equal(world.mailboxes.get('BOB')?.name, 'TESTMB2');
  await t.rejects(world.delete('mailboxes', 'BOB'));
  t.ok(world.mailboxes.has('BOB'));
});

t.test('records of any kind can be listed in pages', async (t) => {
  const world = newWorld();
  await world.put('workflows', { id: 'LAST' });
  const all: string[] = [];
  let after: string | undefined;
  for (
    let page = await world.records('workflows', { limit: 5 });
    page.length > 0;
    page = await world.records('workflows', { after, limit: 5 })
  ) {
    t.ok(page.length <= 5);
    for (const record of page as { id: string }[]) all.push(record.id);
    after = all.at(-1);
  }
  t.same(
    all,
    [...world.workflows.values()].map(({ id }) => id),
  );
  t.equal(all.at(-1), 'LAST');
  t.match(await world.record('handlers', 'S20001A000182'), { ods: 'YES' } satisfies Partial<MessageHandler>);
  t.equal((await world.records('patients', { limit: 3 })).length, 3);
});
