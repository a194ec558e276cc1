import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import t, { type Test } from 'tap';
import type { HttpAnswer } from '../../server/core/http/answer.ts';
import type { RuleDecision } from '../../server/core/rules/decision.ts';
import { Rules } from '../../server/core/rules/engine.ts';
import type { RuleFacts } from '../../server/core/rules/facts.ts';
import { openStore } from '../../server/core/store/open.ts';
import { facts, rulesOf, space } from './ruleTools.ts';

function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'rule-actions-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function decision(does: object, given: Partial<RuleFacts> = {}, folder?: string): Promise<RuleDecision> {
  const rules = await rulesOf([{ name: 'r', do: does }], { folder });
  return (await rules.evaluate(space(), facts(given)))!;
}

async function template(body: string, given: Partial<RuleFacts> = {}, more: object = {}): Promise<string> {
  const { answer, problem } = await decision({ template: { body, ...more } }, given);
  return problem ?? String(answer!.body);
}

async function refusal(does: object, folder?: string): Promise<string> {
  const rules = new Rules({ store: await openStore({ engine: 'memory' }), folder });
  const problems = await rules.check({ name: 'r', do: does });
  return problems.map(({ path, message, suggestion = '' }) => `${path}: ${message} ${suggestion}`).join('\n');
}

/** The default answer after the rule has changed it. */
async function changed(set: object[], answer: HttpAnswer, given: Partial<RuleFacts> = {}) {
  const { change } = await decision({ set }, given);
  const problems = await change!(answer);
  return { ...answer, problems };
}

t.test('an answer has the status, headers and body of the rule, and a type that fits when it names none', async (t) => {
  const { answer } = await decision({
    answer: { status: 503, headers: { 'X-One': '1', 'Set-Cookie': ['a=1', 'b=2'] }, body: '<busy/>' },
  });
  t.same(answer, {
    status: 503,
    headers: [
      ['X-One', '1'],
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
      ['Content-Type', 'text/xml; charset=UTF-8'],
    ],
    body: Buffer.from('<busy/>'),
  });
  const typeOf = async (body: string) => (await decision({ answer: { body } })).answer!.headers[0]?.[1];
  t.equal(await typeOf('{"a":1}'), 'application/json');
  t.equal(await typeOf('<!DOCTYPE html><p>'), 'text/html; charset=UTF-8');
  t.equal(await typeOf('words'), 'text/plain; charset=UTF-8');
  t.same((await decision({ answer: { status: 204 } })).answer, { status: 204, headers: [], body: Buffer.alloc(0) });
  t.equal(
    (await decision({ answer: { body: '{{nhsNumber}}' } })).answer!.body!.toString(),
    '{{nhsNumber}}',
    'no template',
  );
});

t.test("length and framing are never the rule's to set", async (t) => {
  t.match(
    await refusal({ answer: { headers: { 'content-length': '5' } } }),
    /do\.answer\.headers\.content-length: .*set by the simulator leave it out/,
  );
  t.match(await refusal({ template: { headers: { 'Transfer-Encoding': 'chunked' } } }), /set by the simulator/);
  t.match(await refusal({ set: [{ header: 'Content-Length', to: '1' }] }), /set by the simulator/);
  t.match(await refusal({ answer: { headers: { 'Bad Name': 'x' } } }), /"Bad Name" is no name of a header/);
});

t.test('a body may be a file of the folder of rules, and nothing outside it', async (t) => {
  const home = folder(t);
  const rules = join(home, 'rules');
  mkdirSync(join(rules, 'answers'), { recursive: true });
  writeFileSync(join(rules, 'answers', 'a.xml'), '<a>{{nhsNumber}}</a>');
  writeFileSync(join(home, 'secret.txt'), 'secret');
  symlinkSync(join(home, 'secret.txt'), join(rules, 'link.txt'));
  const file = 'answers/a.xml';
  t.equal(String((await decision({ answer: { file } }, {}, rules)).answer!.body), '<a>{{nhsNumber}}</a>');
  t.equal(String((await decision({ template: { file } }, {}, rules)).answer!.body), '<a>9996010007</a>');
  for (const name of ['../secret.txt', join(home, 'secret.txt'), 'link.txt']) {
    t.match(await refusal({ answer: { file: name } }, rules), /is not in the folder of the rules/, name);
  }
  t.match(await refusal({ answer: { file: 'none.xml' } }, rules), /"none\.xml" can not be read \(ENOENT\)/);
  t.match(await refusal({ answer: { file } }), /there is no folder of rules/);
  t.match(await refusal({ answer: { file, body: 'x' } }, rules), /a body or a file, not both/);
  t.match(await refusal({ answer: { file: '.' } }, rules), /is not in the folder|can not be read/);

  const late = await rulesOf([{ name: 'r', do: { answer: { file } } }], { folder: rules });
  rmSync(join(rules, 'answers', 'a.xml'));
  const failed = (await late.evaluate(space(), facts()))!;
  t.match(failed, { rule: 'r', answer: undefined, problem: /ENOENT/ }, 'a file that has gone lets the default answer');
});

