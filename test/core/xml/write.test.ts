import { spawnSync } from 'node:child_process';
import t from 'tap';
import { escapeAttribute, escapeText } from '../../../server/core/xml/escape.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { attributes, raw, textElement, xml } from '../../../server/core/xml/template.ts';
import { seeded } from '../fuzz.ts';

const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;

t.test('text in a hole is escaped for where it stands', async (t) => {
  const odd = `O'Brien & "Sons" <1>\n`;
  t.equal(xml`<a>${odd}</a>`.text, `<a>O'Brien &amp; "Sons" &lt;1&gt;\n</a>`);
  t.equal(xml`<a b="${odd}"/>`.text, `<a b="O'Brien &amp; &quot;Sons&quot; &lt;1&gt;&#10;"/>`);
  t.equal(xml`<a b='${odd}'/>`.text, `<a b='O&apos;Brien &amp; &quot;Sons&quot; &lt;1&gt;&#10;'/>`);
  t.equal(xml`<${'hl7:'}id root="${1}"/>`.text, '<hl7:id root="1"/>', 'part of a name');
  t.throws(() => xml`<${'a b'}/>`, TypeError, 'no blank in a name');
  t.throws(() => xml`<a ${'x="1"'}/>`, TypeError, 'no attribute by text');
  t.throws(() => xml`<a b="${xml`<c/>`}"/>`, TypeError, 'no markup in a value');
});

t.test('fragments nest, arrays are written item by item, nothing writes nothing', async (t) => {
  const names = ['Oriane', 'Fay'].map((given) => xml`<given>${given}</given>`);
  t.equal(
    xml`<name>${names}${false}${null}${undefined}${[]}${3}${9n}</name>`.text,
    '<name><given>Oriane</given><given>Fay</given>39</name>',
  );
  t.equal(xml`<a>${raw('<b/>')}</a>`.text, '<a><b/></a>');
  t.equal(
    xml`<a${attributes({ use: 'H', from: undefined, n: 2, ok: true, 'xml:lang': '"' })}/>`.text,
    '<a use="H" n="2" ok="true" xml:lang="&quot;"/>',
  );
  t.throws(() => attributes({ 'a b': 1 }), TypeError);
  t.equal(xml`${textElement('wsa:To', '')}${textElement('b', '<')}`.text, '<wsa:To/><b>&lt;</b>');
});

t.test('the layout of a template is not written, line breaks in data are', async (t) => {
  const value = 'two\n  lines';
  const text = xml`
    <a
      xmlns="urn:a"
      b="1"
    >
      <c>one two</c>   <d>${value}</d>
      <e/>
    </a>
  `.text;
  t.equal(text, `<a xmlns="urn:a" b="1"><c>one two</c>   <d>two\n  lines</d><e/></a>`);
});

t.test('characters XML cannot carry are dropped, so that every answer is a document', async (t) => {
  t.equal(escapeText('a\0b\x0bc\ufffed'), 'abcd');
  t.equal(escapeAttribute('a\x1fb\uffff'), 'ab');
  t.equal(escapeText('half \ud800 pair, whole \u{1f600}'), 'half \ufffd pair, whole \u{1f600}');
});

t.test('whatever is put in comes out of a parser again', async (t) => {
  const random = seeded(7);
  const alphabet = [
    '<',
    '>',
    '&',
    '"',
    "'",
    ']]>',
    '\n',
    '\t',
    '\r',
    '\r\n',
    'é',
    '\u{1f600}',
    'x',
    ' ',
    '&#0;',
    '<!--',
    '-->',
  ];
  for (let round = 0; round < 500; round++) {
    const value = Array.from({ length: random(12) }, () => alphabet[random(alphabet.length)]).join('');
    const root = parseXml(xml`<a b="${value}" c='${value}'>${value}</a>`.text);
    t.equal(root.attr('b') === value && root.attr('c') === value && root.text === value, true, JSON.stringify(value));
  }
});

t.test(
  'xmllint takes what is written',
  { skip: !hasXmllint && !process.env.CI && 'xmllint is not installed' },
  async (t) => {
    const value = ` <&>"' ]]> \r\n\t\u{1f600}\x02\ud800 é`;
    const { text } = xml`<a b="${value}" c='${value}'>${value}</a>`;
    const { status, stderr } = spawnSync('xmllint', ['--noout', '-'], { input: text });
    t.equal(status, 0, String(stderr));
  },
);
