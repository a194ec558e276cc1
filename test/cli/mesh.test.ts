/** `spine-sim mesh`: what is put in by hand, and the folders of the client application, with real clients at the other end. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { mesh } from '../../server/cli/verbs/mesh.ts';
import { parseXml } from '../../server/core/xml/parse.ts';
import { startSpine } from '../helper.ts';
import { MeshClient } from '../services/mesh/client.ts';
import { runVerb } from './runVerb.ts';

const spine = await startSpine(t);
let made = 0;

function scene(t: Test) {
  const space = `m${++made}`;
  const client = (mailbox: string) => {
    const one = new MeshClient(spine, mailbox, { space });
    t.teardown(() => one.close());
    return one;
  };
  const run = (words: string[], flags: Record<string, string | boolean> = {}) =>
    runVerb(spine, mesh, words, { space, ...flags });
  const root = t.testdir();
  const round = (flags: Record<string, string | boolean> = {}) =>
    run(['folder', 'X26ABC1', root], { once: true, ...flags });
  const path = (...parts: string[]) => join(root, ...parts);
  const rule = (when: object, action: object, more: object = {}) => {
    const definition = { name: `r${++made}`, when: { service: 'mesh', ...when }, do: action, ...more };
    return spine.admin('POST', '/api/rules', definition, { 'X-Spine-Sim-Space': space });
  };
  return { alice: client('X26ABC1'), bob: client('X26ABC2'), run, round, path, rule, space };
}

const FIELDS = {
  Version: '1.0',
  AddressType: 'DTS',
  MessageType: 'Data',
  WorkflowId: 'TEST_WORKFLOW',
  To_DTS: 'X26ABC2',
};

/** A pair in `out`, as old as an application waits for. */
function lay(
  out: string,
  name: string,
  fields: Record<string, string> | string,
  data?: string | Buffer,
  ageMs = 2_000,
) {
  mkdirSync(out, { recursive: true });
  const elements = (values: Record<string, string>) =>
    Object.entries(values).map(([element, value]) => `<${element}>${value}</${element}>`);
  const text = typeof fields === 'string' ? fields : `<DTSControl>${elements(fields).join('')}</DTSControl>`;
  const files: [string, string | Buffer | undefined][] = [
    [`${name}.ctl`, text || undefined],
    [`${name}.dat`, data],
  ];
  for (const [file, content] of files) {
    if (content === undefined) continue;
    writeFileSync(join(out, file), content);
    const at = new Date(Date.now() - ageMs);
    utimesSync(join(out, file), at, at);
  }
}

/** Elements of a control file, those of its status record under their own names. */
function control(file: string): Record<string, string> {
  const root = parseXml(readFileSync(file));
  const values: Record<string, string> = {};
  for (const child of root.children()) {
    if (child.local !== 'StatusRecord') values[child.local] = child.text;
    else for (const part of child.children()) values[part.local] = part.text;
  }
  t.equal(root.local, 'DTSControl');
  return values;
}

t.test('a pair is sent as its control file says, and lies in sent with id and status', async (t) => {
  const { alice, bob, path, round } = scene(t);
  const fields = {
    ...FIELDS,
    From_DTS: 'X26ABC1',
    Subject: 'One &amp; two é',
    LocalId: 'mine',
    ProcessId: 'P',
    PartnerId: 'partner',
    Encrypted: 'Y',
    IsCompressed: 'N',
    DataChecksum: 'abc:1',
  };
  lay(path('out'), 'first', fields, 'the data');
  // Written to after this round, however slow the machine is.
  lay(path('out'), 'young', FIELDS, 'still being written', -600_000);
  const { code, out, errors } = await round();
  t.same({ code, errors }, { code: 0, errors: [] });
  const [id] = (await bob.list()).json.messages;
  t.match(out, [`sent first: ${id}`]);
  const got = await bob.get(id);
  t.equal(got.body.toString(), 'the data');
  t.match(got.headers, {
    'mex-from': 'X26ABC1',
    'mex-workflowid': 'TEST_WORKFLOW',
    'mex-localid': 'mine',
    'mex-partnerid': 'partner',
    'mex-filename': 'first.dat',
    'mex-content-encrypted': 'Y',
    'mex-content-checksum': 'abc:1',
  });
  t.notOk('mex-content-compressed' in got.headers);
  t.equal(got.headers['mex-subject'], 'One & two é');
  t.same(readdirSync(path('sent')).sort(), ['first.ctl', 'first.dat']);
  t.match(control(path('sent', 'first.ctl')), {
    DTSId: id,
    Subject: 'One & two é',
    Event: 'TRANSFER',
    Status: 'SUCCESS',
    StatusCode: '00',
    DateTime: /^\d{14}$/,
  });
  t.same(readdirSync(path('out')).sort(), ['young.ctl', 'young.dat'], 'what is younger than a second waits');
  t.equal((await alice.track(id)).json.status, 'accepted');
});