t.test('a template sees the facts, the message, the world, the clock and the ids', async (t) => {
  const given: Partial<RuleFacts> = {
    header: (name) => (name === 'X-A' ? 'head' : undefined),
    query: new URLSearchParams('q=1'),
    form: () => ({ app_url: 'NHST' }),
    bodyText: () => '<QUPA xmlns="urn:hl7-org:v3"><id root="1"/><id root="2"/></QUPA>',
  };
  const gives = async (source: string, wanted: string | RegExp) =>
    t.match(await template(source, given), wanted, source);
  await gives('{{nhsNumber}} {{asid}} {{space}} [{{user}}]', /^9996010007 200000000901 default \[\]$/);
  await gives('{{header "X-A"}} {{query "q"}} {{field "app_url"}} {{form.app_url}}', /^head 1 NHST NHST$/);
  await gives('{{xpath "//hl7:id/@root"}}{{#each (xpathAll "//hl7:id/@root")}}<{{this}}>{{/each}}', /^1<1><2>$/);
  await gives('{{now}}', /^2026-03-01T09:00:00\.000Z$/);
  await gives(
    '{{now format="hl7" add="-PT30M"}} {{now format="ebxml"}} {{now format="date" add="P1D"}}',
    /^20260301083000 2026-03-01T09:00:00Z 2026-03-02$/,
  );
  await gives('{{uuid}} {{digits 12}} {{hex 4}}', /^[0-9A-F]{8}-[0-9A-F-]{27} \d{12} [0-9a-f]{4}$/);
  await gives('{{#with (world "systems" asid)}}{{partyKey}} {{name}}{{/with}}', /^Z99901-0009901 A & B$/);
  await gives('{{patient.birth}}{{#if (eq asid "200000000901")}} yes{{else}} no{{/if}}', /^19840229 yes$/);
  await gives('{{#unless mailbox}}none{{/unless}}', /^none$/);
  const json = { bodyText: () => '{"a":{"b":[1,2]},"t":"x\\"y"}' };
  t.equal(
    await template('{{jsonPath "$.t"}} {{json.a.b.[1]}} {"t":{{toJson json.t}} } {{raw json.a}}', json),
    'x"y 2 {"t":"x\\"y" } {"b":[1,2]}',
  );
});

t.test('values are escaped in XML and HTML, and only there', async (t) => {
  const given = { user: `a<b>&"'` };
  t.equal(await template('<a>{{user}}</a>', given), '<a>a&lt;b&gt;&amp;&quot;&#x27;</a>');
  t.equal(await template('<a>{{{user}}}</a>', given), `<a>a<b>&"'</a>`);
  t.equal(await template('{{user}}', given), `a<b>&"'`);
  t.equal(
    await template('{{user}}', given, { headers: { 'Content-Type': 'application/hl7-v3+xml' } }),
    'a&lt;b&gt;&amp;&quot;&#x27;',
  );
});

t.test('what a client sends can neither break a header nor reach into the process', async (t) => {
  const headers = { 'X-User': '{{user}}', 'Content-Type': 'text/plain' };
  const { answer } = await decision({ template: { headers, body: '' } }, { user: 'a\r\nSet-Cookie: b\u20ac' });
  t.same(answer!.headers[0], ['X-User', 'a Set-Cookie: b?']);
  t.equal(
    await template('[{{user.constructor}}{{user.constructor.name}}{{form.__proto__}}{{form.constructor}}]', {
      user: 'x',
      form: () => ({}),
    }),
    '[]',
  );
  t.equal(await template('{{user}}', { user: '{{uuid}}' }), '{{uuid}}', 'a value is not a template');
});

