import t from 'tap';
import { YamlDocument } from '../../server/core/yaml/document.ts';
import { nearest } from '../../server/core/yaml/nearest.ts';
import { formatProblem, ProblemsError } from '../../server/core/yaml/problem.ts';
import { type JsonSchema, readBySchema } from '../../server/core/yaml/schema.ts';
import { readYaml } from '../../server/core/yaml/yaml.ts';

const schema: JsonSchema = {
  type: 'object',
  required: ['uid', 'series'],
  additionalProperties: false,
  properties: {
    uid: { type: 'string', pattern: '^[0-9]{12}$', description: '12 digits.', examples: ['555000000101'] },
    series: { anyOf: [{ const: 4 }, { const: 8 }] },
    active: { type: 'boolean' },
    retries: { type: 'integer', minimum: 0 },
    lines: { type: 'array', minItems: 2, maxItems: 2, items: { type: 'string' } },
    status: { enum: ['active', 'locked'] },
    when: { anyOf: [{ type: 'string', pattern: '^\\d{4}$' }, { $ref: '#/$defs/range' }] },
  },
  $defs: {
    range: {
      type: 'object',
      required: ['from'],
      additionalProperties: false,
      properties: { from: { type: 'string' } },
    },
  },
};

function problemsOf(text: string): string[] {
  const document = new YamlDocument('cards.yaml', text);
  const { faults } = readBySchema(schema, document.value());
  const found = faults.map((fault) => document.problem(fault.path, fault.message, fault));
  return [...document.problems, ...found].map(formatProblem);
}

t.test('texts become what the schema asks for, and nothing else does', async (t) => {
  const document = new YamlDocument(
    'x.yaml',
    'uid: 055000000101\nseries: 8\nactive: true\nretries: 2\nlines: [no, 05]\nwhen: {from: 1e3}\n',
  );
  const reading = readBySchema(schema, document.value());
  t.same(reading.faults, []);
  t.strictSame(reading.value, {
    uid: '055000000101',
    series: 8,
    active: true,
    retries: 2,
    lines: ['no', '05'],
    when: { from: '1e3' },
  });
});

t.test('all faults of a file are told at once, each with its place and a way out', async (t) => {
  const found = problemsOf(
    'uid: 12\nseries: 7\nactve: true\nretries: many\nlines: [a]\nstatus: Locked\nwhen: {form: x}\n',
  );
  t.same(found, [
    'cards.yaml:1:6: uid: must be 12 digits; it is "12" (for example "555000000101")',
    'cards.yaml:2:9: series: must be one of "4", "8", not "7"',
    'cards.yaml:3:1: actve: "actve" is not known here (did you mean "active"?)',
    'cards.yaml:4:10: retries: must be a whole number, not "many"',
    'cards.yaml:5:8: lines: must have exactly 2 items, has 1',
    'cards.yaml:6:9: status: must be one of "active", "locked", not "Locked" (did you mean "locked"?)',
    'cards.yaml:7:8: when.form: "form" is not known here (did you mean "from"?)',
    'cards.yaml:7:7: when: "from" is missing',
  ]);
});

t.test('what is missing is told at the mapping that lacks it', async (t) => {
  t.same(problemsOf('active: true\n'), [
    'cards.yaml:1:1: "uid" is missing (for example "555000000101")',
    'cards.yaml:1:1: "series" is missing',
  ]);
});

t.test('defaults are filled in and formats read what they stand for', async (t) => {
  const odd: JsonSchema = {
    type: 'object',
    properties: {
      day: { type: 'string', format: 'day' },
      code: { type: 'string', pattern: '.', 'x-pattern': '^[A-Z]+$' },
      list: { type: 'array', items: { type: 'string' }, default: [] },
    },
  };
  const formats = {
    day: (text: string) => (text === 'today' ? { value: '2026-11-20' } : { fault: `${text} is no day` }),
  };
  t.same(readBySchema(odd, { day: 'today', code: 'A' }, formats), {
    value: { day: '2026-11-20', code: 'A', list: [] },
    faults: [],
  });
  t.match(readBySchema(odd, { day: 'x', code: 'a' }, formats).faults, [
    { path: ['day'], message: 'x is no day' },
    { path: ['code'], message: 'must match ^[A-Z]+$; it is "a"' },
  ]);
});

t.test('broken YAML and expansion bombs are problems, not exceptions', async (t) => {
  t.match(problemsOf('uid: [1, 2\nseries: 8')[0], /^cards\.yaml:\d+:\d+: /);
  t.match(problemsOf('uid: 1\nuid: 2\n')[0], /^cards\.yaml:2:1: .*unique/);
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (const [index, letter] of [...'bcdefgh'].entries()) {
    const before = 'abcdefgh'[index];
    bomb.push(`${letter}: &${letter} [${Array(9).fill(`*${before}`).join(', ')}]`);
  }
  const document = new YamlDocument('bomb.yaml', bomb.join('\n'));
  t.equal(document.value(), undefined);
  t.match(document.problems[0]?.message, /alias/i);
});

t.test('what holds itself is a problem with a place, and no depth is an exception', async (t) => {
  for (const [text, line] of [
    ['a: &a [*a]', 1],
    ['a: &a\n  b:\n    c: *a', 3],
    ['one: &one {two: 2}\nself: &self\n  <<: *self', 3],
  ] as const) {
    const document = new YamlDocument('self.yaml', text);
    t.equal(document.value(), undefined, text);
    t.match(document.problems, [{ line, message: /stands within what it names/ }]);
  }
  const twice = new YamlDocument('twice.yaml', 'a: &a [1]\nb: [*a, *a]');
  t.same(twice.value(), { a: ['1'], b: [['1'], ['1']] });
  const deep = new YamlDocument('deep.yaml', `${'['.repeat(3_000)}&x y, *x${']'.repeat(3_000)}`);
  deep.value();
  t.ok(true, 'no exception');
});

t.test('a place inside an alias is the place of the anchor', async (t) => {
  const document = new YamlDocument('a.yaml', 'first: &one\n  uid: 12\nsecond: *one\n');
  t.match(document.problem(['second', 'uid'], 'wrong'), { line: 2, column: 8 });
});

t.test('a guess is only made when it is near', async (t) => {
  t.equal(nearest('organistions', ['organisations', 'people']), 'organisations');
  t.equal(nearest('QUPA_IN000008UK20', ['QUPA_IN000008UK02', 'QUPA_IN000005UK01']), 'QUPA_IN000008UK02');
  t.equal(nearest('zebra', ['organisations', 'people']), undefined);
});

t.test('a file and a schema give a value or all errors', async (t) => {
  t.same(readYaml('x.yaml', 'uid: 555000000101\nseries: 4\n', schema).value, { uid: '555000000101', series: 4 });
  const bad = readYaml('x.yaml', 'uid: 555000000101\nseries: 5\n', schema);
  t.equal(bad.value, undefined);
  t.match(bad.errors, [{ file: 'x.yaml', line: 2, column: 9, message: 'series: must be one of "4", "8", not "5"' }]);
});

t.test('an error shows every problem on its own line', async (t) => {
  const error = new ProblemsError('The seed data has faults', [
    { severity: 'error', file: 'a.yaml', line: 1, column: 2, path: 'x', message: 'wrong' },
    { severity: 'warning', path: 'y', message: 'odd' },
  ]);
  t.equal(error.message, 'The seed data has faults\n  a.yaml:1:2: x: wrong\n  warning: y: odd');
});