t.test('chunks and compression, when the control file allows', async (t) => {
  const { bob, path, round } = scene(t);
  lay(path('out'), 'a', { ...FIELDS, AllowChunking: 'Y', Compress: 'Y' }, 'abcdefghij');
  lay(path('out'), 'b', { ...FIELDS, AllowChunking: 'N' }, 'abcdefghij');
  t.equal((await round({ 'chunk-bytes': '4' })).code, 0);
  const [a, b] = (await bob.list()).json.messages;
  const parts: string[] = [];
  for (let number = 1; number <= 3; number++) {
    const { body, headers } = await bob.get(`${a}/${number}`, { 'Accept-Encoding': 'gzip' });
    t.equal(headers['content-encoding'], 'gzip', 'each chunk by itself');
    parts.push(gunzipSync(body).toString());
  }
  t.same(parts, ['abcd', 'efgh', 'ij']);
  t.match(await bob.get(b), { status: 200, headers: { 'mex-total-chunks': '1' } });
});

t.test('what is refused lies in failed with the words of the refusal', async (t) => {
  const { path, round } = scene(t);
  const out = path('out');
  lay(out, 'unknown', { ...FIELDS, To_DTS: 'NOBODY' }, 'x');
  lay(out, 'nowhere', { ...FIELDS, To_DTS: '' }, 'x');
  lay(out, 'other', { ...FIELDS, From_DTS: 'X26ABC3' }, 'x');
  lay(out, 'version', { ...FIELDS, Version: '2.0' }, 'x');
  lay(out, 'report', { ...FIELDS, MessageType: 'Report' }, 'x');
  lay(out, 'address', { ...FIELDS, AddressType: 'FAX' }, 'x');
  lay(out, 'empty', FIELDS, '');
  lay(out, 'broken', '<DTSControl><To_DTS>', 'x');
  lay(out, 'nodata', FIELDS, undefined, 120_000);
  lay(out, 'nocontrol', '', 'x', 120_000);
  lay(out, 'waits', FIELDS, undefined, 2_000);
  t.equal((await round()).code, 0);
  const failed = (name: string) => {
    const { Event, Status, StatusCode, Description } = control(path('failed', `${name}.ctl`));
    return { said: `${Event} ${Status} ${StatusCode}`, Description };
  };
  const expected: Record<string, [string, RegExp | string]> = {
    unknown: ['SEND ERROR 12', 'Unregistered to address'],
    nowhere: ['SEND ERROR 08', 'TO_DTS missing'],
    other: ['SEND ERROR 07', 'Invalid From Address in the control file'],
    version: ['SEND ERROR 09', 'Invalid version of the control file'],
    report: ['SEND ERROR 11', 'Invalid Message Type for the transfer'],
    address: ['SEND ERROR 10', 'Invalid Address Type'],
    empty: ['COLLECT ERROR 02', 'Data file is missing or inaccessible.'],
    broken: ['TRANSFER ERROR 06', /^MalformedControlFile/],
    nodata: ['COLLECT ERROR 02', 'Data file is missing or inaccessible.'],
    nocontrol: ['COLLECT ERROR 01', 'Control file is missing'],
  };
  for (const [name, [said, Description]] of Object.entries(expected))
    t.match(failed(name), { said, Description }, name);
  t.same(readdirSync(out), ['waits.ctl'], 'half a pair that may still become one');
  t.ok(existsSync(path('failed', 'unknown.dat')));
  t.notOk(existsSync(path('failed', 'nodata.dat')));
});

