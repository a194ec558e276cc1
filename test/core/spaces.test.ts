import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { SpaceIdentity } from '../../server/core/space/space.ts';
import { type Spine, startSpine } from '../helper.ts';

const SYSTEM = {
  asid: '999900000001',
  ods: 'Z99901',
  partyKey: 'Z99901-8999001',
  fqdn: 'team.example.nhs.uk',
  interactions: ['urn:nhs:names:services:pdsquery:QUPA_IN000008UK02'],
};
const MAILBOX = { id: 'Z99TEAM1', name: 'Team', password: 'secret1', ods: 'Z99901', active: true };

const inSpace = (name: string) => ({ 'X-Spine-Sim-Space': name });

function asker(spine: Spine) {
  const { spaces } = spine.environment.core;
  return (identity: SpaceIdentity) => {
    const found = spaces.resolveIdentity(identity);
    return found && `${found.space.name} by ${found.reason}`;
  };
}

t.test('an identity that a space made belongs to it', async (t) => {
  const spine = await startSpine(t);
  const spaceOf = asker(spine);
  const put = async (kind: string, record: object, space: string) => {
    const { status, body } = await spine.admin('POST', `/api/world/${kind}`, record, inSpace(space));
    if (status !== 201) throw new Error(body.message);
  };
  const remove = (kind: string, id: string, space: string) =>
    spine.admin('DELETE', `/api/world/${kind}/${id}`, undefined, inSpace(space));

  t.test('until the record goes, or shows another one', async (t) => {
    await put('systems', SYSTEM, 'a');
    t.equal(spaceOf({ asid: SYSTEM.asid }), 'a by asid');
    t.equal(spaceOf({ clientCertificate: SYSTEM.fqdn }), 'a by clientCertificate');
    t.equal(spaceOf({ partyKey: SYSTEM.partyKey }), 'a by partyKey');
    await put('systems', { ...SYSTEM, fqdn: 'moved.example.nhs.uk' }, 'a');
    t.equal(spaceOf({ clientCertificate: SYSTEM.fqdn }), undefined);
    t.equal(spaceOf({ clientCertificate: 'moved.example.nhs.uk' }), 'a by clientCertificate');
    await remove('systems', SYSTEM.asid, 'a');
    t.equal(spaceOf({ asid: SYSTEM.asid }), undefined);
    t.equal(spaceOf({ clientCertificate: 'moved.example.nhs.uk' }), undefined);
    t.equal(spaceOf({ partyKey: SYSTEM.partyKey }), undefined);
  });

  t.test('where two spaces have it the newest counts, and the other one comes back', async (t) => {
    await put('mailboxes', MAILBOX, 'a');
    await put('mailboxes', MAILBOX, 'b');
    t.equal(spaceOf({ mailbox: MAILBOX.id }), 'b by mailbox');
    await remove('mailboxes', MAILBOX.id, 'b');
    t.equal(spaceOf({ mailbox: MAILBOX.id }), 'a by mailbox');
    await put('mailboxes', MAILBOX, 'b');
    await remove('mailboxes', MAILBOX.id, 'a');
    t.equal(spaceOf({ mailbox: MAILBOX.id }), 'b by mailbox', 'the removal in another space changes nothing');
    await spine.admin('POST', '/api/reset', {}, inSpace('b'));
    t.equal(spaceOf({ mailbox: MAILBOX.id }), undefined);
  });

  t.test('what it shares with others of the common world does not tell it', async (t) => {
    const { body: systems } = await spine.admin('GET', '/api/world/systems');
    const { partyKey } = systems.find((system: { ods: string }) => system.ods === SYSTEM.ods);
    await put('systems', { ...SYSTEM, partyKey }, 'a');
    t.equal(spaceOf({ asid: SYSTEM.asid }), 'a by asid');
    t.equal(spaceOf({ partyKey }), undefined, 'the party key of other systems of the organisation');
    const { body: handlers } = await spine.admin('GET', '/api/world/handlers?limit=1');
    await put('handlers', handlers[0], 'a');
    t.equal(spaceOf({ partyKey: handlers[0].partyKey }), undefined);
    t.equal(spaceOf({ clientCertificate: handlers[0].fqdn }), undefined);
  });

  t.test('a record of the seed that a space removed or got back tells nothing', async (t) => {
    const { body: people } = await spine.admin('GET', '/api/world/people?limit=1');
    const { uid } = people[0];
    await remove('people', uid, 'a');
    t.equal(spaceOf({ user: uid }), undefined);
    await put('people', people[0], 'a');
    t.equal(spaceOf({ user: uid }), 'a by user');
    await spine.admin('POST', '/api/reset', {}, inSpace('a'));
    t.equal(spaceOf({ user: uid }), undefined);
  });

  t.test('a space that is removed is forgotten with all that it held', async (t) => {
    await put('mailboxes', MAILBOX, 'gone');
    await spine.ask('crl.nhs.uk', { path: '/ca.pem', headers: inSpace('gone') });
    t.equal((await spine.admin('DELETE', '/api/spaces/gone')).status, 204);
    t.equal(spaceOf({ mailbox: MAILBOX.id }), undefined);
    t.notOk((await spine.admin('GET', '/api/spaces')).body.includes('gone'));
    t.equal((await spine.admin('GET', '/api/journal', undefined, inSpace('gone'))).body.total, 0);
    t.equal((await spine.admin('DELETE', '/api/spaces/gone')).status, 404);
    t.equal((await spine.admin('DELETE', '/api/spaces/default')).status, 409);
    t.equal((await spine.ask('crl.nhs.uk', { path: '/ca.pem', headers: inSpace('gone') })).status, 200, 'made anew');
    t.equal((await spine.admin('GET', `/api/world/mailboxes/${MAILBOX.id}`, undefined, inSpace('gone'))).status, 404);
    await spine.admin('POST', '/api/reset', {});
    t.same((await spine.admin('GET', '/api/spaces')).body, ['default'], 'a reset of all leaves none');
  });
});

t.test('a restart knows the identities again, of spaces without anything but stored rows too', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'spaces-'));
  t.teardown(() => rmSync(dataDir, { recursive: true, force: true }));
  const first = await startSpine(t, { store: 'file', dataDir });
  await first.admin('POST', '/api/world/systems', SYSTEM, inSpace('kept'));
  const { spaces, sessions } = first.environment.core;
  const login = { uid: '555000000101', cn: 'Test', card: '1', deviceId: '', clientIp: '127.0.0.1' };
  const { ticket } = await sessions.start(spaces.get('tickets'), login);
  await first.environment.close();

  const spine = await startSpine(t, { store: 'file', dataDir });
  const spaceOf = asker(spine);
  t.equal(spaceOf({ asid: SYSTEM.asid }), 'kept by asid');
  t.equal(spaceOf({ clientCertificate: SYSTEM.fqdn }), 'kept by clientCertificate');
  t.equal(spaceOf({ ticket }), 'tickets by ticket');
  await spine.admin('DELETE', `/api/world/systems/${SYSTEM.asid}`, undefined, inSpace('kept'));
  t.equal(spaceOf({ clientCertificate: SYSTEM.fqdn }), undefined);
});
