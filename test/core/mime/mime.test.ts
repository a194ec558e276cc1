import { spawnSync } from 'node:child_process';
import t from 'tap';
import { buildMultipart, SPINE_START, spinePart } from '../../../server/core/mime/build.ts';
import { contentKey, parseContentType } from '../../../server/core/mime/contentType.ts';
import { MimeError, type MimeErrorCode } from '../../../server/core/mime/error.ts';
import { parseMultipart, partFor } from '../../../server/core/mime/parse.ts';
import { mutated, seeded } from '../fuzz.ts';
import { DELIVERY, RELIABLE_REQUEST } from '../wire.ts';

const SPINE_TYPE =
  'multipart/related; boundary="--=_MIME-Boundary"; charset="UTF-8"; type="text/xml"; start="<ebXMLHeader@spine.nhs.uk>"';
const hasPython = spawnSync('python3', ['-c', 'import email']).status === 0;
const crlf = (text: string) => text.replaceAll('\n', '\r\n');
const related = (boundary: string) => `multipart/related; boundary="${boundary}"`;

/** Content-Type headers of real senders; all mean the body of `RELIABLE_REQUEST`. */
const SENDERS: [name: string, contentType: string][] = [
  ['suppliers', 'multipart/related; boundary="--=_MIME-Boundary"; type="text/xml"; start="<ebXMLHeader@spine.nhs.uk>"'],
  ['Spine, with a charset', SPINE_TYPE],
  [
    'unquoted, without angle brackets',
    'multipart/related; boundary="--=_MIME-Boundary"; type=text/xml; start=ebXMLHeader@spine.nhs.uk',
  ],
  ['nothing quoted', 'multipart/related; boundary=--=_MIME-Boundary; type=text/xml; start=<ebXMLHeader@spine.nhs.uk>'],
  ['a start that no part has', 'multipart/related; boundary="--=_MIME-Boundary"; type="text/xml"; start="<6e0b0a51>"'],
  [
    'another order and case',
    'Multipart/Related;START="<EBXMLHEADER@spine.nhs.uk>";Type="text/xml" ; Boundary="--=_MIME-Boundary"',
  ],
  ['no start', 'multipart/related;boundary="--=_MIME-Boundary"'],
];

t.test('what senders in the field write is read, with CRLF and with LF', async (t) => {
  for (const [name, contentType] of SENDERS) {
    for (const text of [
      RELIABLE_REQUEST,
      crlf(RELIABLE_REQUEST),
      `${RELIABLE_REQUEST}\n`,
      `\r\n${crlf(RELIABLE_REQUEST)}\r\n\r\n`,
    ]) {
      const { parts, root, type } = parseMultipart(contentType, Buffer.from(text));
      t.match(
        { type, count: parts.length, root: parts.indexOf(root), ids: parts.map((part) => part.contentId) },
        {
          type: 'multipart/related',
          count: 2,
          root: 0,
          ids: [SPINE_START, '0A11B5C0-0002-4000-8000-000000000001@spine.nhs.uk'],
        },
        name,
      );
      t.equal(root.contentType.type, 'text/xml');
      t.equal(root.contentType.parameters.get('charset'), 'UTF-8');
      t.match(root.content().toString(), /^<SOAP:Envelope[\s\S]*<\/SOAP:Envelope>\r?\n$/);
    }
  }
});

t.test('boundary, start and ids are whatever the sender chose', async (t) => {
  const contentType = 'multipart/related; type="text/xml"; start="<ContentRoot>"; boundary="Boundary_5c1c5b0e"';
  const body = `preamble\r\n--Boundary_5c1c5b0e\r\nContent-Id: <Attachment1@x>\r\nContent-Type: text/plain\r\n\r\none\r\n--Boundary_5c1c5b0e  \r\ncontent-id:\r\n <ContentRoot>\r\nContent-Location: urn:x\r\n\r\n<a/>\r\n--Boundary_5c1c5b0e--\r\nepilogue`;
  const { parts, root } = parseMultipart(contentType, Buffer.from(body));
  t.equal(root, parts[1], 'start means the second part');
  t.equal(root.contentLocation, 'urn:x');
  t.equal(root.transferEncoding, '7bit');
  t.equal(root.body.toString(), '<a/>', 'the last line break belongs to the delimiter');
  t.same(parts[0]!.headers, [
    ['Content-Id', '<Attachment1@x>'],
    ['Content-Type', 'text/plain'],
  ]);
});

t.test('references find their part by any spelling', async (t) => {
  const { parts } = parseMultipart(SPINE_TYPE, Buffer.from(RELIABLE_REQUEST));
  const payload = parts[1];
  for (const reference of [
    'cid:0A11B5C0-0002-4000-8000-000000000001@spine.nhs.uk',
    'CID:0a11b5c0-0002-4000-8000-000000000001@spine.nhs.uk',
    '<0A11B5C0-0002-4000-8000-000000000001@spine.nhs.uk>',
    'cid:0A11B5C0-0002-4000-8000-000000000001%40spine.nhs.uk',
  ]) {
    t.equal(partFor(parts, reference), payload, reference);
  }
  t.equal(partFor(parts, 'mid:0A11B5C0-0002-4000-8000-0000000000FF'), undefined);
  t.equal(contentKey('cid:%zz'), '%zz', 'not percent-encoding after all');
});

