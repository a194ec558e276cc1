import t from 'tap';
import { startSpine } from '../helper.ts';
import { missingTools, runBash } from './shell.ts';

/** Each step starts a program or two, and other tests run beside. */
t.setTimeout(300_000);

t.test('the walk-through of the compose file succeeds beside a local start', async (t) => {
  const missing = missingTools(['curl', 'openssl', 'ldapsearch']);
  if (missing && !process.env.CI) return void t.plan(0, missing);
  const { environment } = await startSpine(t);
  const { https, ldaps, admin } = environment.ports;
  const { code, output } = await runBash('bash docker/demo/demo.sh', process.cwd(), {
    SPINE_SIM_HTTPS_PORT: String(https),
    SPINE_SIM_LDAPS_PORT: String(ldaps),
    SPINE_SIM_ADMIN_PORT: String(admin),
  });
  if (code !== 0) t.comment(output);
  t.equal(code, 0);
  t.match(output, /\n\d+ steps, 0 not as expected\n/);
});

t.test('the walk-through fails when a step does', async (t) => {
  const lib = '. docker/demo/lib.sh';
  const steps = "try 'as expected' 'echo one two' 'one' 'two'";
  t.equal((await runBash(`${lib}; ${steps}; finish`, process.cwd())).code, 0);
  const missing = await runBash(`${lib}; ${steps}; try 'half' 'echo one' 'one' 'two'; finish`, process.cwd());
  t.equal(missing.code, 1);
  t.match(missing.output, 'there is no: two');
  t.match(missing.output, '2 steps, 1 not as expected');
  t.equal((await runBash(`${lib}; try 'nothing to look for' 'echo one' ''; finish`, process.cwd())).code, 1);
});