t.test('names of files in every form; what can not be read is kept for its writer', async (t) => {
  const { bob, path, round } = scene(t);
  for (const name of ['a b é €', 'x.y.z', 'line\nbreak']) lay(path('out'), name, FIELDS, name);
  lay(path('out'), 'UPPER', FIELDS, 'upper');
  for (const ending of ['ctl', 'dat']) {
    renameSync(path('out', `UPPER.${ending}`), path('out', `UPPER.${ending.toUpperCase()}`));
  }
  lay(path('out'), 'broken', '<DTSControl><To_DTS>X26ABC2', 'data');
  t.equal((await round()).code, 0);
  const bodies = [];
  for (const id of (await bob.list()).json.messages) bodies.push((await bob.get(id)).body.toString());
  t.same(bodies.sort(), ['a b é €', 'line\nbreak', 'upper', 'x.y.z']);
  t.same(readdirSync(path('out')), []);
  t.match(control(path('sent', 'UPPER.CTL')), { StatusCode: '00', DTSId: /./ });
  t.same(readdirSync(path('failed')).sort(), ['broken.ctl', 'broken.ctl.original', 'broken.dat']);
  t.equal(readFileSync(path('failed', 'broken.ctl.original'), 'utf8'), '<DTSControl><To_DTS>X26ABC2');
});