t.test('parts keep their exact bytes and are decoded on demand', async (t) => {
  const binary = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const part = (encoding: string, content: Buffer | string) =>
    Buffer.concat([
      Buffer.from(`--b\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`),
      Buffer.from(content as string),
      Buffer.from('\r\n'),
    ]);
  const read = (encoding: string, content: Buffer | string) =>
    parseMultipart(related('b'), Buffer.concat([part(encoding, content), Buffer.from('--b--')])).root;
  t.same(read('binary', binary).content(), binary);
  t.same(read('Binary', Buffer.from('\r\n\r\n\n')).body, Buffer.from('\r\n\r\n\n'), 'line breaks of the content stay');
  const lines = binary.toString('base64').replace(/.{76}/g, '$&\r\n');
  t.same(read('BASE64', lines).content(), binary);
  t.same(read('base64', lines).body.toString(), lines, 'and the raw form is kept');
  t.equal(
    read('quoted-printable', 'caf=C3=a9 =\r\n au lait=20 \t\r\nend').content().toString(),
    'café  au lait \r\nend',
  );
  for (const [encoding, content] of [
    ['base64', 'not base64!'],
    ['base64', 'abcde'],
    ['quoted-printable', 'a=zz'],
    ['x-uuencode', 'a'],
  ] as const) {
    t.throws(() => read(encoding, content).content(), { code: 'bad-encoding' }, content);
  }
  const text = parseMultipart(SPINE_TYPE, Buffer.from(crlf(DELIVERY)));
  const again = buildMultipart(text.parts, { charset: 'UTF-8' });
  t.equal(again.body.toString(), `${crlf(DELIVERY)}\r\n`, 'received parts go on byte for byte');
});

t.test('only a line of its own is a delimiter', async (t) => {
  const body = '--b\r\n\r\nsee --b\r\n--bc\r\n--b-\r\n --b--\r\nx\r\n--b--';
  const { parts } = parseMultipart(related('b'), Buffer.from(body));
  t.same(
    parts.map((part) => part.body.toString()),
    ['see --b\r\n--bc\r\n--b-\r\n --b--\r\nx'],
  );
  const empty = parseMultipart(related('b'), Buffer.from('--b\r\nA: 1\r\n\r\n--b\r\nA: 2\r\n--b\n\n--b--'));
  t.same(
    empty.parts.map((part) => [part.header('a'), part.body.length]),
    [
      ['1', 0],
      ['2', 0],
      [undefined, 0],
    ],
    'parts without content',
  );
});

t.test('a body that cannot be read says why', async (t) => {
  const many = `${'--b\r\n\r\n\r\n'.repeat(251)}--b--`;
  const bad: [contentType: string | undefined, body: string | Buffer, code: MimeErrorCode][] = [
    [undefined, 'x', 'not-multipart'],
    ['text/xml', '<a/>', 'not-multipart'],
    ['multipart/related; type="text/xml"', '--b--', 'missing-boundary'],
    ['multipart/related; boundary=""', '--b--', 'missing-boundary'],
    [related('b'.repeat(201)), '', 'missing-boundary'],
    [related('b'), '', 'no-parts'],
    [related('b'), 'grant_type=x', 'no-parts'],
    [related('b'), '--b--', 'no-parts'],
    [related('b'), '--b\r\nA: 1\r\n\r\ncontent', 'missing-final-boundary'],
    [related('b'), '--b\r\nA: 1\r\n\r\ncontent\r\n--b\r\n', 'missing-final-boundary'],
    [related('b'), '--b\r\nno colon\r\n\r\ncontent\r\n--b--', 'bad-header'],
    [related('b'), `--b\r\nA: ${'x'.repeat(16 * 1024)}\r\n\r\nc\r\n--b--`, 'header-too-large'],
    [related('b'), Buffer.alloc(5 * 1024 * 1024 + 1), 'too-large'],
    [related('b'), many, 'too-many-parts'],
  ];
  for (const [contentType, body, code] of bad) {
    t.throws(() => parseMultipart(contentType, Buffer.from(body as string)), { name: 'MimeError', code }, code);
  }
});

