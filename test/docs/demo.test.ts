import { existsSync } from 'node:fs';
import t from 'tap';
import { startSpine } from '../helper.ts';
import { missingTools, runBash } from './shell.ts';

const missing = missingTools(['bash', 'curl', 'openssl', 'ldapsearch']);

t.test('the walk-through of the compose file succeeds beside a local start', async (t) => {
  if (missing && !process.env.CI) return void t.plan(0, missing);
  t.ok(existsSync('docker/demo/demo.sh'));
  const { environment } = await startSpine(t);
  const { https, ldaps, admin } = environment.ports;
  const ports = {
    SPINE_SIM_HTTPS_PORT: String(https),
    SPINE_SIM_LDAPS_PORT: String(ldaps),
    SPINE_SIM_ADMIN_PORT: String(admin),
  };
  const walk = await runBash('bash docker/demo/demo.sh', process.cwd(), ports);
  if (walk.code !== 0) t.comment(walk.output);
  t.equal(walk.code, 0);
  t.match(walk.output, /\n\d+ steps, 0 not as expected\n/);

  const nowhere = await runBash('bash docker/demo/demo.sh', process.cwd(), { ...ports, SPINE_SIM_LDAPS_PORT: '1' });
  t.equal(nowhere.code, 1, 'and it fails when a step does');
  t.match(nowhere.output, /\n\d+ steps, 6 not as expected\n/);
});
