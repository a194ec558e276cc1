import { isUtf8 } from 'node:buffer';
import { diag } from 'libxml2-wasm';
import t from 'tap';
import { canonicalise } from '../../../server/core/xml/canonical.ts';
import { XmlError } from '../../../server/core/xml/error.ts';
import { NS } from '../../../server/core/xml/namespaces.ts';
import { toObject } from '../../../server/core/xml/object.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { compileXPath, isTrue, openDocument, XPathError, type XPathResult } from '../../../server/core/xml/xpath.ts';
import { mutated, seeded } from '../fuzz.ts';
import { RETRIEVAL_ANSWER, SYNC_REQUEST } from '../wire.ts';

const NAMESPACES = { s: NS.soap11, wsa: NS.wsa200408, h: NS.hl7 };

/** Text, values and results; the last is the result over the retrieval answer. */
const EXPRESSIONS: [expression: string, result: XPathResult][] = [
  ['//h:queryResponseCode/@code', ['OK']],
  ['string(/s:Envelope/s:Header/wsa:Action)', 'urn:nhs:names:services:pdsquery/QUPA_IN000009UK03'],
  ['count(//h:device)', 4],
  ["//h:acknowledgement/@typeCode = 'AA'", true],
  [
    "//h:id[@root='1.2.826.0.1285.0.2.0.107'][1]/@extension",
    ['200000000002', '100000000001', '200000000002', '100000000001', '100000000001'],
  ],
  ['s:Body/*/*/h:versionCode/@code', ['3NPfIT6.3.01']],
  ["local-name(//*[starts-with(local-name(), 'QUPA')])", 'QUPA_IN000009UK03'],
  ['//h:queryAck | //wsa:To', ['', '']],
  ['not(//h:nothing) and 7 mod 4 = 3', true],
  ['-(2 + 3) * 2', -10],
  ['(//h:device)[2]/h:id/@extension', ['100000000001']],
  ['//h:nothing', []],
  [`concat("it's", ' ', 'so')`, "it's so"],
];

t.test('expressions give strings, numbers, booleans and node values', async (t) => {
  using document = await openDocument(RETRIEVAL_ANSWER);
  for (const [expression, result] of EXPRESSIONS) {
    using query = await compileXPath(expression, NAMESPACES);
    t.same(query.evaluate(document), result, expression);
  }
  using query = await compileXPath('count(//*)');
  t.equal(await query.evaluate('<a><b/></a>'), 2, 'text may be given in place of an open document');
  using latin = await compileXPath('string(/a)');
  t.equal(await latin.evaluate('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'), 'é', 'text is decoded already');
});

t.test('truth is that of XPath', async (t) => {
  t.same([[], ['x'], '', 'x', 0, Number.NaN, 1, true, false].map(isTrue), [
    false,
    true,
    false,
    true,
    false,
    false,
    true,
    true,
    false,
  ]);
});