t.test('a template that can not work is refused when the rule is made, with what was meant', async (t) => {
  const wrong = (body: string) => refusal({ template: { body } });
  t.match(await wrong('{{#if asid}}'), /do\.template\.body: the template is wrong: Parse error on line 1/);
  t.match(
    await wrong('a\n  {{nhsNumbr}}'),
    /no "nhsNumbr" \(line 2, column 5 of the template\) did you mean "nhsNumber"\?/,
  );
  t.match(await wrong('{{uid 5}}'), /no "uid".*did you mean "uuid"\?/);
  t.match(await wrong('{{xpath "//a["}}'), /xpath "\/\/a\[" .*column/);
  t.match(await wrong('{{xpath body}}'), /takes its expression in quotes/);
  t.match(await wrong('{{> other}}'), /no partials/);
  t.match(
    await refusal({ template: { headers: { 'X-A': '{{oops}}' } } }),
    /do\.template\.headers\.X-A: a template knows no "oops"/,
  );
  t.equal(await wrong('{{#each (jsonPathAll "$.a")}}{{anything.inside}}{{/each}}{{#if user}}{{user}}{{/if}}'), '');
});

t.test('a template that fails for one exchange lets the default answer, and says why', async (t) => {
  t.match(await decision({ template: { body: '{{now format="roman"}}' } }), {
    answer: undefined,
    problem: /"roman" is not a format/,
  });
  t.match(await decision({ template: { body: '{{digits 99999}}' } }), { problem: /length from 1 to 1000/ });
  t.equal(
    await template('[{{xpath "//a"}}{{jsonPath "$.a"}}]', { bodyText: () => 'neither' }),
    '[]',
    'nothing found is empty',
  );
});

t.test('a delay is fixed, or drawn from a range by the seed', async (t) => {
  t.match(await decision({ delay: 250 }), { delayMs: 250, answer: undefined, fault: undefined });
  const rules = await rulesOf([{ name: 'r', do: { delay: { from: 100, to: 103 } } }]);
  const where = space();
  const drawn = new Set<number>();
  for (let n = 0; n < 100; n++) drawn.add((await rules.evaluate(where, facts()))!.delayMs);
  t.same([...drawn].sort(), [100, 101, 102, 103]);
});

t.test('a fault comes with its options, complete', async (t) => {
  t.match(await decision({ fault: 'slow-drip' }), {
    fault: { name: 'slow-drip', options: { bytes: 1, everyMs: 100 } },
  });
  t.match(await decision({ fault: { name: 'truncate', after: 10 } }), {
    fault: { name: 'truncate', options: { after: 10 } },
  });
});

t.test('passOn stops rules of lower priority and changes nothing', async (t) => {
  const rules = await rulesOf([
    { name: 'spared', priority: 1, when: { nhsNumber: '9996010007' }, do: { passOn: true } },
    { name: 'down', do: { answer: { status: 503 } } },
  ]);
  const decision = await rules.evaluate(space(), facts());
  const said = Object.entries(decision!).filter(([, value]) => value !== undefined);
  t.same(Object.fromEntries(said), { rule: 'spared', delayMs: 0, diff: false, states: [] });
  t.match(await rules.evaluate(space(), facts({ nhsNumber: '9996010015' })), { rule: 'down' });
});

t.test('set changes XML at a path, everything else staying as it was', async (t) => {
  const body =
    '<?xml version="1.0" encoding="UTF-8"?>\n<A xmlns="urn:hl7-org:v3"><code code="AA">ü</code><note/><note>x</note></A>';
  const after = await changed(
    [
      { xpath: '//hl7:code/@code', to: 'AE' },
      { xpath: '//hl7:code', to: '<{{nhsNumber}}>' },
      { xpath: '//hl7:note', remove: true },
    ],
    {
      status: 200,
      headers: [
        ['Content-Length', '5'],
        ['X', 'y'],
      ],
      body,
    },
  );
  t.equal(
    after.body,
    '<?xml version="1.0" encoding="UTF-8"?>\n<A xmlns="urn:hl7-org:v3"><code code="AE">&lt;9996010007&gt;</code></A>',
  );
  t.same(after.headers, [['X', 'y']], 'the length is left to the simulator');
  t.same(after.problems, []);
  const none = await changed([{ xpath: '//nope', to: 'x' }], { status: 200, headers: [], body });
  t.match(none, { body, problems: ['the answer has nothing at //nope'] });
  const html = await changed([{ xpath: '//p', to: 'x' }], { status: 200, headers: [], body: '<p>a & b' });
  t.match(html, { body: '<p>a & b', problems: [/could not be changed/] });
  const nested = await changed([{ xpath: '//*[name()="b" or name()="c"]', remove: true }], {
    status: 200,
    headers: [],
    body: '<a><b><c/></b>t</a>',
  });
  t.equal(nested.body, '<a>t</a>');
});