t.test('the largest bodies take time in proportion to their size', async (t) => {
  const size = 5 * 1024 * 1024;
  const fill = (unit: string) => unit.repeat(size / unit.length - 4);
  const bodies = [
    fill('--b'),
    fill('\n--bb'),
    fill('\r\n--b--x'),
    `--b\n${fill('a')}`,
    `--b\n\n${fill('\n--b ')}\n--b--`,
    `--b\n\n${fill('\r\n')}`,
  ];
  for (const body of bodies) {
    const begin = process.cpuUsage();
    t.throws(() => parseMultipart(related('b'), Buffer.from(body)), MimeError);
    const seconds = process.cpuUsage(begin).user / 1e6;
    t.ok(seconds < 1, `${JSON.stringify(body.slice(0, 12))} ${seconds.toFixed(2)} s`);
  }
});

t.test('Content-Type is read without failing', async (t) => {
  const read = (header: string | undefined) => {
    const { type, parameters } = parseContentType(header);
    return { type, ...Object.fromEntries(parameters) };
  };
  t.same(read(undefined), { type: '' });
  t.same(read('text/xml;charset=ISO-8859-1'), { type: 'text/xml', charset: 'ISO-8859-1' });
  t.same(read('TEXT/XML ; Charset="utf-8" ; charset=x'), { type: 'text/xml', charset: 'utf-8' }, 'the first counts');
  t.same(read('a/b; x="a\\"b;c"; y=<d@e>; z=a=b;;; bad; w="open'), {
    type: 'a/b',
    x: 'a"b;c',
    y: '<d@e>',
    z: 'a=b',
    w: 'open',
  });
  t.same(read(';;;=;"'), { type: '' });
});

t.test("a message is built in Spine's own form", async (t) => {
  const [envelope, payload] = parseMultipart(SPINE_TYPE, Buffer.from(DELIVERY)).parts.map((part) =>
    part.body.toString().trimEnd(),
  );
  const built = buildMultipart(
    [
      spinePart(SPINE_START, 'text/xml', envelope!),
      spinePart('0A11B5C0-0002-4000-8000-0000000000D1@spine.nhs.uk', 'application/xml', payload!),
    ],
    { charset: 'UTF-8' },
  );
  t.equal(built.contentType, SPINE_TYPE);
  const expected = `${crlf(DELIVERY)}\r\n`.replaceAll("'UTF-8'?>\r\n", "'UTF-8'?>\n");
  t.equal(built.body.toString(), expected);
});

t.test('a boundary that a part holds is not used', async (t) => {
  const body = 'nested\r\n----=_MIME-Boundary\r\n----=_MIME-Boundary_1--\r\n';
  const built = buildMultipart([{ headers: [['Content-Id', '<a>']], body }], { start: 'a', type: 'text/plain' });
  t.equal(built.contentType, 'multipart/related; boundary="--=_MIME-Boundary_2"; type="text/plain"; start="<a>"');
  t.equal(parseMultipart(built.contentType, built.body).root.body.toString(), body);
});

t.test('nothing but MimeError comes out, whatever goes in', async (t) => {
  const body = Buffer.from(crlf(RELIABLE_REQUEST));
  const attempt = (contentType: string, bytes: Buffer) => {
    try {
      for (const part of parseMultipart(contentType, bytes).parts) part.content();
      return true;
    } catch (error) {
      if (!(error instanceof MimeError)) throw error;
      return false;
    }
  };
  const truncations = Array.from(body.keys(), (length) => attempt(SPINE_TYPE, body.subarray(0, length)));
  t.notOk(truncations.includes(true), 'no beginning of a body is a body');
  const random = seeded(5);
  let accepted = 0;
  for (let round = 0; round < 3000; round++) {
    if (attempt(SPINE_TYPE, mutated(body, random))) accepted++;
    attempt(mutated(Buffer.from(SPINE_TYPE), random).toString('latin1'), body);
  }
  t.ok(accepted > 1000, `${accepted} mutations left it readable`);
});

t.test(
  "Python's email package reads what is built",
  { skip: !hasPython && !process.env.CI && 'python3 is not installed' },
  async (t) => {
    const { contentType, body } = buildMultipart([
      spinePart(SPINE_START, 'text/xml', '<a>é</a>'),
      {
        headers: [
          ['Content-Id', '<b@c>'],
          ['Content-Type', 'text/plain'],
          ['Content-Transfer-Encoding', 'base64'],
        ],
        body: 'AAEC',
      },
    ]);
    const script = `
import sys, email, json
m = email.message_from_bytes(sys.stdin.buffer.read())
print(json.dumps([m.is_multipart(), m.get_param('start'), [[p['Content-Id'], p.get_content_type(), p.get_payload(decode=True).hex()] for p in m.get_payload()]]))`;
    const input = Buffer.concat([Buffer.from(`Content-Type: ${contentType}\r\n\r\n`), body]);
    const { stdout } = spawnSync('python3', ['-c', script], { input });
    t.same(JSON.parse(String(stdout)), [
      true,
      '<ebXMLHeader@spine.nhs.uk>',
      [
        ['<ebXMLHeader@spine.nhs.uk>', 'text/xml', Buffer.from('<a>é</a>\r\n').toString('hex')],
        ['<b@c>', 'text/plain', '000102'],
      ],
    ]);
  },
);
