import t from 'tap';
import type { XmlElement } from '../../../server/core/xml/element.ts';
import { XmlError, type XmlErrorCode } from '../../../server/core/xml/error.ts';
import { NS } from '../../../server/core/xml/namespaces.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { toXml } from '../../../server/core/xml/serialise.ts';
import { mutated, seeded } from '../fuzz.ts';
import { RETRIEVAL_ANSWER } from '../wire.ts';

function refusal(input: string | Buffer, options = {}): XmlError {
  try {
    parseXml(input, options);
  } catch (error) {
    if (error instanceof XmlError) return error;
    throw error;
  }
  throw new Error(`accepted: ${String(input).slice(0, 80)}`);
}

/** The documents other parsers were seen to take, and what each is. */
const HOSTILE: [name: string, document: string, code: XmlErrorCode][] = [
  ['external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'doctype'],
  ['external DTD', '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>', 'doctype'],
  ['parameter entity', '<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><a/>', 'doctype'],
  [
    'billion laughs',
    '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;">]><a>&d;</a>',
    'doctype',
  ],
  ['quadratic blow-up', `<!DOCTYPE a [<!ENTITY b "${'x'.repeat(5000)}">]><a>${'&b;'.repeat(500)}</a>`, 'doctype'],
  ['internal entity', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'doctype'],
  ['bare DOCTYPE', '<!DOCTYPE a><a/>', 'doctype'],
  ['undeclared entity', '<a>&nbsp;</a>', 'entity'],
  ['unclosed tag', '<a><b></a>', 'not-well-formed'],
  ['end of the document inside', '<a><b></b>', 'truncated'],
  ['two roots', '<a/><b/>', 'outside-root'],
  ['text after the root', '<a/>text', 'outside-root'],
  ['duplicate attribute', '<a x="1" x="2"/>', 'duplicate-attribute'],
  ['one attribute by two prefixes', '<a xmlns:p="urn:u" xmlns:q="urn:u" p:x="1" q:x="2"/>', 'duplicate-attribute'],
  ['undeclared prefix', '<p:a/>', 'prefix'],
  ['undeclared prefix of an attribute', '<a p:x="1"/>', 'prefix'],
  ['reference to U+0000', '<a>&#0;</a>', 'character'],
  ['control character', '<a>\u0001</a>', 'character'],
  [']]> in text', '<a>]]></a>', 'not-well-formed'],
  ['50,000 elements deep', '<a>'.repeat(50_000), 'too-deep'],
  ['empty body', '', 'empty'],
  ['white space only', ' \r\n ', 'empty'],
  ['not XML at all', 'grant_type=client_credentials', 'outside-root'],
  ['digit after the colon', '<p:1 xmlns:p="urn:p"/>', 'not-well-formed'],
  ['prefix that is no name', '<a xmlns:1="urn:p"/>', 'not-well-formed'],
  ['unquoted attribute', '<a x=1/>', 'not-well-formed'],
  ['< in an attribute', '<a x="<"/>', 'character'],
  ['control character by XML 1.1', '<?xml version="1.1"?><a>&#1;</a>', 'character'],
  ['prefix taken back', '<a xmlns:p="urn:u"><b xmlns:p=""/></a>', 'not-well-formed'],
  ['declaration not at the start', ' <?xml version="1.0"?><a/>', 'not-well-formed'],
];

t.test('hostile and malformed documents are refused, each for its own reason', async (t) => {
  for (const [name, document, code] of HOSTILE) t.equal(refusal(document).code, code, name);
});

t.test('a refusal says where, counted from 1, and quotes little', async (t) => {
  const error = refusal('<a>\n  <b>\n </c></a>');
  t.match(error, { line: 3, code: 'not-well-formed' });
  t.ok(error.column >= 2 && error.column <= 6, `column ${error.column}`);
  t.match(error.message, /unexpected close tag/);
  t.equal(refusal('<a><p:b/></a>').line, 1);
  t.ok(refusal(`<${'n'.repeat(900)}:a/>`).message.length < 250);
});

t.test('an ampersand that begins no reference is named, where it stands', async (t) => {
  const says = (document: string) => {
    const { code, message, line, column } = refusal(document);
    return [code, /write &amp;/.test(message), line, column];
  };
  t.strictSame(says('<a>\n<b>Smith & Jones</b></a>'), ['entity', true, 2, 10], 'the end of the document is not meant');
  t.strictSame(says('<a><b>A&E</b><c>x;y</c></a>'), ['entity', true, 1, 8], 'nor a semicolon that comes later');
  t.strictSame(says('<a b="?x=1&y=2"/>'), ['entity', true, 1, 11]);
  t.strictSame(says('<a>&amp</a>'), ['entity', true, 1, 4]);
  t.strictSame(says('<!-- & --><?p & ?><a><![CDATA[&]]>&lt;&#60;&#x3c; & </a>'), ['entity', true, 1, 51]);
  t.equal(refusal('<a>&amp;<![CDATA[ & ').code, 'truncated', 'what is no markup is left alone');
  t.equal(refusal('<a>&nbsp;</a>').message, 'undefined entity');
});

t.test('limits hold exactly and can be set', async (t) => {
  const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth);
  t.ok(parseXml(nested(256)));
  t.equal(refusal(nested(257)).code, 'too-deep');
  t.equal(refusal('<a/>', { maxBytes: 3 }).code, 'too-large');
  t.equal(refusal(Buffer.alloc(5 * 1024 * 1024 + 1, ' ')).code, 'too-large');
  t.ok(parseXml('<a><b/></a>', { maxElements: 2 }));
  t.equal(refusal('<a><b/><b/></a>', { maxElements: 2 }).code, 'too-many-elements');
  t.ok(parseXml('<a x="1" xmlns:y="urn:y"/>', { maxAttributes: 2 }));
  t.equal(refusal('<a x="1" y="2" xmlns:y="urn:y"/>', { maxAttributes: 2 }).code, 'too-many-attributes');
  t.ok(parseXml('<a>1234</a>', { maxTextLength: 4 }));
  t.equal(refusal('<a>12<!-- -->34<![CDATA[5]]></a>', { maxTextLength: 4 }).code, 'text-too-long');
  t.equal(refusal('<a x="12345"/>', { maxTextLength: 4 }).code, 'text-too-long');
  t.equal(refusal(`<${'n'.repeat(1025)}/>`).code, 'name-too-long');
  t.equal(refusal(`<a ${'n'.repeat(1025)}="1"/>`).code, 'name-too-long');
});

