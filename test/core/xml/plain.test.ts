import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import type { XmlElement } from '../../../server/core/xml/element.ts';
import { XmlError } from '../../../server/core/xml/error.ts';
import { DEFAULT_XML_LIMITS } from '../../../server/core/xml/limits.ts';
import { parseFully } from '../../../server/core/xml/parse.ts';
import { parsePlain } from '../../../server/core/xml/plain.ts';
import { mutated, seeded } from '../fuzz.ts';
import { RETRIEVAL_ANSWER, SYNC_REQUEST } from '../wire.ts';

const plain = (document: string) => parsePlain(document, DEFAULT_XML_LIMITS);

/** Everything that a tree says. */
function told(element: XmlElement): unknown {
  const { name, local, prefix, ns, attributes, declarations, start, end, content } = element;
  return {
    names: [name, local, prefix, ns],
    attributes: attributes.map((attribute) => [
      attribute.name,
      attribute.local,
      attribute.prefix,
      attribute.ns,
      attribute.value,
    ]),
    declarations: declarations && [...declarations],
    place: [start, end],
    content: content.map((node) => (typeof node === 'string' ? node : told(node))),
  };
}

/** What the full parser says: the tree, or that it refuses. */
function fully(document: string): unknown {
  try {
    return told(parseFully(document));
  } catch (error) {
    if (error instanceof XmlError) return error.code;
    throw error;
  }
}

const PLAIN = [
  SYNC_REQUEST,
  RETRIEVAL_ANSWER,
  '<a/>',
  ' \n<a  b="1"\n c=\'2\' ></a >\r\n',
  '<?xml version="1.0" encoding="UTF-8"?>\n<a>text &amp; &lt;&gt;&quot;&apos; &#65;&#x1F600; Łø</a>',
  '<a>one\r\ntwo\rthree<!-- no -->four<![CDATA[<five> & ]]>six</a>',
  '<p:a xmlns:p="urn:u" xmlns="urn:d" p:x="1" x="2"><b xmlns=""><p:c xmlns:p="urn:v" p:y="&#10;"/></b><b/></p:a>',
  '<a xml:lang="en"/>',
  '<a\r\n b="1"><c\r\n/></a>',
];

const NOT_PLAIN = [
  '<?pi?><a/>',
  '<!DOCTYPE a><a/>',
  '<!-- before --><a/>',
  '<a><?pi?></a>',
  '<é/>',
  '<a b = "1"/>',
  '<a b="1\t2"/>',
  '<a><![CDATA[]]></a>',
];

t.test('what messages are made of is read as the full parser reads it', async (t) => {
  for (const document of PLAIN) {
    const root = plain(document);
    t.ok(root, document.slice(0, 60));
    t.strictSame(root && told(root), fully(document));
  }
  for (const document of NOT_PLAIN) t.equal(plain(document), undefined, document);
});

t.test('what the full parser refuses is never taken', async (t) => {
  const wrong = [
    '',
    '<a',
    '<a>',
    '<a></b>',
    '<a></a',
    '<a/><b/>',
    '<a/>x',
    'x<a/>',
    '<a b="1" b="2"/>',
    '<a xmlns:p="urn:u" xmlns:q="urn:u" p:x="1" q:x="2"/>',
    '<p:a/>',
    '<a p:b="1"/>',
    '<a xmlns:p=""/>',
    '<a xmlns:xml="urn:u"/>',
    '<a xmlns="http://www.w3.org/2000/xmlns/"/>',
    '<a b="1"c="2"/>',
    '<a b=1/>',
    '<a b="<"/>',
    '<a b="&x;"/>',
    '<a>&</a>',
    '<a>&#0;</a>',
    '<a>&#xD800;</a>',
    '<a>&#1114112;</a>',
    '<a>]]></a>',
    '<a>\u0001</a>',
    '<a><!-- -- --></a>',
    '<a><!--></a>',
    '<a><![CDATA[</a>',
    '<:a/>',
    '<a:/>',
    '<a:b:c xmlns:a="urn:u"/>',
    '<-a/>',
    '<a / >',
    '< a/>',
    '<?xml version="1.0"?><?xml version="1.0"?><a/>',
  ];
  for (const document of wrong) {
    t.type(fully(document), 'string', document);
    t.equal(plain(document), undefined, document);
  }
});

t.test('beyond a limit it is for the full parser to say so', async (t) => {
  const within = (limits: Partial<typeof DEFAULT_XML_LIMITS>, document: string) =>
    parsePlain(document, { ...DEFAULT_XML_LIMITS, ...limits }) !== undefined;
  t.ok(within({ maxDepth: 2 }, '<a><b/></a>'));
  t.notOk(within({ maxDepth: 1 }, '<a><b/></a>'));
  t.notOk(within({ maxElements: 2 }, '<a><b/><b/></a>'));
  t.ok(within({ maxAttributes: 2 }, '<a x="1" xmlns:y="urn:y"/>'));
  t.notOk(within({ maxAttributes: 1 }, '<a x="1" xmlns:y="urn:y"/>'));
  t.notOk(within({ maxTextLength: 4 }, '<a>12<!-- -->34<![CDATA[5]]></a>'));
  t.notOk(within({ maxTextLength: 4 }, '<a x="12345"/>'));
  t.notOk(within({ maxNameLength: 3 }, '<abcd/>'));
});

t.test('of thousands of damaged messages none is taken that is not one, and none is read differently', async (t) => {
  const folder = new URL('../wire/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.xml'));
  const documents = [...PLAIN, ...files.map((name) => readFileSync(new URL(name, folder), 'utf8').trim())];
  const random = seeded(7);
  let taken = 0;
  for (let round = 0; round < 12_000; round++) {
    const document = mutated(Buffer.from(documents[round % documents.length]!), random)
      .toString('utf8')
      .toWellFormed();
    const root = plain(document);
    if (!root) continue;
    taken++;
    const expected = fully(document);
    if (JSON.stringify(told(root)) !== JSON.stringify(expected)) {
      t.strictSame(told(root), expected, document);
      return;
    }
  }
  t.ok(taken > 1000, `${taken} were taken`);
});