t.test('one bridge at a time works on a folder', async (t) => {
  const { bob, path, round, rule } = scene(t);
  lay(path('out'), 'once', { ...FIELDS, Compress: 'Y' }, 'x');
  await rule({ operation: 'send-message' }, { delay: { milliseconds: 500 } });
  const both = await Promise.allSettled([round(), round()]);
  t.same(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  t.match(
    both.find(({ status }) => status === 'rejected'),
    { reason: { message: /another bridge works on this folder/ } },
  );
  t.equal((await bob.list()).json.messages.length, 1, 'it was sent once');
  t.same(readdirSync(path('temp')), []);

  const ended = spawnSync(process.execPath, ['--version']).pid;
  writeFileSync(path('temp', 'bridge.lock'), `${ended} ${hostname()}\n`);
  t.equal((await round()).code, 0, 'the lock of a process that has gone holds nobody');
  writeFileSync(path('temp', 'bridge.lock'), '1 another-machine\n');
  await t.rejects(round(), /1 another-machine/);
  const longAgo = new Date(Date.now() - 120_000);
  utimesSync(path('temp', 'bridge.lock'), longAgo, longAgo);
  t.equal((await round()).code, 0, 'nor one that nobody touches any more');
});

t.test('a bridge that was killed between sending and moving does not send again', async (t) => {
  const { bob, path, round } = scene(t);
  const pair = { ctl: 'a.ctl', dat: 'a.dat' };
  const note = { name: 'a', pair, folder: 'sent', control: '<DTSControl><DTSId>ID</DTSId></DTSControl>' };
  for (const done of [[], ['dat'], ['dat', 'ctl']]) {
    lay(path('out'), 'a', FIELDS, 'x');
    mkdirSync(path('temp'), { recursive: true });
    writeFileSync(path('temp', 'settling.json'), JSON.stringify(note));
    if (done.includes('dat')) renameSync(path('out', 'a.dat'), path('sent', 'a.dat'));
    if (done.includes('ctl')) rmSync(path('out', 'a.ctl'));
    t.equal((await round()).code, 0);
    t.same(readdirSync(path('sent')).sort(), ['a.ctl', 'a.dat']);
    t.same([...readdirSync(path('out')), ...readdirSync(path('failed')), ...readdirSync(path('temp'))], []);
    t.match(control(path('sent', 'a.ctl')), { DTSId: 'ID' });
    rmSync(path('sent', 'a.ctl'));
  }
  t.same((await bob.list()).json.messages, []);
});

t.test('a data file that goes away while it is sent as gzip fails its own pair only', async (t) => {
  const { bob, path, round } = scene(t);
  mkdirSync(path('out', 'a.dat'), { recursive: true });
  lay(path('out'), 'a', { ...FIELDS, Compress: 'Y' });
  const longAgo = new Date(Date.now() - 5_000);
  utimesSync(path('out', 'a.dat'), longAgo, longAgo);
  lay(path('out'), 'b', FIELDS, 'x');
  t.match(await round(), { code: 0, out: [/a is tried again \(1 of 10\): EISDIR/, /sent b/] });
  t.equal((await bob.list()).json.messages.length, 1);
});

t.test('a service in trouble is tried again, and given up in the end', async (t) => {
  const { bob, path, round, rule, run } = scene(t);
  lay(path('out'), 'later', FIELDS, 'x');
  await rule({ operation: 'send-message' }, { answer: { status: 503 } }, { times: 1 });
  t.match(await round(), { code: 0, out: ['later is tried again (1 of 10): the service answered 503'] });
  t.same(readdirSync(path('out')).sort(), ['later.ctl', 'later.dat']);
  t.match(await round(), { out: [/^sent later/] });
  lay(path('out'), 'never', FIELDS, 'x');
  await rule({ operation: 'send-message' }, { fault: 'reset' });
  t.match(await round({ retries: '1' }), { out: [/^failed never: TRANSFER 06 Gave up/] });
  t.equal((await bob.list()).json.messages.length, 2, 'though the service had taken it');
  await t.rejects(
    run(['folder', 'X26ABC1', path()], { once: true, password: 'wrong' }),
    /Invalid Authentication Token/,
  );
  await t.rejects(round({ url: 'https://127.0.0.1:1' }), /ECONNREFUSED/);
});

t.test('what comes lies in in: data, then control file, then it is acknowledged', async (t) => {
  const { alice, bob, path, round } = scene(t);
  const big = Buffer.alloc(300_000, 'big ');
  const plain = await bob.sent('X26ABC1', 'hello', {
    'Mex-Subject': 'Hi <you>',
    'Mex-LocalID': 'l',
    'Mex-FileName': 'f.txt',
  });
  const chunked = await bob.sent('X26ABC1', big.subarray(0, 100_000), { 'Mex-Chunk-Range': '1:3' });
  await bob.chunk(chunked, 2, 3, big.subarray(100_000, 200_000));
  await bob.chunk(chunked, 3, 3, big.subarray(200_000));
  await alice.send('NOBODY', 'x', { 'Mex-LocalID': 'refused' });
  t.equal((await alice.list()).json.messages.length, 3);
  const { code, out } = await round();
  t.equal(code, 0);
  t.equal(out.filter((line) => /^received /.test(line)).length, 2);
  const files = readdirSync(path('in')).sort();
  t.same(
    files.filter((file) => file.endsWith('.dat')),
    [`${plain}.dat`, `${chunked}.dat`].sort(),
  );
  t.equal(files.filter((file) => file.endsWith('.ctl')).length, 3, 'a report has a control file alone');
  t.equal(readFileSync(path('in', `${plain}.dat`), 'utf8'), 'hello');
  t.ok(readFileSync(path('in', `${chunked}.dat`)).equals(big));
  t.match(control(path('in', `${plain}.ctl`)), {
    Version: '1.0',
    AddressType: 'ALL',
    MessageType: 'Data',
    From_DTS: 'X26ABC2',
    To_DTS: 'X26ABC1',
    Subject: 'Hi <you>',
    LocalId: 'l',
    DTSId: plain,
    Encrypted: 'N',
    Event: 'TRANSFER',
    Status: 'SUCCESS',
    StatusCode: '00',
    DateTime: /^\d{14}$/,
  });
  const report = files.find((file) => file.endsWith('.ctl') && ![plain, chunked].some((id) => file.startsWith(id)))!;
  t.match(control(path('in', report)), {
    MessageType: 'Report',
    LocalId: 'refused',
    Event: 'SEND',
    Status: 'ERROR',
    StatusCode: '12',
  });
  t.same((await alice.list()).json.messages, []);
  t.equal((await bob.track(plain)).json.status, 'acknowledged');
  t.same(readdirSync(path('temp')), []);
});

t.test('a download that breaks off leaves nothing behind, and comes in the next round', async (t) => {
  const { bob, path, round, rule } = scene(t);
  const id = await bob.sent('X26ABC1', 'whole');
  await rule({ operation: 'download-message' }, { fault: 'truncate' }, { times: 1 });
  t.match(await round(), { code: 0, out: [], errors: [/./] });
  t.same([...readdirSync(path('in')), ...readdirSync(path('temp'))], []);
  await round();
  t.equal(readFileSync(path('in', `${id}.dat`), 'utf8'), 'whole');
});

t.test('folders in upper case, a clock that was moved, a client certificate that is asked for', async (t) => {
  const { bob, path, round, space } = scene(t);
  for (const name of ['IN', 'OUT', 'SENT']) mkdirSync(path(name));
  spine.environment.core.spaces.get(space).clock.advance(400 * 86_400_000);
  lay(path('OUT'), 'a', FIELDS, 'x');
  t.equal((await round()).code, 0);
  t.same(readdirSync(path()).sort(), ['IN', 'OUT', 'SENT', 'failed', 'temp']);
  t.same(readdirSync(path('SENT')).sort(), ['a.ctl', 'a.dat']);
  t.equal((await bob.list()).json.messages.length, 1);

  const strict = await startSpine(t, {
    mesh: { ...spine.environment.core.config.mesh, clientCertificate: 'required' },
  });
  t.equal((await runVerb(strict, mesh, ['folder', 'X26ABC1', path()], { once: true })).code, 0);
});

t.test('messages, reports and events by hand', async (t) => {
  const { alice, bob, path, run } = scene(t);
  writeFileSync(path('file.txt'), 'by hand');
  const sent = await run(['send', 'X26ABC1', 'X26ABC2', path('file.txt')], { workflow: 'W', subject: 'S', json: true });
  const { id } = JSON.parse(sent.out[0]!);
  t.match((await bob.get(id)).headers, { 'mex-filename': 'file.txt', 'mex-subject': 'S', 'mex-workflowid': 'W' });
  t.match((await run(['list', 'X26ABC2'])).out, [new RegExp(`${id} accepted +DATA X26ABC1 > X26ABC2 W 7 bytes S`)]);
  t.match((await run(['list'], { status: 'acknowledged' })).out, []);
  t.match(JSON.parse((await run(['show', id])).out[0]!), { id, status: 'accepted' });
  t.match((await run(['event', id, 'error'], { code: '21', event: 'TRANSFER' })).out, [/ error /]);
  t.match((await alice.track(id)).json, { status: 'error', status_code: '21' });
  await run(['event', id, 'accepted']);
  t.match((await run(['expire', id])).out, [/ undeliverable /]);
  await run(['report', 'X26ABC2', '15', 'bad file'], { workflow: 'W', linked: id });
  const [report] = (await bob.list()).json.messages;
  t.match((await bob.get(report)).headers, { 'mex-statuscode': '15', 'mex-linkedmsgid': id });
});

t.test('mailboxes and workflows come and go while it runs', async (t) => {
  const { alice, run } = scene(t);
  const set = (words: string[], flags: Record<string, string>) => run([words[0]!, 'set', words[1]!], flags);
  t.match((await set(['mailbox', 'ZZZOT001'], { ods: 'ZZZ', name: 'OURS', password: 'secret' })).out, [
    /ZZZOT001 ZZZ OURS/,
  ]);
  const id = await alice.sent('ZZZOT001', 'x');
  const ours = new MeshClient(spine, 'ZZZOT001', { space: alice.space.name, password: 'secret' });
  t.teardown(() => ours.close());
  t.same((await ours.list()).json.messages, [id]);
  await set(['workflow', 'OURS'], { senders: 'X26ABC1, X26ABC3', receivers: 'ZZZOT001', restricted: 'yes' });
  t.equal((await alice.send('ZZZOT001', 'x', { 'Mex-WorkflowID': 'OURS' })).status, 202);
  t.equal((await alice.send('X26ABC2', 'x', { 'Mex-WorkflowID': 'OURS' })).json.detail[0].code, '17');
  t.match((await run(['workflow', 'list'])).out.join('\n'), /^OURS X26ABC1,X26ABC3 > ZZZOT001 \(restricted\)$/m);
  await set(['mailbox', 'ZZZOT001'], { active: 'no' });
  t.equal((await ours.list()).status, 403, 'what no flag names stays: the password is still the right one');
  t.match((await ours.list()).json.detail[0].msg, 'Request Received from Inactive Mailbox');
  t.match((await run(['mailbox', 'list'])).out.join('\n'), /^ZZZOT001 ZZZ OURS \(not active\)$/m);
  await run(['mailbox', 'remove', 'ZZZOT001']);
  await run(['workflow', 'remove', 'OURS']);
  t.equal((await alice.send('ZZZOT001', 'x')).json.detail[0].code, '12');
  await t.rejects(set(['mailbox', 'ZZZOT002'], {}), /ods/, 'what is missing is told');
  await t.rejects(set(['mailbox', 'X26ABC1'], { active: 'maybe' }), /--active is yes or no/);
  await t.rejects(run(['mailbox', 'set']), /use: list, set <id> or remove <id>/);
  await t.rejects(run(['mailbox', 'remove', 'NOBODY']), /NOBODY/);
});

t.test('configuration, keystore and folders of the Java client', async (t) => {
  const { path, run } = scene(t);
  const { out } = await run(['client', 'X26ABC1,x26abc2', path()]);
  t.same(out, [path('meshclient.cfg')]);
  const root = parseXml(readFileSync(path('meshclient.cfg')));
  const value = (name: string) => root.children().find(({ local }) => local === name)?.text;
  t.match(value('PrimaryURL'), /^https:\/\/msg\.dev\.spine2\.ncrs\.nhs\.uk:\d+$/);
  t.equal(value('AuthenticationKey'), 'TestKey');
  t.ok(existsSync(value('KeyStorePath')!));
  const clients = root.children().filter(({ local }) => local === 'Client');
  t.equal(clients.length, 2);
  for (const name of ['IN', 'OUT', 'SENT']) t.ok(existsSync(path('data', 'X26ABC2', name)));
  lay(path('data', 'X26ABC1', 'OUT'), 'a', FIELDS, 'x');
  t.equal((await run(['folder', 'X26ABC1', path('data', 'X26ABC1')], { once: true })).code, 0);
  t.equal((await run(['folder', 'X26ABC2', path('data', 'X26ABC2')], { once: true })).code, 0);
  t.equal(readdirSync(path('data', 'X26ABC2', 'IN')).length, 2, 'the bridge works on the same folders');
  await t.rejects(run(['client', 'NOBODY', path('x')]), /NOBODY/);
});

t.test('a wrong use is told', async (t) => {
  const { path, run } = scene(t);
  for (const words of [[], ['fly'], ['show'], ['send', 'a', 'b'], ['folder', 'X26ABC1'], ['toString']]) {
    await t.rejects(run(words), /use: spine-sim mesh/, words.join(' '));
  }
  await t.rejects(run(['folder', 'X26ABC1', path()], { once: true, poll: 'often' }), /--poll takes a whole number/);
  await t.rejects(run(['folder', 'NOBODY', path()], { once: true }), /mailboxes has no "NOBODY"/);
  await t.rejects(run(['send', 'X26ABC1', 'X26ABC2', path('none')], { workflow: 'W' }), /can not be read \(ENOENT\)/);
  await t.rejects(run(['expire', 'UNKNOWN']), /there is no message UNKNOWN/);
});
