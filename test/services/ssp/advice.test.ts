/** What a developer reads after a refusal: the cause by its name, and what to change. */
import { request as httpsRequest } from 'node:https';
import t from 'tap';
import { type Spine, startSpine } from '../../helper.ts';
import {
  CONSUMER,
  INTERACTION,
  lastEntry,
  METADATA,
  PROVIDER,
  PROXY,
  ROOT,
  sspHeaders,
  through,
  token,
} from './consumer.ts';

/** A call with header lines as they stand, the same one twice for one. Resolves with the status. */
function withLines(spine: Spine, more: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = ['Host', PROXY, ...Object.entries(sspHeaders()).flat(), ...more];
    const { https: port } = spine.environment.ports;
    const options = { host: '127.0.0.1', port, servername: PROXY, ca: spine.ca, agent: false, headers };
    const request = httpsRequest({ ...options, path: `/${ROOT}/metadata` }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode!));
    });
    request.on('error', reject).end();
  });
}

t.test('a refusal names its cause and what to change', async (t) => {
  const spine = await startSpine(t);
  const { host, pathname } = new URL(ROOT);

  await t.test('in the target', async (t) => {
    for (const [url, message, advice] of [
      [`/${ROOT}/metadata`, /more than one slash/, /leave out that at the end of the SSP/],
      [encodeURIComponent(encodeURIComponent(ROOT)), /percent-encoded twice/, /once, or not at all/],
      [`${host}${pathname}/metadata`, /no scheme/, /Put https:\/\/ before/],
      [`https://user:secret@${host}${pathname}`, /user name/, /Leave user name and password out/],
      [`https://${host}:443${pathname}/metadata`, /not under it/, /Leave out :443/],
    ] as const) {
      t.equal((await through(spine, url)).status, 400, url);
      t.match(await lastEntry(spine), { error: { code: 'endpoint-varies', message }, advice });
    }
  });

  await t.test('in the interaction, when it is that of another version or capability', async (t) => {
    const structured = ROOT.replace('/gpconnect/', '/gpconnect/structured/');
    for (const [root, sent, meant] of [
      [ROOT, METADATA.replace(/-1$/, ''), METADATA],
      [structured, METADATA, METADATA.replace('fhir:', 'structured:fhir:')],
    ] as const) {
      t.equal((await through(spine, `${root}/metadata`, { 'Ssp-InteractionID': sent })).status, 400, sent);
      const entry = await lastEntry(spine);
      t.ok(entry.advice.endsWith(`or send ${meant} in Ssp-InteractionID, to which this target belongs.`), entry.advice);
      t.match(entry.nearMisses.at(-1), { kind: 'interaction', candidate: meant });
    }
    await through(spine, `${ROOT}/x`, {
      'Ssp-InteractionID': `${INTERACTION}fhir:operation:gpc.getstructuredrecord-1`,
    });
    t.notMatch((await lastEntry(spine)).advice, /Ssp-InteractionID/, 'no guess where nothing is alike');
  });

  await t.test('in a header that is sent twice', async (t) => {
    for (const [name, value] of Object.entries({
      'Ssp-From': CONSUMER,
      'Ssp-To': PROVIDER,
      'Ssp-InteractionID': METADATA,
    })) {
      t.equal(await withLines(spine, [name, value]), 403, name);
      const message = `${name} is sent more than once: ${value}, ${value}`;
      t.match(await lastEntry(spine), { error: { message }, advice: `Send ${name} once.` });
    }
  });

  await t.test('in what was meant', async (t) => {
    await through(spine, `${ROOT}/metadata`, { 'Ssp-From': PROVIDER, 'Ssp-To': CONSUMER });
    t.match((await lastEntry(spine)).advice, /^Swap Ssp-From and Ssp-To/);
    await through(spine, `${ROOT}/metadata`, { 'Ssp-To': '200000000923' });
    t.match((await lastEntry(spine)).nearMisses[1], { kind: 'asid', candidate: PROVIDER, reason: /meant by Ssp-To/ });
    for (const name of [METADATA.toUpperCase(), 'read:metadata-1']) {
      await through(spine, `${ROOT}/metadata`, { 'Ssp-InteractionID': name });
      t.match((await lastEntry(spine)).nearMisses, [{ kind: 'interaction', candidate: /:read:metadata-1$/ }], name);
    }
  });

  await t.test('in the token', async (t) => {
    const now = Date.now();
    for (const [changes, rule] of [
      [{ iat: now, exp: now + 300_000 }, /looks like milliseconds/],
      [{ requesting_device: 'unit 7' }, /requesting_device has no resourceType; .* "Device"/],
      [{ requesting_device: { resourceType: 'Patient' } }, /requesting_device is of type "Patient", not "Device"/],
      [{ requesting_device: null }, /the claim requesting_device is missing/],
    ] as [object, RegExp][]) {
      const { status } = await through(spine, `${ROOT}/metadata`, { Authorization: token({ ...changes }) });
      t.equal(status, 400);
      const rules = await brokenRules(spine);
      t.equal(rules.length, 1, String(rule));
      t.match(rules[0], rule);
    }
  });

  await t.test('in the scope of the token, by the interaction', async (t) => {
    for (const [interaction, scope] of [
      ['fhir:rest:read:metadata-1', 'organization/*.read'],
      ['fhir:rest:search:slot-1', 'organization/*.read'],
      ['fhir:rest:read:patient-1', 'patient/*.read'],
      ['fhir:rest:search:patient_appointments-1', 'patient/*.read'],
      ['fhir:operation:gpc.getstructuredrecord-1', 'patient/*.read'],
      ['documents:fhir:rest:read:binary-1', 'patient/*.read'],
      ['fhir:rest:cancel:appointment-1', 'patient/*.write'],
      ['fhir:operation:gpc.registerpatient-1', 'patient/*.write'],
    ] as const) {
      const root = /structured|documents/.exec(interaction)?.[0].replace('record', '');
      const target = root ? ROOT.replace('/fhir', `/${root}/fhir`) : ROOT;
      const ask = (requested_scope: string) =>
        through(spine, `${target}/nothing`, {
          'Ssp-InteractionID': INTERACTION + interaction,
          Authorization: token({ requested_scope }),
        });
      await ask('other');
      t.match(await brokenRules(spine), [`requested_scope is "other"; this operation needs "${scope}"`], interaction);
      await ask(scope);
      t.same(await brokenRules(spine), [], interaction);
    }
  });

  await t.test('in the form that _format asks for, in the encoded form of the URL too', async (t) => {
    const url = encodeURIComponent('https://elsewhere.example/metadata?_format=json');
    const { headers } = await through(spine, url, { Accept: '*/*' });
    t.match(headers['content-type'], /json/);
  });
});

async function brokenRules(spine: Spine): Promise<string[]> {
  const { steps } = await lastEntry(spine);
  return steps
    .filter(({ name }: { name: string }) => name === 'token rule')
    .map(({ detail }: { detail: string }) => detail);
}
