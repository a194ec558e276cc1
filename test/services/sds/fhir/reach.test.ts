import t from 'tap';
import { askOverTls, startSpine } from '../../../helper.ts';
import { clientOf, identified, ods, ROOT, svc } from './client.ts';

const READ = svc('gpconnect:fhir:rest:read:metadata-1');

t.test('every host of the platform, and localhost by the path, without a client certificate', async (t) => {
  const spine = await startSpine(t);
  const path = `${ROOT}/Device?${new URLSearchParams([ods('Z99901'), READ])}`;
  for (const name of ['int', 'sandbox', 'dev', 'internal-dev', 'dep']) {
    const host = `${name}.api.service.nhs.uk`;
    const answer = await askOverTls(spine.environment.ports.https, spine.ca, host, { path });
    t.equal(answer.status, 200, host);
  }
  const bare = `${ROOT}/Device?${[ods('Z99901'), READ].map((pair) => pair.join('=')).join('&')}`;
  t.equal((await spine.ask('int.api.service.nhs.uk', { path: bare })).status, 200, 'a bar need not be encoded');
  const { https } = spine.environment.ports;
  const local = await spine.ask('localhost', { path, headers: { Host: `localhost:${https}` } });
  t.match(JSON.parse(local.text).entry[0].fullUrl, `https://localhost:${https}${ROOT}/Device/`);
});

t.test('what a dump of a directory has is found', async (t) => {
  const stubsDir = t.testdir({
    sds: {
      'int.ldif': `dn: uniqueIdentifier=200000097771,ou=Services,o=nhs
objectClass: top
objectClass: nhsAs
uniqueIdentifier: 200000097771
nhsIDCode: Z99977
nhsMHSPartyKey: Z99977-0009777
nhsAsSvcIA: urn:nhs:names:services:pdsquery:QUPA_IN000008UK02
nhsAsClient: Z99977
nhsRequestorURP: SYSTEM
nhsDateRequested: 20200101090000
nhsApproverURP: SYSTEM
nhsDateApproved: 20200101090000

dn: uniqueIdentifier=5fe1a2b3c4d5e6f70809,ou=Services,o=nhs
objectClass: top
objectClass: nhsMhs
uniqueIdentifier: 5fe1a2b3c4d5e6f70809
nhsMhsCPAId: 5fe1a2b3c4d5e6f70809
nhsIDCode: Z99977
nhsMHSPartyKey: Z99977-0009777
nhsMhsSvcIA: urn:nhs:names:services:nrl:DocumentReference.content
nhsMHSEndPoint: https://one.example-supplier.thirdparty.nhs.uk/nrl
nhsMHSEndPoint: https://two.example-supplier.thirdparty.nhs.uk/nrl
nhsMHSRetries: none
nhsMHSAckRequested: never
`,
    },
  });
  const spine = await startSpine(t, { stubsDir });
  const [device] = await clientOf(spine).find('Device', [ods('Z99977'), svc('pdsquery:QUPA_IN000008UK02')]);
  t.equal(identified(device, 'nhsSpineASID'), '200000097771');
  const endpoints = await clientOf(spine).find('Endpoint', [ods('Z99977'), svc('nrl:DocumentReference.content')]);
  t.same(
    endpoints.map(({ address }) => address),
    ['https://one.example-supplier.thirdparty.nhs.uk/nrl', 'https://two.example-supplier.thirdparty.nhs.uk/nrl'],
    'one for each address',
  );
  t.same(endpoints[1].extension[0].extension, [{ url: 'nhsMHSAckRequested', valueString: 'never' }]);
  t.notSame(endpoints[0].id, endpoints[1].id);
  t.equal(identified(endpoints[0], 'nhsMhsFQDN'), undefined, 'what the entry lacks is left out');
});
