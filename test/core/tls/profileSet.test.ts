import t from 'tap';
import { buildProfiles } from '../../../server/core/tls/profileSet.ts';
import { DEFAULT_PROFILE, SHIPPED_PROFILES } from '../../../server/core/tls/shippedProfiles.ts';

t.test('the shipped profiles are good by the rules for the users own', async (t) => {
  const settings = Object.fromEntries(SHIPPED_PROFILES.map(({ name, ...fields }) => [name, fields]));
  t.strictSame(buildProfiles(settings).problems, []);
  const names = [...buildProfiles().profiles.keys()];
  t.strictSame(names.slice(0, 6), [
    'tls12-floor',
    'legacy-tls10',
    'tls10-only',
    'tls11-only',
    'tls12-only',
    'tls13-only',
  ]);
  t.equal(names.length, SHIPPED_PROFILES.length, 'no name twice');
});

t.test('a known name changes that profile, for the ones that extend it too', async (t) => {
  const { profiles, problems } = buildProfiles({
    'tls12-floor': { clientCertificate: 'optional' },
    mutual: { clientCertificate: 'required' },
    'old-mutual': { extends: 'legacy-tls10', clientCertificate: 'required' },
    'old-broken': { extends: 'old-mutual', fault: { delayMs: 50, action: 'reset' } },
  });
  t.strictSame(problems, []);
  t.match(profiles.get(DEFAULT_PROFILE), { clientCertificate: 'optional', minVersion: 'TLSv1.2' });
  t.match(profiles.get('mutual'), { name: 'mutual', clientCertificate: 'required', minVersion: 'TLSv1.2' });
  t.match(profiles.get('old-broken'), {
    clientCertificate: 'required',
    minVersion: 'TLSv1.0',
    fault: { action: 'reset' },
  });
});

t.test('every bad field is told, and the profile is left out', async (t) => {
  const { profiles, problems } = buildProfiles({
    'Bad Name': {},
    many: { minVersion: 'SSLv3', honorCipherOrder: 'yes', colour: 'red', extends: 'nothing', ciphers: 7 },
    upside: { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' },
    ciphers: { ciphers: 'NO-SUCH-CIPHER' },
    fault: { fault: { delayMs: -1, action: 'explode', when: 'now' } },
    noFault: { fault: 'reset' },
    'tls13-only': { maxVersion: 'TLSv1.2' },
    good: {},
  });
  const told = problems.map(({ profile, field }) => `${profile}: ${field}`);
  t.strictSame(told.sort(), [
    'Bad Name: name',
    'ciphers: ciphers',
    'fault: fault.action',
    'fault: fault.delayMs',
    'fault: fault.when',
    'many: ciphers',
    'many: colour',
    'many: extends',
    'many: honorCipherOrder',
    'many: minVersion',
    'noFault: fault',
    'noFault: name',
    'tls13-only: minVersion',
    'upside: minVersion',
  ]);
  for (const { message } of problems) t.ok(message.length > 10, message);
  t.notOk(profiles.has('ciphers'));
  t.equal(profiles.get('tls13-only')!.maxVersion, 'TLSv1.3', 'a spoiled change leaves the shipped one');
  t.ok(profiles.has('good'));
});
