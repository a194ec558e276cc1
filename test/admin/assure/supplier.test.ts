import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { walk } from '../../../server/cli/assure/walk.ts';
import { assure } from '../../../server/cli/verbs/assure.ts';
import type { AssureReport } from '../../../server/core/assure/report.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { runVerb } from '../../cli/runVerb.ts';
import { missingTools } from '../../docs/shell.ts';
import { startSpine } from '../../helper.ts';

/** Each step is a process that starts others, and other tests run beside. */
t.setTimeout(300_000);

const spine = await startSpine(t);
const { https, ldaps, admin } = spine.environment.ports;
Object.assign(process.env, {
  SUPPLIER_HTTPS: String(https),
  SUPPLIER_LDAPS: String(ldaps),
  SUPPLIER_ADMIN: String(admin),
});
const missing = missingTools(['curl', 'openssl', 'ldapsearch']);
const skip = missing !== undefined && !process.env.CI ? missing : false;

/** A run with the supplier's system of `supplier.ts`, a process of its own for each step. */
async function runWith(behaviour: string, folder: string, flags: Record<string, string> = {}) {
  const files = { html: join(folder, 'report.html'), junit: join(folder, 'report.xml') };
  const command = `${process.execPath} ${join(import.meta.dirname, 'supplier.ts')} ${behaviour}`;
  const { code, out } = await runVerb(spine, assure, ['run'], { run: command, again: true, ...files, ...flags });
  const { body } = await spine.admin('GET', '/api/assure');
  const html = readFileSync(files.html, 'utf8');
  return { code, out, report: body as AssureReport, html, junit: parseXml(readFileSync(files.junit)) };
}

const named = ({ steps }: AssureReport, result: string) =>
  steps.filter((step) => step.result === result).map(({ name }) => name);

/** What the careless system does wrong, step by step. */
const CARELESS: Record<string, RegExp> = {
  'login-refused': /a message in the name of 555000000701/,
  'ticket-expired': /the dead ticket again/,
  'look-up-busy': /not seen: the same search again/,
  'trace-invalid': /an update or a message about 9996190005/,
  'trace-mismatch': /an update or a message about 9996540006/,
  'trace-merged': /not seen: 9996170004 was used/,
  'update-stale': /another update before the record was retrieved again/,
  'message-lost': /not seen: the same message again, byte for byte/,
  'message-refused': /the same message again/,
  'mesh-cut': /acknowledged though a part of it was missing/,
  'mesh-refused': /another send to a recipient that is not registered/,
  'tls-old': /a request over TLS 1\.0/,
  'tls-expired': /whose certificate has expired/,
  'tls-wrong-name': /the certificate of another host/,
  'tls-unknown-ca': /anybody could have set up/,
  'tls-revoked': /whose certificate was revoked/,
};

t.test('a careful system handles every step of the default set', { skip }, async (t) => {
  const { code, out, report, html, junit } = await runWith('careful', t.testdir({}));
  t.equal(code, 0, out.join('\n'));
  t.equal(report.steps.length, 24);
  t.equal(named(report, 'handled').length, 24);
  for (const { name, judgement, expected } of report.steps) {
    t.equal(judgement!.evidence.filter(({ kind }) => kind === 'seen').length, expected.length, `evidence of ${name}`);
  }
  t.match(html, 'All 23 required steps were handled.');
  t.notMatch(html, /AQIC5wM2LY4Sfc/, 'tickets are masked');
  t.equal(junit.children('testsuite').length, 7, 'a suite for each group');
  t.equal(junit.descendAll('testsuite/testcase/failure').length, 0);
  t.same((await spine.admin('GET', '/api/rules')).body, [], 'nothing that was arranged is left');
});

t.test('a careless one is told at exactly the steps where it goes wrong', { skip }, async (t) => {
  const { code, report, html, junit } = await runWith('careless', t.testdir({}), { wait: '1' });
  t.equal(code, 1);
  t.same(named(report, 'not-handled'), Object.keys(CARELESS));
  t.same(named(report, 'not-tried'), []);
  for (const [name, reason] of Object.entries(CARELESS)) {
    const step = report.steps.find((one) => one.name === name)!;
    t.match(step.judgement!.reason, reason, name);
    const banned = /must not do/.test(step.judgement!.reason);
    t.equal(
      step.judgement!.evidence.some(({ kind }) => kind === 'banned'),
      banned,
      `what it did is shown: ${name}`,
    );
  }
  const lost = report.steps.find(({ name }) => name === 'message-lost')!.judgement!.evidence.at(-1)!;
  t.match(lost, {
    kind: 'near',
    lacks: [/^messageId: /, /^body: the same bytes is wanted, it was .* from byte \d+ on$/],
  });
  t.match(html, '15 of 23 required steps were not handled.');
  t.equal(junit.descendAll('testsuite/testcase/failure').length, 15);
  t.equal(junit.descendAll('testsuite/testcase/skipped').length, 1, 'what is not required does not break a build');
});