t.test('the largest documents take time in proportion to their size', async (t) => {
  const MB5 = 5 * 1024 * 1024;
  const fill = (unit: string, size: number) => unit.repeat(Math.floor(size / unit.length));
  const worst: Record<string, (size: number) => string> = {
    'one long text': (size) => `<a>${fill('x', size - 10)}</a>`,
    'character references': (size) => `<a>${fill('&#65;', size - 10)}</a>`,
    'line ends': (size) => `<a>${fill('\r\n', size - 10)}</a>`,
    comments: (size) => `<a>${fill('<!---->', size - 10)}</a>`,
    'a DOCTYPE without end': (size) => `<!DOCTYPE a [${fill('<', size - 20)}`,
    'an entity without end': (size) => `<a>&${fill('a', size - 10)}`,
    'closing brackets': (size) => `<a>${fill(']', size - 10)}</a>`,
    'prefixed elements deep inside': (size) => {
      const inside = fill('<p:b p:c=""/>', Math.min(size - 4000, 199_000 * 13));
      return `<p:a xmlns:p="urn:u">${'<x>'.repeat(200)}${inside}${'</x>'.repeat(200)}</p:a>`;
    },
  };
  const seconds = (document: string) => {
    const begin = process.cpuUsage();
    try {
      parseXml(document);
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
    }
    return process.cpuUsage(begin).user / 1e6;
  };
  for (const [name, document] of Object.entries(worst)) {
    // Twice in turn: the first run includes the compiler's work. Five times the size may take at most twelve times as long.
    seconds(document(MB5 / 5));
    const fifth = seconds(document(MB5 / 5));
    const whole = seconds(document(MB5));
    t.ok(whole < Math.max(1, fifth * 12), `${name}: ${whole.toFixed(2)} s, a fifth of it ${fifth.toFixed(2)} s`);
  }
});

