/** LDIF as real exports write it, cut anywhere: what is read never depends on where a piece of the file ends. */
import t from 'tap';
import { LdifParser } from '../../../server/services/sds/ldif/parser.ts';
import type { LdifRecord } from '../../../server/services/sds/ldif/record.ts';
import { seeded } from '../../core/fuzz.ts';

function read(text: string, pieces: (at: number) => number): { records: LdifRecord[]; warnings: string[] } {
  const records: LdifRecord[] = [];
  const warnings: string[] = [];
  const parser = new LdifParser(
    (record) => records.push(record),
    ({ line, message }) => warnings.push(`${line}: ${message}`),
  );
  for (let at = 0; at < text.length; ) {
    const next = at + pieces(at);
    parser.push(text.slice(at, next));
    at = next;
  }
  parser.end();
  return { records, warnings };
}

const whole = (text: string) => read(text, () => text.length);

t.test('records, with folded lines, comments, base64 and line ends of either kind', async (t) => {
  const text = [
    'version: 1',
    '',
    '# exported on a Friday',
    'dn: uniqueIdentifier=1,ou=services,o=nhs',
    'objectClass: top',
    'objectClass:  nhsAs',
    'description: a value that',
    '  goes on',
    ' and on\r',
    '# a comment that',
    '  is folded too',
    'cn:: w4TDlsOc',
    'a:',
    'objectClass: nhsMhs',
    '',
    '',
    'dn:: b3U9c2VydmljZXMsbz1uaHM=',
    'ou:services',
    'ou: last',
  ].join('\n');
  const { records, warnings } = whole(text);
  t.same(records, [
    {
      dn: 'uniqueIdentifier=1,ou=services,o=nhs',
      line: 4,
      attributes: [
        ['objectClass', ['top', 'nhsAs', 'nhsMhs']],
        ['description', ['a value that goes onand on']],
        ['cn', ['ÄÖÜ']],
        ['a', ['']],
      ],
    },
    { dn: 'ou=services,o=nhs', line: 17, attributes: [['ou', ['services', 'last']]] },
  ]);
  t.same(warnings, []);
});

t.test('what is no content record is said with its line, and the rest is read', async (t) => {
  const text = [
    ' continues nothing',
    'cn: before a dn',
    'dn: cn=a',
    'no colon here',
    ': no name',
    'jpegPhoto:< file:///photo',
    'cn: a',
    '',
    'dn: cn=b',
    'changetype: modify',
    'cn: b',
    '',
    'dn: cn=c',
    'changetype: add',
    'cn: c',
  ].join('\n');
  const { records, warnings } = whole(text);
  t.same(
    records.map(({ dn, attributes }) => [dn, attributes]),
    [
      ['cn=a', [['cn', ['a']]]],
      ['cn=c', [['cn', ['c']]]],
    ],
  );
  t.same(warnings, [
    '1: a continued line continues nothing',
    '2: "cn" stands before a dn',
    '4: "no colon here" is no attribute line',
    '5: ": no name" is no attribute line',
    '6: a value behind a URL is not fetched',
    '10: a change record (modify) is not applied',
  ]);
});

t.test('a byte order mark, and a record without an empty line before it, are none of its values', async (t) => {
  const text = '\ufeffdn: cn=a\ncn: a\nDN: cn=b\ncn: b\n';
  for (const length of [text.length, 1]) {
    const { records, warnings } = read(text, () => length);
    t.same(records, [
      { dn: 'cn=a', line: 1, attributes: [['cn', ['a']]] },
      { dn: 'cn=b', line: 3, attributes: [['cn', ['b']]] },
    ]);
    t.same(warnings, ['3: there is no empty line before this dn']);
  }
});

t.test('a file cut anywhere is read as in one piece', async (t) => {
  const int = seeded(20_261_201);
  const lines = [
    'dn: cn=x,o=nhs',
    'cn: x',
    'cn:: eA==',
    ' more',
    '# no',
    ' # no',
    '',
    'objectClass: top',
    'a:',
    'no colon',
    '\r',
  ];
  for (let round = 0; round < 400; round++) {
    const end = () => (int(4) === 0 ? '\r\n' : '\n');
    const text =
      Array.from({ length: int(30) }, () => lines[int(lines.length)]! + end()).join('') + 'cn: last'.slice(0, int(9));
    const one = whole(text);
    t.same(
      read(text, () => 1 + int(9)),
      one,
      JSON.stringify(text),
    );
  }
});

t.test('lines without a colon cost no more in a long text', async (t) => {
  const lines = 400_000;
  let warned = 0;
  const parser = new LdifParser(
    () => t.fail('there is no record'),
    () => warned++,
  );
  parser.push('x\n'.repeat(lines));
  parser.end();
  t.equal(warned, lines);
});

t.test(
  'a name is read whole where the line before, or the same place of a record before, had the start of it',
  async (t) => {
    const names = ['cn', 'c', 'cn;lang-en', 'cnx', 'CN', 'c'];
    const random = seeded(11);
    const lines: [string, string][][] = Array.from({ length: 200 }, () =>
      Array.from({ length: 6 }, () => [names[random(names.length)]!, random(3) === 0 ? '' : 'n:c']),
    );
    const text = lines.map((record, n) =>
      [`dn: cn=${n}`, ...record.map(([name, value]) => `${name}:${value}`), '', ''].join('\n'),
    );
    const { records, warnings } = whole(text.join(''));
    t.same(warnings, []);
    t.same(
      records.map(({ attributes }) => attributes),
      lines.map((record) => {
        const together = new Map<string, string[]>();
        for (const [name, value] of record) together.set(name, [...(together.get(name) ?? []), value]);
        return [...together];
      }),
    );
  },
);