t.test('a mistake is reported with its column when the rule is read', async (t) => {
  const mistakes: [expression: string, column: number, message: RegExp][] = [
    ['//h:a[', 7, /expected a step/],
    ['//h:a[foo(1)]', 7, /unknown function foo/],
    ['//x:a', 3, /no namespace is declared for the prefix x/],
    ['//h:a and //h:b)', 16, /unexpected \)/],
    ['/h:a/', 6, /expected a step/],
    ["'open", 1, /unexpected character/],
    ['count()', 1, /wrong number of arguments/],
    ['$name', 1, /variables/],
    ['namespace::*', 1, /namespace axis/],
    ['around::h:a', 1, /unknown axis/],
    ['h:a | -h:b', 7, /expected a step/],
    ["count('a')", 7, /count takes a node set/],
    ['h:a | 1', 7, /a union is of node sets/],
    ['true()/h:a', 7, /expected a node set before \//],
    ["'a'[1]", 4, /expected a node set before \[/],
    ['', 1, /expected a step/],
    ['('.repeat(100), 65, /too deeply nested/],
    ['a'.repeat(5000), 4096, /more than 4096/],
  ];
  for (const [expression, column, message] of mistakes) {
    const error = await compileXPath(expression, NAMESPACES).then(
      () => undefined,
      (reason) => reason,
    );
    t.ok(error instanceof XPathError, expression.slice(0, 30));
    t.match(error, { column, message });
  }
});

t.test('an expression made of random pieces compiles or is refused, and says nothing on stderr', async (t) => {
  const pieces = [
    'a',
    'h:a',
    '*',
    '/',
    '//',
    '[',
    ']',
    '(',
    ')',
    '@',
    '1',
    "'x'",
    ' and ',
    ' or ',
    '-',
    '|',
    '=',
    '.',
    '..',
    'text()',
    'count(',
    ',',
    'child::',
    ' div ',
    '<',
  ];
  const random = seeded(3);
  const stderr = t.capture(process.stderr, 'write');
  using document = await openDocument(RETRIEVAL_ANSWER);
  let compiled = 0;
  for (let round = 0; round < 3000; round++) {
    const expression = Array.from({ length: 1 + random(7) }, () => pieces[random(pieces.length)]).join('');
    try {
      using query = await compileXPath(expression, NAMESPACES);
      query.evaluate(document);
      compiled++;
    } catch (error) {
      if (!(error instanceof XPathError)) throw error;
      // What libxml2 would refuse must have been refused before, with a column.
      if (/Failed to/.test(error.message)) t.fail(error.message);
    }
  }
  t.same(
    stderr().map(({ args }) => String(args[0])),
    [],
  );
  t.ok(compiled > 300, `${compiled} compiled`);
});

t.test('nothing outside the text is read', async (t) => {
  const refused = async (text: string) =>
    openDocument(text).then(
      () => undefined,
      (error) => error instanceof XmlError && error.code,
    );
  t.equal(await refused('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'), 'doctype');
  t.equal(await refused('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'), 'doctype');
  t.ok(await refused(`<!DOCTYPE a [<!ENTITY b "${'x'.repeat(10_000)}">]><a b="${'&b;'.repeat(10_000)}"/>`));
  t.equal(await refused('<a>'), 'not-well-formed');
  const error = await openDocument('<a>\n<b></a>').catch((reason) => reason);
  t.match(error, { line: 2, code: 'not-well-formed' });
});

t.test('the parser that judges and libxml2 agree on what is a document', async (t) => {
  const document = Buffer.from(
    SYNC_REQUEST.replace('<!-- domain query -->', '<q>é &amp;&#65;<![CDATA[x]]></q><?p i?>'),
  );
  const random = seeded(11);
  const disagreements: string[] = [];
  let accepted = 0;
  for (let round = 0; round < 3000; round++) {
    const bytes = mutated(document, random);
    if (!isUtf8(bytes)) continue;
    const text = bytes.toString();
    let refused = '';
    try {
      parseXml(text);
      accepted++;
    } catch (error) {
      refused = String(error);
    }
    const other = await openDocument(text).then(
      (opened) => opened.dispose() ?? '',
      (error: XmlError) => error.message,
    );
    // Namespace names that are no URIs are libxml2's complaint alone; Namespaces in XML does not make receivers check.
    if (other.includes('is not a valid URI')) continue;
    if (Boolean(refused) !== Boolean(other)) disagreements.push(refused || other);
  }
  t.same(disagreements, []);
  t.ok(accepted > 200, `${accepted} accepted`);
});

t.test('every document and query is given back', async (t) => {
  diag.configure({ enabled: true });
  for (let round = 0; round < 50; round++) {
    using query = await compileXPath('//h:id', NAMESPACES);
    await query.evaluate(RETRIEVAL_ANSWER);
    await openDocument('<!DOCTYPE a><a/>').catch(() => {});
    await openDocument('<a').catch(() => {});
    await compileXPath("count('a')").catch(() => {});
    await canonicalise(RETRIEVAL_ANSWER);
    await canonicalise(RETRIEVAL_ANSWER, {}, { xpath: '//nothing' }).catch(() => {});
  }
  t.same(diag.report(), {});
  diag.configure({ enabled: false });
});

t.test('canonical form of a document and of a part', async (t) => {
  const text = `<a:x xmlns:a='urn:a' xmlns:b="urn:b"  z="1" y='2'><b:y/><!-- c --></a:x>`;
  t.equal(await canonicalise(text), '<a:x xmlns:a="urn:a" y="2" z="1"><b:y xmlns:b="urn:b"></b:y></a:x>');
  t.equal(
    await canonicalise(text, { exclusive: false, withComments: true }),
    '<a:x xmlns:a="urn:a" xmlns:b="urn:b" y="2" z="1"><b:y></b:y><!-- c --></a:x>',
  );
  const select = { xpath: '//p:y', namespaces: { p: 'urn:b' } };
  t.equal(await canonicalise(text, {}, select), '<b:y xmlns:b="urn:b"></b:y>');
  t.equal(
    await canonicalise(text, { inclusivePrefixes: ['a'] }, select),
    '<b:y xmlns:a="urn:a" xmlns:b="urn:b"></b:y>',
  );
  await t.rejects(canonicalise(text, {}, { xpath: '//nothing' }), RangeError);
  await t.rejects(canonicalise('<a xmlns="relative"/>'), { code: 'not-well-formed' });
});

t.test('the plain-object view shows what was accepted', async (t) => {
  const view = (await toObject(RETRIEVAL_ANSWER)) as never;
  t.match(view, {
    Envelope: {
      Header: { Action: 'urn:nhs:names:services:pdsquery/QUPA_IN000009UK03', To: '' },
      Body: {
        retrievalQueryResponse: { QUPA_IN000009UK03: { id: { $: { root: '0A11B5C0-0001-4000-8000-0000000000B1' } } } },
      },
    },
  });
  const literal = await toObject('<p:a xmlns:p="urn:p" p:x="1"><p:b/></p:a>', { prefixes: true, arrays: true });
  t.same(JSON.parse(JSON.stringify(literal)), { 'p:a': { $: { 'xmlns:p': 'urn:p', 'p:x': '1' }, 'p:b': [''] } });
  await t.rejects(toObject('<a>&x;</a>'), { code: 'entity' });
  await t.rejects(toObject('<a x="1" x="2"/>'), { code: 'duplicate-attribute' });
  const odd = await toObject('<__proto__ constructor="1"><toString/></__proto__>');
  t.equal(({} as Record<string, unknown>).constructor, Object, 'no name reaches a prototype');
  t.same(Object.keys(odd), ['__proto__']);
});