t.test('encodings are read as XML 1.0 appendix F and RFC 7303 say', async (t) => {
  const name = (bytes: Buffer, charset?: string) => parseXml(bytes, charset ? { charset } : {}).text;
  const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><a>José £5</a>`;
  const be = (text: string) => Buffer.from(text, 'utf16le').swap16();
  t.equal(name(Buffer.from('<a>José £5</a>')), 'José £5');
  t.equal(name(Buffer.from(declared('UTF-8'))), 'José £5');
  t.equal(name(Buffer.from(`\ufeff${declared('utf-8')}`)), 'José £5', 'UTF-8 with a byte order mark');
  t.equal(name(Buffer.from(declared('ISO-8859-1'), 'latin1')), 'José £5');
  t.equal(
    name(Buffer.from("<?xml version='1.0' encoding='latin1'?><a>\x93</a>", 'latin1')),
    '\x93',
    'not windows-1252',
  );
  t.equal(name(Buffer.from("<?xml version='1.0' encoding='windows-1252'?><a>\x93</a>", 'latin1')), '\u201c');
  t.equal(name(Buffer.from('<a>José £5</a>', 'latin1'), 'ISO-8859-1'), 'José £5', 'by the header alone');
  t.equal(name(Buffer.from(declared('UTF-8'), 'latin1'), 'iso-8859-1'), 'José £5', 'the header before the declaration');
  t.equal(name(Buffer.from(`\ufeff${declared('UTF-8')}`), 'iso-8859-1'), 'José £5', 'the mark before the header');
  t.equal(name(Buffer.from(`\ufeff${declared('UTF-16')}`, 'utf16le')), 'José £5');
  t.equal(name(be(`\ufeff${declared('UTF-16')}`)), 'José £5');
  t.equal(name(Buffer.from(declared('UTF-16LE'), 'utf16le')), 'José £5', 'UTF-16 without a mark');
  t.equal(name(be(declared('utf-16'))), 'José £5');
  t.equal(name(be('<a>José £5</a>'), 'utf-16'), 'José £5');
  t.equal(parseXml(declared('UTF-16')).text, 'José £5', 'text is decoded already');

  const refused = (bytes: Buffer, charset?: string) => refusal(bytes, charset ? { charset } : {}).code;
  t.equal(refused(Buffer.from('<a>José</a>', 'latin1')), 'encoding', 'not UTF-8');
  t.equal(refused(Buffer.from(declared('us-ascii'))), 'encoding');
  t.equal(refused(Buffer.from(declared('utf-16'))), 'encoding', '8-bit bytes labelled UTF-16');
  t.equal(refused(Buffer.from(`\ufeff${declared('utf-8')}`, 'utf16le')), 'encoding', 'UTF-16 labelled UTF-8');
  t.equal(refused(Buffer.from(declared('EBCDIC-CP-US'))), 'encoding');
  t.equal(refused(Buffer.from('<a/>'), 'x-unknown'), 'encoding');
  t.equal(refused(Buffer.from([0xff, 0xfe, 0x3c])), 'encoding', 'half a UTF-16 unit');
  t.equal(refused(Buffer.from('\ufeff<a>\ud800</a>', 'utf16le')), 'encoding', 'half a surrogate pair');
  t.equal(refusal('<a>\ud800</a>').code, 'character');
});

t.test('the tree holds names, namespaces, text and places', async (t) => {
  const root = parseXml(
    '<s:a xmlns:s="urn:s" xmlns="urn:d" s:x="1" y="2">\n <b id="7">one<!-- no --> &amp; <![CDATA[<two>]]></b>\n <b/><s:b xmlns=""><c/></s:b></s:a>',
  );
  t.match(root, { name: 's:a', local: 'a', prefix: 's', ns: 'urn:s', parent: undefined });
  t.same(
    root.attributes.map(({ name, ns, value }) => [name, ns, value]),
    [
      ['s:x', 'urn:s', '1'],
      ['y', '', '2'],
    ],
    'declarations are no attributes',
  );
  const [first, second, third] = root.children() as [XmlElement, XmlElement, XmlElement];
  t.equal(first.text, 'one & <two>');
  t.equal(first.ns, 'urn:d');
  t.equal(first.parent, root);
  t.equal(third.child('c')?.ns, '', 'the default namespace undone');
  t.match([first.line, first.column], [2, 2]);
  t.match([second.line, second.column], [3, 2]);
  t.equal(first.source, '<b id="7">one<!-- no --> &amp; <![CDATA[<two>]]></b>');
  t.equal(third.source, '<s:b xmlns=""><c/></s:b>');
  t.equal(root.text, '\n one & <two>\n ');
});

t.test('look-ups are lenient about namespaces unless one is given', async (t) => {
  const root = parseXml(RETRIEVAL_ANSWER);
  t.equal(root.textAt('Header/MessageID'), 'uuid:0A11B5C0-0001-4000-8000-0000000000B1');
  t.equal(root.descend('Header/MessageID', NS.soap11), undefined, 'every step must be in the namespace');
  t.equal(root.child('Header', NS.soap11)?.child('MessageID', NS.wsa200408)?.name, 'wsa:MessageID');
  t.equal(root.descend('Body/*/*')?.local, 'QUPA_IN000009UK03');
  t.equal(root.descendAll('Body/*/*/*').length, 11);
  t.equal(root.find('queryResponseCode', NS.hl7)?.attr('code'), 'OK');
  t.equal(root.find('queryResponseCode', NS.soap11), undefined);
  t.equal(root.findAll('device').length, 4);
  t.equal(root.textAt('Header/Nothing'), undefined);
  t.equal(root.find('queryAck')?.namespaceOf('wsa'), NS.wsa200408);
  t.equal(root.find('queryAck')?.namespaceOf('nope'), undefined);
  const later = parseXml('<a><b/><b><c>2</c></b></a>');
  t.equal(later.textAt('b/c'), '2', 'a path may go on in a later sibling');
  const ambiguous = parseXml('<a xmlns:p="urn:p" p:x="prefixed" x="plain" p:y="only"/>');
  t.equal(ambiguous.attr('x'), 'plain');
  t.equal(ambiguous.attr('x', 'urn:p'), 'prefixed');
  t.equal(ambiguous.attr('y'), 'only');
  t.equal(ambiguous.attr('y', ''), undefined);
});

t.test('a part written again stands on its own and means the same', async (t) => {
  const root = parseXml(RETRIEVAL_ANSWER);
  const part = toXml(root.find('ControlActEvent')!);
  const again = parseXml(part);
  t.equal(again.ns, NS.hl7);
  t.equal(again.namespaceOf('wsa'), NS.wsa200408, 'all that was in scope still is');
  t.equal(toXml(again), part);
  const odd = '<a x="&lt;&quot;&#10;&amp;\'">&lt;&amp;&#13;]]&gt;\t"</a>';
  const [before, after] = [parseXml(odd), parseXml(toXml(parseXml(odd)))];
  t.equal(after.attr('x'), before.attr('x'));
  t.equal(after.text, before.text);
  t.equal(
    toXml(parseXml('<p:a xmlns:p="urn:p"><b xmlns="urn:d"><c xmlns=""/></b></p:a>').find('c')!),
    '<c xmlns:p="urn:p"/>',
  );
});

t.test('nothing but XmlError comes out, whatever goes in', async (t) => {
  const document = Buffer.from(RETRIEVAL_ANSWER);
  let accepted = 0;
  const attempt = (bytes: Buffer) => {
    try {
      // What is accepted can be written and read again.
      parseXml(toXml(parseXml(bytes)));
      accepted++;
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
    }
  };
  for (let length = 0; length < document.length; length++) attempt(document.subarray(0, length));
  t.equal(accepted, 0, 'no beginning of a document is a document');
  const random = seeded(1);
  for (let round = 0; round < 3000; round++) attempt(mutated(document, random));
  t.ok(accepted > 0, `${accepted} mutations left it well-formed`);
});
