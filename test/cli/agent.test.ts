import t from 'tap';
import { agent } from '../../server/cli/verbs/agent.ts';
import { startSpine } from '../helper.ts';

const GP = '555000000101';
const NURSE = '555000000401';

const spine = await startSpine(t);
const { core, ports } = spine.environment;

/** Runs the verb and gives exit code, standard output and error output. */
async function run(words: string[], flags: Record<string, string | boolean> = {}) {
  const out: string[] = [];
  const errors: string[] = [];
  const code = await agent.run({
    words,
    flags: { admin: `http://127.0.0.1:${ports.admin}`, ...flags },
    print: (line) => out.push(line),
    complain: (line) => errors.push(line),
  });
  return { code, out, errors };
}

const stateOf = async (ticket: string, space = 'default') =>
  (await core.sessions.find(core.spaces.get(space), ticket)).state;

t.test('login prints the ticket alone; logout ends its session', async (t) => {
  const { code, out, errors } = await run(['login'], { user: NURSE });
  t.equal(code, 0);
  t.equal(out.length, 1);
  t.match(out[0], /^AQIC.{58}$/);
  t.match(errors, ['logged in: Willowmere Brisa Mrs', /^\* 555000000403 /]);
  t.equal(await stateOf(out[0]!), 'valid');
  t.equal((await run(['logout', out[0]!])).code, 0);
  t.equal(await stateOf(out[0]!), 'ended');
});

t.test('a role is selected on request, and asked for when there are several', async (t) => {
  const several = await run(['login'], { user: GP });
  t.match(several.errors.at(-1), 'no role is selected');
  const { out } = await run(['login'], { user: GP, role: '555000000104', json: true });
  const done = JSON.parse(out[0]!);
  t.match(done, {
    cn: 'Testfamily Testgiven Dr',
    role: '555000000104',
    roles: [{ id: '555000000103', organisation: 'Z99901' }, {}],
  });
  const found = await core.sessions.find(core.spaces.default, done.ticket);
  t.match(found, { session: { roleId: '555000000104', card: 'SC8000000101' } });
});

t.test('login in a space of its own', async (t) => {
  const { out } = await run(['login'], { user: NURSE, space: 'team-d' });
  t.equal(await stateOf(out[0]!, 'team-d'), 'valid');
  t.equal(await stateOf(out[0]!), 'unknown');
});

t.test('a card that is not in force, a role that is not the user’s: refused, with exit code 1', async (t) => {
  const uses: Record<string, string>[] = [
    { card: 'SC6000000101' },
    { card: 'SC9000000901' },
    { user: NURSE, role: '555000000103' },
  ];
  for (const flags of uses) {
    const { code, out, errors } = await run(['login'], flags);
    t.equal(code, 1);
    t.same(out, []);
    t.match(errors[0], /refused/);
  }
});

t.test('a wrong use is explained', async (t) => {
  const uses: [words: string[], flags: Record<string, string>, message: RegExp][] = [
    [[], {}, /^use: spine-sim agent login/],
    [['login'], {}, /^use: spine-sim agent login/],
    [['logout'], {}, /^use: spine-sim agent login/],
    [['login'], { user: '555000009999' }, /has no active card/],
    [['login'], { card: 'NOSUCHCARD' }, /there is no card NOSUCHCARD/],
  ];
  for (const [words, flags, message] of uses) {
    await t.rejects(run(words, flags), { message });
  }
});
