import t from 'tap';
import { startSpine } from '../../../helper.ts';
import { CORRELATION, clientOf, HOST, ID, key, ods, ROOT, svc } from './client.ts';

const READ = svc('gpconnect:fhir:rest:read:metadata-1');
const ORG = `organization=${ID}ods-organization-code|value`;
const SVC = `identifier=${ID}nhsServiceInteractionId|value`;
const KEY = `identifier=${ID}nhsMhsPartyKey|value`;
const COMBINATIONS = `Missing or invalid query parameters. Should one of following combinations: ['${ORG}&${SVC}&${KEY}''${ORG}&${SVC}''${ORG}&${KEY}''${SVC}&${KEY}']`;
const NO_ORG = `Missing or invalid 'organization' query parameter. Should be '${ORG}'`;
const NO_SVC = `Missing or invalid 'identifier' query parameter. Should be '${SVC}'`;
const BAD_ID = `Missing or invalid 'identifier' query parameter. Should be one or both of: ['${SVC}', '${KEY}'`;

t.test('what is refused', async (t) => {
  const spine = await startSpine(t);
  const { get } = clientOf(spine);
  const last = async () => (await spine.admin('GET', '/api/journal?service=sdsfhir&limit=1')).body.entries[0];

  t.test('parameters', async (t) => {
    const cases: [string, [string, string][], string][] = [
      ['Device', [], NO_ORG],
      ['Device', [READ], NO_ORG],
      ['Device', [ods(''), READ], NO_ORG],
      ['Device', [['organization', 'test|Z99901'], READ], NO_ORG],
      ['Device', [ods('Z99901')], NO_SVC],
      ['Device', [ods('Z99901'), key('Z99901-0009921')], NO_SVC],
      ['Device', [ods('Z99901'), ['identifier', 'Z99901']], BAD_ID],
      ['Device', [['unsupported', 'x'], ods('Z99901'), READ], "Illegal query parameter 'unsupported'"],
      [
        'Device',
        [ods('Z99901'), READ, ['manufacturing-organization', 'ZZ902']],
        `Missing or invalid 'manufacturing-organization' query parameter. Should be 'manufacturing-${ORG}'`,
      ],
      ['Endpoint', [], COMBINATIONS],
      ['Endpoint', [ods('Z99901')], COMBINATIONS],
      ['Endpoint', [READ], COMBINATIONS],
      ['Endpoint', [key('Z99901-0009921')], COMBINATIONS],
      [
        'Endpoint',
        [ods('Z99901'), READ, ['manufacturing-organization', 'x']],
        "Illegal query parameter 'manufacturing-organization'",
      ],
    ];
    for (const [resource, query, problem] of cases) {
      const answer = await get(resource, query);
      const diagnostics = `HTTP 400: Bad Request (${problem})`;
      t.equal(answer.status, 400, problem);
      const coding = [
        {
          system: 'https://fhir.nhs.uk/STU3/ValueSet/Spine-ErrorOrWarningCode-1',
          code: 'BAD_REQUEST',
          display: 'Bad request',
        },
      ];
      const issue = [{ severity: 'error', code: 'required', details: { coding }, diagnostics }];
      const outcome = { resourceType: 'OperationOutcome', id: CORRELATION, issue };
      t.equal(answer.text, JSON.stringify(outcome, null, 4));
      t.equal(answer.headers['content-type'], 'application/fhir+json');
      t.equal(answer.headers['x-correlation-id'], CORRELATION);
      t.match(await last(), { outcome: 'refused', error: { code: 'BAD_REQUEST' }, advice: /^(Send|Begin) / });
    }
  });

  t.test('the correlation id must be a UUID, and may be left out', async (t) => {
    const wrong = await get('Device', [ods('Z99901'), READ], { 'X-Correlation-Id': 'first' });
    t.equal(wrong.status, 400);
    const { id, issue } = JSON.parse(wrong.text);
    t.match(issue[0].diagnostics, /^HTTP 400: Bad Request \(Invalid X-Correlation-ID header\. .*\$'\)$/);
    t.equal(wrong.headers['x-correlation-id'], id);
    const none = await spine.ask(HOST, { path: `${ROOT}/Device?${new URLSearchParams([ods('Z99901'), READ])}` });
    t.equal(none.status, 200);
    t.match(none.headers['x-correlation-id'], /^[0-9A-F-]{36}$/);
  });

  t.test('Accept', async (t) => {
    const type = async (accept: string) => {
      const { status, headers } = await get('Device', [ods('Z99901'), READ], { Accept: accept });
      return status === 200 ? headers['content-type'] : status;
    };
    t.equal(await type('application/FHIR+json'), 'application/fhir+json');
    t.equal(await type('application/json'), 'application/json');
    t.equal(await type('application/json, text/plain, */*'), 'application/fhir+json');
    t.equal(await type('application/fhir+xml'), 406);
    const { issue } = JSON.parse((await get('Device', [ods('Z99901'), READ], { Accept: 'text/html' })).text);
    t.match(issue[0], { code: 'not-supported', diagnostics: 'Accept type not supported' });
    t.equal(issue[0].details.coding[0].code, 'MISSING_OR_INVALID_HEADER');
  });

  t.test('paths and methods', async (t) => {
    for (const path of ['/Device/1', '/device', '/Patient', '']) {
      const answer = await spine.ask(HOST, { path: `${ROOT}${path}` });
      t.equal(answer.status, 404, path);
      t.match(JSON.parse(answer.text).issue[0], { code: 'not-found', diagnostics: 'HTTP endpoint not found' });
    }
    t.match((await spine.ask(HOST, { path: `${ROOT}/device` })).status, 404);
    t.match((await last()).nearMisses, [{ kind: 'path', candidate: `${ROOT}/Device` }]);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await spine.ask(HOST, { method, path: `${ROOT}/Endpoint` });
      t.equal(answer.status, 405, method);
      t.equal(answer.headers.allow, 'GET');
      t.match(JSON.parse(answer.text).issue[0], {
        code: 'not-supported',
        details: { coding: [{ code: 'NOT_IMPLEMENTED' }] },
        diagnostics: 'HTTP operation not supported',
      });
    }
    t.equal((await spine.ask(HOST, { method: 'POST', path: `${ROOT}/Device`, body: 'x'.repeat(70_000) })).status, 413);
  });

  t.test('by a rule, each by its name', async (t) => {
    const names: [string, number, string][] = [
      ['accessDenied', 401, 'ACCESS_DENIED'],
      ['ldapTimeout', 504, 'INTERNAL_SERVER_ERROR'],
      ['invalidLdapResponse', 502, 'INTERNAL_SERVER_ERROR'],
    ];
    for (const [name, status, code] of names) {
      const rule = { name: 'asked', when: { service: 'sdsfhir', operation: 'searchDevice' }, do: { error: name } };
      t.match((await spine.admin('PUT', '/api/rules/asked', rule)).status, /^20/);
      const answer = await get('Device', [ods('Z99901'), READ]);
      t.equal(answer.status, status, name);
      t.equal(JSON.parse(answer.text).issue[0].details.coding[0].code, code);
      t.equal((await get('Endpoint', [ods('Z99901'), READ])).status, 200, 'the other search is left alone');
    }
    await spine.admin('DELETE', '/api/rules/asked');
  });

  t.test('an entry with several clients breaks the real service too', async (t) => {
    const { world } = spine.environment.core.spaces.default;
    const system = world.systems.get('200000000921')!;
    await world.put('systems', { ...system, clients: ['Z99901', 'Z99902'] });
    const answer = await get('Device', [ods('Z99901'), READ]);
    t.equal(answer.status, 500);
    t.match(JSON.parse(answer.text).issue[0], {
      code: 'exception',
      diagnostics: "LDAP returned more than 1 'nhsAsClient' attribute",
    });
    t.match((await last()).advice, /2 values of nhsAsClient/);
  });

  t.test('monitors', async (t) => {
    const names = ['version', 'revision', 'releaseId', 'commitId'];
    t.same(Object.keys(JSON.parse((await get('_ping')).text)), names);
    t.match(JSON.parse((await get('_status')).text), { status: 'pass', checks: { healthcheck: { status: 'pass' } } });
    t.match(JSON.parse((await get('healthcheck/deep')).text), { details: { ldap: { status: 'pass' } } });
    t.equal((await get('healthcheck')).text, '');
  });
});