/** One step of the supplier's system, as its own tests would do it. */
function act(step: string, data: Record<string, string>): Promise<unknown> {
  const variables = Object.entries(data).map(([name, value]) => [
    `ASSURE_${name.replace(/([A-Z])/g, '_$1').toUpperCase()}`,
    value,
  ]);
  const env = { ...process.env, ...Object.fromEntries(variables), ASSURE_STEP: step };
  return once(spawn(process.execPath, [join(import.meta.dirname, 'supplier.ts'), 'careful'], { env }), 'close');
}

t.test('steps are tried in any order while the own tests of a system run', { skip }, async (t) => {
  const verb = (...words: string[]) => runVerb(spine, assure, words);
  const flags = { all: true, again: true, only: 'trace,mesh,tls-expired', data: 'patientMismatch=9996010007' };
  const started = (await runVerb(spine, assure, ['start'], flags)).out.join('\n');
  t.match(started, /a run of 10 steps began in space default; 8 are open/);
  t.match(started, 'to be begun by name: mesh-cut, tls-expired');
  const { data } = (await spine.admin('GET', '/api/assure')).body as AssureReport;
  t.equal(data.patientMismatch, '9996010007');
  for (const step of ['trace-nobody', 'mesh-collect', 'trace-mismatch']) await act(step, data);
  t.equal((await verb('begin', 'tls-expired')).code, 0);
  await t.rejects(verb('begin', 'mesh-cut'), /mesh-cut must be alone; end tls-expired first/);
  await act('tls-expired', data);
  t.same((await verb('end', 'tls-expired')).out, ['    handled']);
  const report = await verb('report');
  t.equal(report.code, 1, 'the others are missing');
  t.match(report.out.join('\n'), /handled +mesh-collect .*\(open\)/);
  t.match(report.out.join('\n'), /handled +trace-mismatch /);
  t.match(report.out.join('\n'), /not tried +trace-invalid .*\(open, not attested\)/);

  t.equal((await verb('attest', 'trace-nobody', 'no')).code, 0);
  await t.rejects(verb('attest', 'mesh-collect', 'yes'), /asks nothing that a person must answer/);
  const finished = (await verb('finish')).out.join('\n');
  t.notMatch(finished, /\(open/);
  t.match(finished, /DENIED +trace-nobody .*\(attested no\)/, 'what was seen is handled, and a person says otherwise');
  await runVerb(spine, assure, ['attest', 'trace-nobody', 'yes'], { note: 'seen on the screen', by: 'A. Tester' });
  const html = (await spine.admin('GET', '/api/assure/report?format=html')).body;
  t.match(html, /<strong>yes<\/strong>, says A. Tester: seen on the screen \(attested at [^)]*, not observed\)/);
  t.equal((await verb('stop')).code, 0);
  await t.rejects(verb('report'), /the space default has no run; begin one with "spine-sim assure start"/);
});

t.test('a person is led through, tries again, attests, stops and goes on', { skip }, async (t) => {
  const out: string[] = [];
  const asked: string[] = [];
  const invocation = {
    words: [],
    flags: { admin: `http://127.0.0.1:${admin}` },
    print: (line: string) => void out.push(line),
    complain: () => {},
  };
  const start = await spine.admin('POST', '/api/assure', {
    only: ['trace-nobody', 'tls-expired', 'look-up-endpoint'],
    again: true,
  });
  /** What the person does at each question. */
  const answers: (string | (() => Promise<unknown>))[] = [
    ...['', () => act('look-up-endpoint', start.body.data)], // pressed too early, then at the second try
    ...[() => act('trace-nobody', start.body.data), 'y', 'on the screen'],
    'q',
  ];
  const ask = async (question: string): Promise<string> => {
    asked.push(question.trim());
    if (question.includes('r to try it again')) return 'r';
    const next = answers.shift()!;
    if (typeof next === 'string') return next;
    await next();
    return '';
  };
  t.equal(await walk(invocation, start.body, { ask }), false, 'stopped at the third');
  t.match(asked, [
    /^Enter when it is done/,
    /^Enter to go on, r to try it again/,
    /^Enter when/,
    /^Enter when/,
    /^Did it say that nobody was found/,
    /^A note/,
    /^Enter when/,
  ]);
  t.match(out.join('\n'), /not tried: This was not seen: a search for PORX_IN020101UK31 that found something\./);
  const { body } = await spine.admin('GET', '/api/assure');
  t.match(body.steps, [
    { name: 'look-up-endpoint', state: 'ended', result: 'handled', tries: 2 },
    { name: 'trace-nobody', result: 'handled', attestation: { answer: 'yes', note: 'on the screen' } },
    { name: 'tls-expired', state: 'waiting', result: 'not-tried' },
  ]);
  t.same((await spine.admin('GET', '/api/rules')).body, [], 'the host speaks TLS as before');
  const handled = async () => {
    await act('tls-expired', body.data);
    return '';
  };
  t.equal(await walk(invocation, body, { ask: handled }), true);
  t.match((await spine.admin('GET', '/api/assure')).body, { passed: true });
});
