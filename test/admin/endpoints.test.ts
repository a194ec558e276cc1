/** Endpoint registration through the admin API and the command line, seen by real clients of every service. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'ldapts';
import t from 'tap';
import { endpoints } from '../../server/cli/verbs/endpoints.ts';
import { toEntry } from '../../server/services/sds/ldif/load.ts';
import { LdifParser } from '../../server/services/sds/ldif/parser.ts';
import { runVerb } from '../cli/runVerb.ts';
import { startSpine } from '../helper.ts';
import { MeshClient } from '../services/mesh/client.ts';
import { ebxmlRequest, HOST, NEXT_HOP, soapAction, syncRequest } from '../services/messaging/requests.ts';
import { METADATA, sspHeaders } from '../services/ssp/consumer.ts';
import { startProvider } from '../services/ssp/provider.ts';

const P = 'urn:nhs:names:services:';
const LDAP_HOST = 'ldap.vn03.national.ncrs.nhs.uk';
const SERVICES = 'ou=services,o=nhs';

const spine = await startSpine(t);
const ldap = new Client({
  url: `ldaps://127.0.0.1:${spine.environment.ports.ldaps}`,
  tlsOptions: { ca: spine.ca, servername: LDAP_HOST },
});
t.teardown(() => ldap.unbind());
const find = async (filter: string) => (await ldap.search(SERVICES, { filter })).searchEntries;
const run = (words: string[], flags = {}) => runVerb(spine, endpoints, words, flags);
const folder = mkdtempSync(join(tmpdir(), 'endpoints-'));
t.teardown(() => rmSync(folder, { recursive: true }));

const WISH = {
  ods: 'Z99903',
  product: { name: 'My System', version: '1.0' },
  interactions: ['pdsquery:QUPA_IN000008UK02', 'gp2gp:RCMR_IN010000UK05'],
  url: 'https://mhs.my-system.thirdparty.nhs.uk/inbound',
  mailbox: { workflows: ['MY_WORKFLOW'] },
};

t.test('one call, and directory, messaging and MESH have the system', async (t) => {
  const { body: checked } = await spine.admin('POST', '/api/endpoints?check=true', WISH);
  const retrieve = () =>
    spine.ask(HOST, { path: '/sync-service', headers: soapAction(), body: syncRequest({ from: checked.asid }) });
  t.notMatch((await retrieve()).text, '<family>', 'nobody yet');
  t.same(await find(`(nhsMHSPartyKey=${checked.partyKey})`), []);

  const { status, body } = await spine.admin('POST', '/api/endpoints', WISH);
  t.equal(status, 201);
  t.equal(body.asid, checked.asid);
  t.same(body.warnings, []);

  const [system] = await find(`(&(nhsIDCode=Z99903)(objectClass=nhsAs)(nhsAsSvcIA=${P}gp2gp:RCMR_IN010000UK05))`);
  t.match(system, {
    uniqueIdentifier: body.asid,
    nhsMHSPartyKey: body.partyKey,
    nhsAsClient: 'Z99903',
    nhsProductName: 'My System',
  });
  const [handler] = await find(
    `(&(objectClass=nhsMhs)(nhsMHSPartyKey=${body.partyKey})(nhsMhsSvcIA=${P}gp2gp:RCMR_IN010000UK05))`,
  );
  t.match(handler, {
    nhsMHSEndPoint: WISH.url,
    nhsMhsFQDN: 'mhs.my-system.thirdparty.nhs.uk',
    nhsMhsCPAId: /^[0-9a-f]{20}$/,
    nhsMHSRetries: '2',
    nhsMHSPersistDuration: 'PT4H10M',
  });

  t.match(await retrieve(), { status: 200, text: /<family>/ });
  const forwarded = ebxmlRequest({
    service: 'gp2gp',
    action: 'RCMR_IN010000UK05',
    to: body.partyKey,
    cpaId: handler!.nhsMhsCPAId as string,
    ackRequested: NEXT_HOP,
    syncReply: false,
  });
  t.equal((await spine.ask(HOST, { path: '/reliablemessaging/intermediary', ...forwarded })).status, 202);

  t.equal(body.mailbox.id, 'Z99903OT001');
  const mailbox = new MeshClient(spine, body.mailbox.id);
  t.teardown(() => mailbox.close());
  t.equal((await mailbox.ask('GET', '/inbox')).status, 200);
  const found = await mailbox.ask('GET', '//messageexchange/endpointlookup/Z99903/MY_WORKFLOW');
  t.match(found.body.toString(), /Z99903OT001/);

  const again = await spine.admin('POST', '/api/endpoints', { ...WISH, url: undefined, mailbox: undefined });
  t.equal(again.status, 200);
  t.same(await find(`(&(objectClass=nhsMhs)(nhsMHSPartyKey=${body.partyKey}))`), [], 'it receives nothing any more');

  t.equal((await spine.admin('DELETE', `/api/endpoints/${body.asid}`)).status, 204);
  t.same(await find(`(nhsMHSPartyKey=${body.partyKey})`), []);
  t.notMatch((await retrieve()).text, '<family>');
  t.equal((await spine.admin('DELETE', `/api/endpoints/${body.asid}`)).status, 404);
});

t.test('the proxy leads to a provider that was registered in one call', async (t) => {
  const provider = await startProvider(t, spine, (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/fhir+json' }).end('{"resourceType":"CapabilityStatement"}');
  });
  const consumer = await spine.admin('POST', '/api/endpoints', {
    ods: 'Z99901',
    product: { name: 'My Consumer' },
    fqdn: 'my-consumer.thirdparty.nhs.uk',
    sends: ['gpconnect:fhir:rest:read:metadata-1'],
  });
  const registered = await spine.admin('POST', '/api/endpoints', {
    ods: 'Z99901',
    product: { name: 'My Provider' },
    url: provider.root,
    interactions: ['gpconnect:fhir:*'],
  });
  t.equal(registered.status, 201);
  const { cert, key } = await spine.issue('my-consumer.thirdparty.nhs.uk');
  const headers = sspHeaders({
    'Ssp-From': consumer.body.asid,
    'Ssp-To': registered.body.asid,
    'Ssp-InteractionID': METADATA,
  });
  const answer = await spine.ask('proxy.dev.spine2.ncrs.nhs.uk', {
    path: `/${provider.root}/metadata`,
    headers,
    cert,
    key,
  });
  t.equal(answer.status, 200);
  t.match(answer.text, 'CapabilityStatement');
  t.equal(provider.callers.length, 1);
});

t.test('only the space that was meant has it', async (t) => {
  const space = { 'X-Spine-Sim-Space': 'team-a' };
  const { body } = await spine.admin('POST', '/api/endpoints', WISH, space);
  t.equal((await spine.admin('GET', `/api/endpoints/${body.asid}`)).status, 404);
  t.match((await spine.admin('GET', `/api/endpoints/${body.partyKey}`, undefined, space)).body, {
    systems: [{ asid: body.asid }],
  });
});

t.test('what is wrong is refused as a whole, with every reason', async (t) => {
  const { status, body } = await spine.admin('POST', '/api/endpoints', {
    ods: 'Z99903',
    asid: '200000000901',
    receives: ['gp2gp:RCMR_IN010000UK05'],
  });
  t.equal(status, 422);
  t.match(body.details, [
    { path: 'asid', message: /is the ASID of Z99901 already/ },
    { path: 'receives[0]', message: /needs an address/ },
  ]);
  t.equal((await spine.admin('POST', '/api/endpoints', 'x')).status, 415);
});

t.test('the command line', async (t) => {
  const flags = {
    ods: 'Z99904',
    product: 'My Other System',
    interactions: 'gp2gp:RCMR_IN010000UK05,pdsquery:QUPA_IN00008UK02',
    url: WISH.url,
  };
  const { out, errors } = await run(['register'], flags);
  const asid = /ASID +(\d{12})/.exec(out.join('\n'))![1]!;
  t.match(out[0], 'My Other System of Z99904 registered');
  t.match(
    out.join('\n'),
    /receives at https:\/\/mhs\.my-system[\s\S]*gp2gp:MCCI_IN010000UK13 {3}CPA id [0-9a-f]{20} {3}what Spine answers with/,
  );
  t.match(errors, [
    /warning: interactions\[1\]: nobody sends or receives .* \(did you mean "pdsquery:QUPA_IN000008UK02"\?\)/,
  ]);
  t.match((await run(['register'], flags)).out[0], 'registered again');
  t.match((await run(['list'], { ods: 'Z99904' })).out.join('\n'), asid);
  t.notMatch((await run(['list'])).out.join('\n'), 'YES-0000806');
  t.match((await run(['list'], { all: true })).out.join('\n'), 'YES-0000806');

  const yaml = join(folder, 'mine.yaml');
  writeFileSync(
    yaml,
    'endpoints:\n  - {ods: Z99905, product: {name: From File}, interactions: [psis:REPC_IN150016UK05], answers: false}\n',
  );
  t.match((await run(['register'], { file: yaml, json: true })).out.join('\n'), /"ods": "Z99905"/);
  await t.rejects(run(['register']), /a registration needs --ods/);
  for (const text of ['', 'endpoints:\n', '5\n', '[]\n', '- x\n']) {
    writeFileSync(yaml, text);
    await t.rejects(run(['register'], { file: yaml }), /mine.yaml holds no registration/);
  }
  await t.rejects(run(['register'], { ods: 'Z99904', receives: 'gp2gp:RCMR_IN010000UK05' }), /needs an address/);
  await t.rejects(run(['export', 'nothing']), /there is no party key/);

  t.equal((await run(['remove', asid])).code, 0);
  await t.rejects(run(['remove', asid]), /there is no party key/);
  await t.rejects(run(['remove', 'YES-0000806']), /422 .*YES-0000806 is Spine's own/);
});

t.test('LDIF goes out as the directory shows it, and comes in as real exports are', async (t) => {
  const { body } = await spine.admin('POST', '/api/endpoints', WISH);
  const file = join(folder, 'mine.ldif');
  await run(['export', body.asid], { format: 'ldif', out: file });
  const problems: unknown[] = [];
  const names: string[] = [];
  const parser = new LdifParser(
    (record) => names.push(toEntry(record, (warning) => problems.push(warning)).dn),
    (warning) => problems.push(warning),
  );
  parser.push(readFileSync(file, 'utf8'));
  parser.end();
  t.same(problems, [], 'every entry holds to the schema');
  t.ok(names.includes(`uniqueIdentifier=${body.asid},ou=Services,o=nhs`));
  const before = await find(`(nhsMHSPartyKey=${body.partyKey})`);
  t.equal((await run(['remove', body.partyKey])).code, 0);
  const { out } = await run(['import', file]);
  t.match(out[0], 'taken: systems 1, message handlers 2, organisations 1; refused: 0');
  t.same(await find(`(nhsMHSPartyKey=${body.partyKey})`), before);

  // A dump with what real ones have: a folded value, odd case and blanks, entries with things missing, and some that are no records.
  const dump = `# a comment
version: 1

dn: uniqueIdentifier=200000777777, ou=services, o=nhs
objectclass: nhsAS
objectClass: top
uniqueIdentifier: 200000777777
nhsIDCode: Z99777
nhsMHSPartyKey: Z99777-777777
nhsAsSvcIA: urn:nhs:names:services:gp2gp:RCMR_IN010
 000UK05
nhsRequestorURP: uniqueIdentifier=1 , uid=2, ou=people, o=nhs
nhsDateRequested: not a date
nhsProductKey: 42

dn: uniqueIdentifier=S200000777777,ou=Services,o=nhs
objectClass: nhsMhs
uniqueIdentifier: S200000777777
nhsIDCode: Z99777
nhsMHSPartyKey: Z99777-777777
nhsMhsSvcIA: urn:nhs:names:services:gp2gp:RCMR_IN010000UK05
nhsMHSEndPoint: http://mhs.seventy-seven.nhs.uk/in
nhsMhsFQDN: other.nhs.uk
nhsMHSRetries: 2
description: lost

dn: uniqueIdentifier=S200000777778,ou=Services,o=nhs
objectClass: nhsMhs
uniqueIdentifier: S200000777778
nhsMHSPartyKey: Z99777-777777

dn: uniqueIdentifier=Z99777,ou=Organisations,o=nhs
objectClass: nhsOrg
uniqueIdentifier: Z99777
nhsIDCode: Z99777
o: The Surgery, High Street
nhsOrgType: GP Practice
nhsOrgTypeCode: PR
postalAddress: 1 HIGH STREET$$$TOWN$

dn: uid=555000000999,ou=People,o=nhs
objectClass: nhsPerson
uid: 555000000999`;
  const { status, body: done } = await spine.admin('POST', '/api/endpoints/import', { ldif: dump });
  t.equal(status, 200);
  t.match(done, {
    systems: 1,
    handlers: 1,
    organisations: 1,
    passedOver: 1,
    refused: [{ line: 27, message: /"ods" is missing/ }],
  });
  const warnings = done.warnings
    .map(({ line, message }: { line: number; message: string }) => `${line} ${message}`)
    .join('\n');
  t.match(warnings, /^4 200000777777: registration.requested: is left out/m);
  t.match(warnings, /^16 .*description lost is left out/m);
  t.match(warnings, /nhsMhsCPAId is missing/);
  const [handler] = await find('(uniqueIdentifier=S200000777777)');
  t.match(handler, {
    nhsMHSEndPoint: 'http://mhs.seventy-seven.nhs.uk/in',
    nhsMhsFQDN: 'other.nhs.uk',
    nhsMHsIN: 'RCMR_IN010000UK05',
    nhsMHSRetries: '2',
  });
  t.match((await find('(uniqueIdentifier=200000777777)'))[0], {
    nhsProductKey: '42',
    nhsRequestorURP: 'uniqueIdentifier=1 , uid=2, ou=people, o=nhs',
  });
  t.match((await ldap.search('ou=organisations,o=nhs', { filter: '(nhsIDCode=Z99777)' })).searchEntries[0], {
    o: 'THE SURGERY HIGH STREET',
  });
  const system = spine.environment.core.spaces.default.world.systems.get('200000777777');
  t.same(system?.interactions, [`${P}gp2gp:RCMR_IN010000UK05`]);

  const snapshot = await spine.admin('GET', '/api/snapshot');
  t.equal((await spine.admin('PUT', '/api/snapshot', snapshot.body)).status, 200, 'what was taken can be put back');
  t.equal((await spine.admin('POST', '/api/endpoints/import', { ldif: 'nothing' })).status, 400);
});

t.test('what goes out as LDIF has every parent before its children', async (t) => {
  const wish = { ods: 'Z9TD1', product: { name: 'Ward System' }, sends: ['psis:REPC_IN150016UK05'] };
  const { body } = await spine.admin('POST', '/api/endpoints', wish);
  const { out } = await run(['export', body.asid], { format: 'ldif' });
  const text = out.join('\n').replaceAll('\n ', '');
  const names = [...text.matchAll(/^dn: (.*)$/gm)].map(([, dn]) => dn!);
  const orphans = names.filter(
    (dn, at) => dn !== 'o=nhs' && !names.slice(0, at).includes(dn.slice(dn.indexOf(',') + 1)),
  );
  t.same(orphans, []);
  t.match(text, 'dn: uniqueIdentifier=Z9TD1,uniqueIdentifier=Z9T01,uniqueIdentifier=Z9T,ou=Organisations,o=nhs');
});

t.test('a dump that editors and scripts have been at is read, or told of', async (t) => {
  const record = (asid: string) => `dn: uniqueIdentifier=${asid},ou=Services,o=nhs
objectClass: nhsAs
uniqueIdentifier: ${asid}
nhsIDCode: Z99901
nhsMHSPartyKey: Z99901-0009901
nhsAsSvcIA: ${P}gp2gp:RCMR_IN010000UK05
`;
  const take = async (ldif: string) => {
    const { body } = await spine.admin('POST', '/api/endpoints/import', { ldif });
    const said = body.warnings.map(({ line, message }: { line: number; message: string }) => `${line} ${message}`);
    return { ...body, said: said.filter((text: string) => !text.includes('is missing')) };
  };
  t.match(await take(`\ufeff${record('200000777781')}`), { systems: 1, said: [] }, 'a byte order mark');
  t.match(await take(record('200000777782').replaceAll('\n', '\r')), { systems: 1, said: [] }, 'carriage returns');
  t.match(await take(`${record('200000777788')}nhsProductName: Syst\ufffdme\nnhsProductVersion: 1\n`), {
    systems: 1,
    said: ['7 octets that are no UTF-8 were replaced: save the file as UTF-8'],
  });
  t.match(await take(record('200000777783') + record('200000777784')), {
    systems: 2,
    said: ['7 there is no empty line before this dn'],
  });
  t.match(await take(`${record('200000777785')}\n${record('200000777785')}`), {
    said: ['8 uniqueIdentifier=200000777785,ou=Services,o=nhs: stands here again, and counts as it does here'],
  });
  const practice = 'dn: uniqueIdentifier=Z99787,ou=Organisations,o=nhs\nobjectClass: nhsGPPractice\no: OLD PRACTICE\n';
  t.match(await take(practice), { organisations: 1, refused: [] }, 'an old export without types');
  t.match(await take('dn: 200000777786\nobjectClass: nhsAs\n\ndn: cn=x,ou=Services,o=nhs\nobjectClass: nhsAs\n'), {
    passedOver: 0,
    refused: [
      { line: 1, dn: '200000777786', message: 'is no DN' },
      { line: 4, dn: 'cn=x,ou=Services,o=nhs', message: 'has no uniqueIdentifier' },
    ],
  });
});
