/** Rules in TypeScript: files of the rules folder, and functions in them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t from 'tap';
import { validate } from '../../server/cli/verbs/validate.ts';
import { runVerb } from '../cli/runVerb.ts';
import { startSpine } from '../helper.ts';
import { ebxmlRequest, HOST, soapAction, syncRequest } from '../services/messaging/requests.ts';

const GAS = 'gas.vn03.national.ncrs.nhs.uk';
const DTD = '/login/dtd';

const stubs = mkdtempSync(join(tmpdir(), 'rule-modules-'));
t.teardown(() => rmSync(stubs, { recursive: true, force: true }));
const put = (name: string, text: string) => {
  const file = join(stubs, 'rules', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};
const remove = (name: string) => rmSync(join(stubs, 'rules', name));

put(
  'own.ts',
  `import { defineRules, type DecodedExchange } from 'spine-cis-simulator/rules';
import { greeting } from './shared/words.ts';

type Wish = { who: string };

const wishOf = (exchange: DecodedExchange): Wish => ({ who: exchange.header('X-Who') ?? 'nobody' });

export default defineRules([
  {
    name: 'greets',
    when: { service: 'gas', path: '${DTD}', matches: (exchange) => exchange.header('X-Who') !== undefined },
    do: {
      respond: async (exchange) => {
        const { who } = wishOf(exchange);
        const patient = await exchange.patient('9996010007');
        const body = { says: greeting + who, family: patient?.names[0]?.family, at: exchange.now.toISOString() };
        return { status: 202, headers: { 'X-Mine': ['a', 'b'] }, body };
      },
    },
  },
  {
    name: 'by-xpath',
    when: {
      service: 'messaging',
      matches: async (exchange) => (await exchange.xpath('//hl7:person.id/hl7:value/@extension'))[0] === '9996010007',
    },
    do: { respond: (exchange) => (exchange.header('X-Throw') ? boom() : { error: 'unknownError' }) },
  },
]);

function boom(): never {
  throw new TypeError('no such thing');
}
`,
);
put('shared/words.ts', "export const greeting: string = 'hello ';\n");
put(
  'plain.mjs',
  "export default { name: 'plain', when: { service: 'gas', header: { 'X-Plain': '1' } }, do: { answer: { status: 299 } } };\n",
);
put(
  'old.js',
  "export default [{ name: 'old', when: (e) => e.query('old') === 'yes', do: { respond: () => ({ status: 298 }) } }];\n",
);

const spine = await startSpine(t, { stubsDir: stubs });
const reload = () => spine.admin('POST', '/api/rules/reload');
const get = (headers: Record<string, string>, path = DTD) => spine.ask(GAS, { path, headers });
const newest = async () => {
  const { body } = await spine.admin('GET', '/api/journal?limit=1&full=true');
  return body.entries[0];
};

t.test('a module of the folder gives rules whose condition and answer are functions', async (t) => {
  t.same((await spine.admin('GET', '/api/rules/problems')).body, []);
  const answer = await get({ 'X-Who': 'you' });
  t.match(answer, { status: 202, headers: { 'x-mine': 'a, b', 'content-type': 'application/json' } });
  t.match(JSON.parse(answer.text), { says: 'hello you', family: 'Fennelmere', at: /^\d{4}-/ });
  t.equal((await get({})).status, 200, 'where the function says no, the default answer is given');
  t.equal((await get({ 'X-Plain': '1' })).status, 299, 'in JavaScript too');
  t.equal((await get({}, `${DTD}?old=yes`)).status, 298, 'a condition that is a function alone');
  const { body: rules } = await spine.admin('GET', '/api/rules');
  t.same(
    rules.map(({ name, source }: { name: string; source: string }) => [name, source]),
    [
      ['old', 'old.js:1'],
      ['greets', 'own.ts:10'],
      ['by-xpath', 'own.ts:22'],
      ['plain', 'plain.mjs:1'],
    ],
  );
  t.match(rules[1], { matched: 1, definition: { do: { respond: 'a function' }, when: { matches: 'a function' } } });
});

t.test(
  "a function may name the service's own error; one that throws is the service's own fault, and told",
  async (t) => {
    const retrieve = (headers: Record<string, string> = {}) =>
      spine.ask(HOST, { path: '/sync-service', headers: { ...soapAction(), ...headers }, body: syncRequest() });
    const broken = await retrieve({ 'X-Throw': 'yes' });
    t.match(broken, { status: 500, text: /Envelope.*Fault/s }, 'a SOAP fault');
    t.match(await newest(), {
      rule: 'by-xpath',
      outcome: 'failed',
      error: { code: 'rule', message: /respond threw TypeError: no such thing \(own\.ts:32:\d+\)/ },
      advice: /Mend the function/,
    });
    const named = await retrieve();
    t.equal(named.status, 200, 'an error that there is not leaves the default answer');
    t.match(
      (await newest()).steps.find(({ name }: { name: string }) => name === 'rule'),
      { detail: /error unknownError/ },
    );
  },
);

t.test('what a function gives that can not be answered is told, in the form of the service', async (t) => {
  const cases: [string, RegExp][] = [
    ['({ staus: 200 })', /"staus" \(did you mean "status"\?\)/],
    ['({ status: 99 })', /status 99; it is a number from 200 to 599/],
    ["({ headers: { 'Content-Length': '1' } })", /Content-Length, which the simulator sets itself/],
    ["({ headers: { 'a b': '1' } })", /no name of a header/],
    ["'text'", /returned string, not \{status, headers, body\}/],
    ['{ const a = {}; a.a = a; return { body: a }; }', /no JSON/],
    ['{ throw undefined; }', /respond threw undefined/],
    ['{ throw 5n; }', /respond threw 5n/],
    ['{ const a = {}; a.a = a; throw a; }', /respond threw .*Circular/],
    ["exchange.xpath('//[')", /threw XPathError: expected a step before \[ at column 3 of \/\/\[$/],
    ['({ status: 200n })', /status 200n; it is a number/],
    ['({ headers: null })', /headers that are null/],
    ["({ get body() { throw new Error('not yet'); } })", /respond threw Error: not yet/],
    ['new Promise(() => {})', /took longer than 5000 ms/],
  ];
  for (const [result] of cases.entries()) {
    const [, [text]] = [result, cases[result]!];
    put(
      `case-${result}.mjs`,
      `export default { name: 'case-${result}', priority: 9, when: { header: { 'X-Case': '${result}' } }, do: { respond: (exchange) => ${text} } };\n`,
    );
  }
  await reload();
  await Promise.all(
    cases.map(async ([, message], index) => {
      const answer = await get({ 'X-Case': String(index) });
      t.match(answer.text, /STATUS|gpOBJECT/i, 'the page of GAS');
      const { body } = await spine.admin('GET', `/api/journal?rule=case-${index}&limit=1&full=true`);
      t.match(body.entries[0], { outcome: 'failed', error: { code: 'rule', message } });
    }),
  );
  for (const index of cases.keys()) remove(`case-${index}.mjs`);
  put(
    'doubt.mjs',
    "export default { name: 'doubt', priority: 9, when: () => { throw new Error('not sure') }, do: { answer: { status: 299 } } };\n",
  );
  await reload();
  t.equal((await get({})).status, 200, 'a condition that throws does not hold');
  t.match((await newest()).nearMisses, [
    { candidate: 'doubt', reason: /matches threw Error: not sure \(doubt\.mjs:1:\d+\)/ },
  ]);
  remove('doubt.mjs');
});

t.test(
  'whatever the service, a function that throws is an error in its own form, without a word of ours',
  async (t) => {
    put(
      'breaks.mjs',
      "export default { name: 'breaks', priority: 99, when: { header: { 'X-Break': '1' } }, do: { respond() { throw new RangeError('our words'); } } };\n",
    );
    await reload();
    const headers = { 'X-Break': '1' };
    const ask = (host: string, path: string, more: Record<string, string> = {}, body?: string) =>
      spine.ask(host, { path, headers: { ...headers, ...more }, ...(body !== undefined && { body }) });
    const { headers: types, body: message } = ebxmlRequest();
    const cases: [string, { status: number; text: string }, RegExp][] = [
      ['GAS', await ask(GAS, DTD), /<STATUS>Failed To Validate<\/STATUS>/],
      ['SAML', await ask('sbapi.vn03.national.ncrs.nhs.uk', '/saml/RoleAssertion?token=x'), /samlp:Responder/],
      ['SOAP', await ask(HOST, '/sync-service', soapAction(), syncRequest()), /<SOAP:Fault>/],
      ['ebXML', await ask(HOST, '/reliablemessaging/reliablerequest', types, message.toString()), /<SOAP:Fault>/],
      [
        'MESH',
        await ask('msg.int.spine2.ncrs.nhs.uk', '/messageexchange/X26ABC1/inbox'),
        /"An internal error occurred/,
      ],
      ['SSP', await ask('proxy.dev.spine2.ncrs.nhs.uk', '/https://x.example/metadata'), /OperationOutcome/],
    ];
    for (const [name, { text }, form] of cases) {
      t.match(text, form, name);
      t.notMatch(text, /our words|RangeError| at /, name);
    }
    const { body } = await spine.admin('GET', '/api/journal?rule=breaks&limit=50');
    t.equal(body.entries.length, cases.length);
    for (const entry of body.entries) {
      t.match(entry, { outcome: 'failed', error: { code: 'rule', message: /our words \(breaks\.mjs:1:\d+\)/ } });
    }
    remove('breaks.mjs');
  },
);

t.test('an edit counts at once, also in what a file imports; a broken one keeps the old rules', async (t) => {
  const says = async () => JSON.parse((await get({ 'X-Who': 'x' })).text).says;
  put('shared/words.ts', "export const greeting: string = 'good day ';\n");
  for (let n = 0; n < 60 && (await says()) !== 'good day x'; n++) await new Promise((done) => setTimeout(done, 50));
  t.equal(await says(), 'good day x', 'noticed by itself');

  put('shared/words.ts', "export const greeting: string = 'good day ';\n\nthrow new Error('out of words');\n");
  await reload();
  t.match((await spine.admin('GET', '/api/rules/problems')).body, [
    { file: /words\.ts$/, line: 3, message: /out of words/ },
  ]);
  t.equal(await says(), 'good day x');
  put('shared/words.ts', 'export const greeting: string = ;\n');
  await reload();
  t.match((await spine.admin('GET', '/api/rules/problems')).body, [
    { file: /words\.ts$/, line: 1, message: /expected/i },
  ]);
  t.equal(await says(), 'good day x');
  put('shared/words.ts', "export const greeting: string = 'hello ';\n");
  await reload();
  t.same((await spine.admin('GET', '/api/rules/problems')).body, []);
});

t.test('what is no data is told too, and is not the end of reading', async (t) => {
  const cases: [text: string, message: RegExp][] = [
    ["const rule = { name: 'round', do: { passOn: true } }; rule.rule = rule; export default rule;", /contains itself/],
    ["export default { get name() { throw new Error('no name'); } };", /can't be read as data: no name/],
    ['throw Object.create(null);', /null prototype/i],
    ['export default [null, 5, Symbol.iterator, () => 1];', /rules\[0\]/],
  ];
  for (const [text, message] of cases) {
    put('odd.mjs', text);
    await reload();
    t.match((await spine.admin('GET', '/api/rules/problems')).body, [{ file: /odd\.mjs$/, message }]);
    put('odd.mjs', "export default { name: 'mended', do: { passOn: true } };\n");
    await reload();
    t.same((await spine.admin('GET', '/api/rules/problems')).body, []);
  }
  remove('odd.mjs');
  await reload();
});

t.test('what is wrong in a module is told like what is wrong in YAML', async (t) => {
  put(
    'wrong.ts',
    `import { defineRules } from 'spine-cis-simulator/rules';
export default defineRules([
  { name: 'fine', do: { passOn: true } },
  {
    name: 'misspelt',
    when: { srevice: 'gas' },
    do: { passOn: true },
  },
  { name: 'two', do: { respond: () => undefined, answer: { status: 200 } } },
  { name: 'idle', do: {} },
] as never);
`,
  );
  put('none.ts', 'export const rules = [];\n');
  put('missing.mjs', "import './nowhere.mjs';\nexport default [];\n");
  const { code, errors } = await runVerb(spine, validate, [stubs]);
  t.equal(code, 1);
  t.match(
    errors,
    /wrong\.ts:6:1: rules\[1\] misspelt: when\.srevice: "srevice" is not known here \(did you mean "service"\?\)/,
  );
  t.match(errors, /wrong\.ts:9:1: rules\[2\] two: do\.respond: answer and respond exclude each other/);
  t.match(errors, /wrong\.ts:10:1: rules\[3\] idle: do: the rule does nothing/);
  t.match(errors, /none\.ts:1:1: it exports no rules: export default defineRules/);
  t.match(errors, /missing\.mjs:1:1: .*nowhere\.mjs/);
  for (const name of ['wrong.ts', 'none.ts', 'missing.mjs']) remove(name);
  await reload();
});

t.test('rules that come over the API are data', async (t) => {
  for (const rule of [{ do: { respond: '() => ({})' } }, { when: { matches: 'true' }, do: { passOn: true } }]) {
    const { status, body } = await spine.admin('PUT', '/api/rules/mine', rule);
    t.equal(status, 422);
    t.match(body.message, /rules that come over the API are data/);
  }
});