t.test('set changes JSON at a pointer, numbers staying numbers', async (t) => {
  const answer = () => ({
    status: 200,
    headers: [],
    body: Buffer.from('{"a":{"n":1,"b":true,"s":"x","l":[1,2]},"x/y":"z"}'),
  });
  const after = await changed(
    [
      { jsonPointer: '/a/n', to: '25' },
      { jsonPointer: '/a/b', to: 'false' },
      { jsonPointer: '/a/s', to: '7' },
      { jsonPointer: '/a/new', to: '{{asid}}' },
      { jsonPointer: '/a/l/0', remove: true },
      { jsonPointer: '/x~1y', to: 'w' },
    ],
    answer(),
  );
  t.equal(after.body, '{"a":{"n":25,"b":false,"s":"7","l":[2],"new":"200000000901"},"x/y":"w"}');
  const missed = await changed(
    [
      { jsonPointer: '/q/r', to: '1' },
      { jsonPointer: '/a/l/9', to: '1' },
      { jsonPointer: '/__proto__/x', to: '1' },
    ],
    answer(),
  );
  t.equal(missed.problems.length, 3);
  t.equal(({} as Record<string, unknown>).x, undefined);
  t.match(await changed([{ jsonPointer: '/a', to: '1' }], { status: 200, headers: [], body: '<a/>' }), {
    problems: [/could not be changed/],
  });
});

t.test('set changes status, headers and text, also of a streamed answer', async (t) => {
  const after = await changed(
    [{ status: 500 }, { header: 'X-One', to: 'new' }, { header: 'x-two', remove: true }, { text: 'old', to: '$&' }],
    {
      status: 200,
      reason: 'Fine',
      headers: [
        ['x-one', '1'],
        ['X-Two', '2'],
      ],
      body: Readable.from([Buffer.from('old an'), Buffer.from('d old')]),
    },
  );
  t.same({ ...after }, { status: 500, headers: [['x-one', 'new']], body: '$& and $&', problems: [] });
  t.match(await changed([{ text: 'nope', to: 'x' }], { status: 200, headers: [], body: 'b' }), {
    problems: ['the answer has no text "nope"'],
  });
  const untouched = Readable.from([Buffer.from('stream')]);
  t.equal(
    (await changed([{ status: 404 }], { status: 200, headers: [], body: untouched })).body,
    untouched,
    'a stream is read only when its text is changed',
  );
});

t.test('a stream that is too long to change is passed on whole', async (t) => {
  const chunks = Array.from({ length: 22 }, (_, n) => Buffer.alloc(1024 * 1024, n));
  const after = await changed([{ text: 'a', to: 'b' }], { status: 200, headers: [], body: Readable.from(chunks) });
  t.match(after.problems, [/longer than 20971520 bytes/]);
  const bytes = Buffer.concat(await (after.body as Readable).toArray());
  t.ok(bytes.equals(Buffer.concat(chunks)));
});

t.test('a change that says nothing or too much is refused', async (t) => {
  t.match(await refusal({ set: [{}] }), /do\.set\[0\]: a change names one of/);
  t.match(await refusal({ set: [{ header: 'A', text: 'b', to: 'c' }] }), /a change names one of/);
  t.match(await refusal({ set: [{ header: 'A:', to: 'x' }] }), /do\.set\[0\]\.header: "A:" is no name of a header/);
  t.match(await refusal({ set: [{ header: 'A' }] }), /needs `to` or `remove: true`/);
  t.match(await refusal({ set: [{ header: 'A', to: 'x', remove: true }] }), /needs `to` or `remove: true`/);
  t.match(await refusal({ set: [{ xpath: '//a[', to: 'x' }] }), /do\.set\[0\]\.xpath: /);
  t.match(await refusal({ set: [{ status: 500 }, { jsonPointer: 'a', to: 'x' }] }), /do\.set\[1\]\.jsonPointer: /);
  t.match(await refusal({ set: [{ text: 'a', to: '{{nope}}' }] }), /do\.set\[0\]\.to: a template knows no "nope"/);
  t.match(await refusal({ answer: {}, set: [{ status: 500 }] }), /answer and set exclude each other/);
});
