import t from 'tap';
import { startSpine } from '../../../helper.ts';
import { METADATA, PROXY, sspHeaders } from '../../ssp/consumer.ts';
import { CORRELATION, clientOf, HOST, ID, identified, key, ods, P, ROOT, svc } from './client.ts';

const STRUCTURE = 'https://fhir.nhs.uk/StructureDefinition/Extension-SDS-';
const READ = 'gpconnect:fhir:rest:read:metadata-1';
const UUID = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;

t.test('the directory over FHIR', async (t) => {
  const spine = await startSpine(t);
  const { get, find } = clientOf(spine);
  const last = async () => {
    const { body } = await spine.admin('GET', '/api/journal?service=sdsfhir&limit=1');
    return (await spine.admin('GET', `/api/journal/${body.entries[0].id}`)).body;
  };

  t.test('a consumer finds the practice, then calls it through the proxy', async (t) => {
    const supplier = (code: string): [string, string] => ['manufacturing-organization', ods(code)[1]];
    const own = spine.environment.core.spaces.default.world.systems.get('200000000903')!;
    const [consumer] = await find('Device', [ods(own.ods), svc(READ), supplier(own.manufacturer!)]);
    t.equal(identified(consumer, 'nhsSpineASID'), own.asid, 'its own ASID, by its supplier');
    const query = [ods('Z99901'), svc(READ)];
    const [device] = await find('Device', query);
    const [endpoint] = await find('Endpoint', query);
    const asid = identified(device, 'nhsSpineASID');
    t.equal(asid, '200000000921');
    t.match(identified(endpoint, 'nhsMHSId'), /^[0-9a-f]{20}$/);
    const answer = await spine.ask(PROXY, {
      path: `/${endpoint.address}/metadata`,
      headers: sspHeaders({
        'Ssp-From': identified(consumer, 'nhsSpineASID'),
        'Ssp-To': asid,
        'Ssp-InteractionID': METADATA,
      }),
    });
    t.equal(answer.status, 200);
    t.equal(JSON.parse(answer.text).resourceType, 'CapabilityStatement');
  });

  t.test('a Device on the wire', async (t) => {
    const answer = await get('Device', [ods('Z99901'), svc(READ)]);
    t.equal(answer.status, 200);
    t.equal(answer.headers['content-type'], 'application/fhir+json');
    t.equal(answer.headers['x-correlation-id'], CORRELATION);
    const bundle = JSON.parse(answer.text);
    t.equal(answer.text, JSON.stringify(bundle, null, 2), 'indented by two');
    t.same(Object.keys(bundle), ['resourceType', 'id', 'type', 'total', 'link', 'entry']);
    t.match(bundle, { resourceType: 'Bundle', id: UUID, type: 'searchset', total: 1 });
    const asked = `https://${HOST}${ROOT}/Device?organization=${ID}ods-organization-code|Z99901&identifier=${ID}nhsServiceInteractionId|${P}${READ}`;
    t.same(bundle.link, [{ relation: 'self', url: asked }], 'the query as it reads');
    t.match((await get('Device', [ods('Caf\u00e9'), svc(READ)])).text, 'code|Caf\\u00e9&', 'in ASCII');
    const [{ fullUrl, resource, search }] = bundle.entry;
    t.equal(fullUrl, `https://${HOST}${ROOT}/Device/${resource.id}`);
    t.same(search, { mode: 'match' });
    t.same(Object.keys(resource), ['resourceType', 'id', 'identifier', 'extension', 'owner']);
    t.match(resource.id, UUID);
    t.same(resource.identifier, [
      { system: `${ID}nhsSpineASID`, value: '200000000921' },
      { system: `${ID}nhsMhsPartyKey`, value: 'Z99901-0009921' },
    ]);
    const refers = (name: string, system: string, value: string) => ({
      url: `${STRUCTURE}${name}`,
      valueReference: { identifier: { system: `${ID}${system}`, value } },
    });
    t.same(resource.extension[0], refers('ManufacturingOrganisation', 'ods-organization-code', 'ZZ902'));
    const { interactions } = spine.environment.core.spaces.default.world.systems.get('200000000921')!;
    t.same(
      resource.extension.slice(1),
      interactions.map((name) => refers('NhsServiceInteractionId', 'nhsServiceInteractionId', name)),
      'all interactions of the system',
    );
    t.same(resource.owner, { identifier: { system: `${ID}ods-organization-code`, value: 'Z99901' } });
  });

  t.test('an Endpoint on the wire', async (t) => {
    const [resource] = await find('Endpoint', [ods('YES'), svc('psis:REPC_IN150016UK05')]);
    const order = 'resourceType id status connectionType payloadType address managingOrganization identifier extension';
    t.same(Object.keys(resource), order.split(' '));
    t.match(resource, {
      status: 'active',
      connectionType: { code: 'hl7-fhir-msg', display: 'HL7 FHIR Messaging' },
      payloadType: [{ coding: [{ code: 'any', display: 'Any' }] }],
      address: 'https://msg.dev.spine2.ncrs.nhs.uk/reliablemessaging/reliablerequest',
      managingOrganization: { identifier: { system: `${ID}ods-organization-code`, value: 'YES' } },
    });
    const systems = ['nhsMhsFQDN', 'nhsMhsPartyKey', 'nhsMhsCPAId', 'nhsMHSId'].map((name) => `${ID}${name}`);
    t.same(
      resource.identifier.map(({ system }: { system: string }) => system),
      systems,
    );
    const [reliable] = await find('Endpoint', [ods('YES'), svc('tms:MCCI_IN200001UK02')]);
    t.same(reliable.extension, [
      {
        url: `${STRUCTURE}ReliabilityConfiguration`,
        extension: [
          { url: 'nhsMHSSyncReplyMode', valueString: 'MSHSignalsOnly' },
          { url: 'nhsMHSRetryInterval', valueString: 'PT1M' },
          { url: 'nhsMHSRetries', valueInteger: 2 },
          { url: 'nhsMHSPersistDuration', valueString: 'PT5M' },
          { url: 'nhsMHSDuplicateElimination', valueString: 'always' },
          { url: 'nhsMHSAckRequested', valueString: 'always' },
          { url: 'nhsMHSActor', valueString: 'urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH' },
        ],
      },
      {
        url: `${STRUCTURE}NhsServiceInteractionId`,
        valueReference: {
          identifier: { system: `${ID}nhsServiceInteractionId`, value: `${P}tms:MCCI_IN200001UK02` },
        },
      },
    ]);
  });

  t.test('every combination of parameters narrows the search', async (t) => {
    const provider = 'Z99901-0009921';
    const count = async (resource: string, ...query: [string, string][]) => (await find(resource, query)).length;
    t.equal(await count('Endpoint', ods('Z99901'), svc(READ), key(provider)), 1);
    t.equal(await count('Endpoint', svc(READ), key(provider)), 1);
    const { world } = spine.environment.core.spaces.default;
    const all = [...world.handlers.values()].filter(({ partyKey }) => partyKey === provider).length;
    t.ok(all > 10);
    t.equal(await count('Endpoint', ods('Z99901'), key(provider)), all);
    t.equal(await count('Endpoint', ods('Z99901'), svc(READ), key('Z99901-0000000')), 0);
    t.equal(await count('Device', ods('Z99901'), svc(READ), key(provider)), 1);
    const maker = (code: string): [string, string] => ['manufacturing-organization', ods(code)[1]];
    t.equal(await count('Device', ods('Z99901'), svc(READ), maker('ZZ902')), 1);
    t.equal(await count('Device', ods('Z99901'), svc(READ), maker('ZZ901')), 0);
    t.equal(await count('Device', ods('nobody'), ods('Z99901'), svc(READ)), 1, 'of a repeated one the last counts');
    t.equal(await count('Device', ods('*'), svc(READ)), 0, 'a value is a value');
  });

  t.test("what Spine forwards has Spine's address", async (t) => {
    const query = [ods('Z99901'), svc('gp2gp:RCMR_IN010000UK05')];
    const address = async (host: string) => (await find('Endpoint', query, {}, host))[0].address;
    const path = '/reliablemessaging/intermediary';
    t.equal(await address('int.api.service.nhs.uk'), `https://msg.int.spine2.ncrs.nhs.uk${path}`);
    t.equal(await address('sandbox.api.service.nhs.uk'), `https://msg.dev.spine2.ncrs.nhs.uk${path}`);
    const [other] = await find('Endpoint', [ods('Z99901'), svc('gp2gp:RCMR_IN010000UK05'), key('Z99901-0009901')]);
    t.equal(identified(other, 'nhsMhsPartyKey'), 'Z99901-0009901', "the rest is the receiver's own");
    for (const [index, { cpaId }] of [...spine.environment.core.spaces.default.world.handlers.values()]
      .filter(({ ods: of, interaction }) => of === 'YEA' && interaction === 'ReliableIntermediary')
      .entries()) {
      t.equal(index, 0);
      await spine.environment.core.spaces.default.world.delete('handlers', cpaId);
    }
    const broken = await get('Endpoint', query);
    t.equal(broken.status, 500);
    t.match(
      JSON.parse(broken.text).issue[0].diagnostics,
      'Expected 1 result for forward reliable/express routing and reliability but got 0',
    );
  });

  t.test('what is registered is found at once, in its own space alone', async (t) => {
    const query = [ods('Z99903'), svc('gp2gp:RCMR_IN030000UK06'), key('Z99903-0004711')];
    t.same(await find('Device', query), []);
    await spine.admin('POST', '/api/spaces', { name: 'team-a' });
    const registered = await spine.admin(
      'POST',
      '/api/endpoints',
      {
        ods: 'Z99903',
        product: { name: 'Own', version: '1' },
        partyKey: 'Z99903-0004711',
        interactions: ['gp2gp:RCMR_IN030000UK06'],
        url: 'https://mhs.my-system.thirdparty.nhs.uk/inbound',
      },
      { 'X-Spine-Sim-Space': 'team-a' },
    );
    t.match(registered.status, /^20/, JSON.stringify(registered.body));
    t.equal((await find('Device', query, {}, `team-a.${HOST}`)).length, 1);
    t.equal((await find('Device', query, { 'X-Spine-Sim-Space': 'team-a' })).length, 1);
    t.same(await find('Device', query), []);
  });

  t.test('the journal says what was asked, and why nothing was found', async (t) => {
    t.same(await find('Device', [ods('Z99901'), svc('gpconnect:fhir:rest:read:metadata-2')]), []);
    const wrong = await last();
    t.match(wrong, {
      operation: 'searchDevice',
      interaction: `${P}gpconnect:fhir:rest:read:metadata-2`,
      outcome: 'ok',
    });
    t.match(wrong.nearMisses[0], { kind: 'nhsAsSvcIA', candidate: `${P}${READ}` });
    await find('Device', [ods('Z00000'), svc(READ)]);
    t.match((await last()).nearMisses, [{ kind: 'nhsIDCode', reason: /no entry|nearest/ }]);
    await find('Endpoint', [ods('Z99901'), svc('pdsquery:QUPA_IN000008UK02')]);
    t.ok((await last()).nearMisses.length > 0, 'the organisation receives no such messages');
    t.match((await last()).steps[0], { name: 'search', detail: /nhsMhsSvcIA/ });
    const kept = JSON.stringify((await last()).request);
    t.match(kept, /"apikey","\*\*\*"/);
    t.notMatch(kept, /invented/, 'keys stay out of the journal');
  });
});
