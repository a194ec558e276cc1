import t from 'tap';
import type { JournalEntry } from '../../server/core/journal/entry.ts';
import { Journal } from '../../server/core/journal/journal.ts';
import { Mask } from '../../server/core/journal/mask.ts';
import { bodyView, entryView } from '../../server/core/journal/view.ts';

const LIMITS = { maxEntries: 3, maxTotalBytes: 1_000, maxBodyBytes: 100 };

let made = 0;
function entry(change: Partial<JournalEntry> = {}): JournalEntry {
  return {
    id: `e${++made}`,
    seq: 0,
    space: 'default',
    spaceReason: 'default',
    at: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
    protocol: 'http',
    direction: 'inbound',
    service: 'mesh',
    identity: {},
    request: {},
    response: {},
    outcome: 'ok',
    steps: [],
    nearMisses: [],
    ...change,
  };
}

const body = (text: string) => ({ body: { bytes: text.length, content: Buffer.from(text) } });

t.test('keeps within its limits, oldest first out', async (t) => {
  const journal = new Journal(LIMITS);
  for (const service of ['a', 'b', 'c', 'd']) journal.add(entry({ service }));
  t.same(
    journal.find().map((found) => found.service),
    ['d', 'c', 'b'],
  );
  journal.add(entry({ service: 'big', request: body('x'.repeat(900)) }));
  journal.add(entry({ service: 'more', request: body('x'.repeat(200)) }));
  t.same(
    journal.find().map((found) => found.service),
    ['more'],
    'bodies count',
  );
  const churn = new Journal({ ...LIMITS, maxEntries: 50 });
  for (let n = 0; n < 5_000; n++) churn.add(entry({ service: String(n) }));
  t.equal(churn.size, 50);
  t.equal(churn.find({}, { limit: 1 })[0]!.service, '4999');
  t.equal(churn.find({}, { limit: 1, oldestFirst: true })[0]!.service, '4950');
});

t.test('holds short bodies in memory of its own, and little more of it than they have', async (t) => {
  const journal = new Journal({ maxEntries: 2_000, maxTotalBytes: 100_000_000, maxBodyBytes: 100_000 });
  const texts = Array.from({ length: 2_000 }, (_, n) => `${n}:`.padEnd(n % 700, 'x'));
  for (const text of texts) {
    const content = Buffer.from(text);
    journal.add(entry({ request: { body: { bytes: text.length, content } } }));
    content.fill('!');
  }
  const kept = journal.find({}, { oldestFirst: true }).map(({ request }) => request.body!.content);
  t.same(
    kept.map((content) => content.toString()),
    texts,
  );
  const memory = new Set(kept.map((content) => content.buffer));
  const held = [...memory].reduce((sum, { byteLength }) => sum + byteLength, 0);
  const shown = texts.reduce((sum, text) => sum + text.length, 0);
  t.ok(held < shown * 1.2, `${held} bytes of memory for ${shown} of bodies`);

  const long = Buffer.alloc(50_000, 'y');
  journal.add(entry({ response: { body: { bytes: 50_000, content: long.subarray(0, 20_000) } } }));
  const [{ response }] = journal.find() as [JournalEntry];
  t.equal(response.body!.content.toString(), 'y'.repeat(20_000));
  t.equal(response.body!.content.buffer.byteLength, 20_000, 'a part does not keep the whole');
});

t.test('finds by every kind of field', async (t) => {
  const journal = new Journal({ ...LIMITS, maxEntries: 100 });
  journal.add(entry({ service: 'mesh', identity: { mailbox: 'X26ABC1' }, status: 202, path: '/a' }));
  journal.add(
    entry({
      service: 'pds',
      identity: { nhsNumber: '9996010007' },
      outcome: 'refused',
      error: { code: '900', message: '' },
    }),
  );
  journal.add(entry({ service: 'sds', ldap: { filter: '(uid=7)' }, space: 'other', at: '2026-02-01T00:00:00.000Z' }));
  journal.add(entry({ service: 'pds', request: body('<id root="ABC"/>') }));
  const count = (filter: object) => journal.count(filter);
  t.equal(count({ mailbox: 'X26ABC1' }), 1);
  t.equal(count({ service: 'pds' }), 2);
  t.equal(count({ service: 'pds', outcome: 'refused', error: '900', nhsNumber: '9996010007' }), 1);
  t.equal(count({ space: 'other' }), 1);
  t.equal(count({ status: 202, path: '/a' }), 1);
  t.equal(count({ text: 'root="ABC"' }), 1);
  t.equal(count({ text: 'uid=7' }), 1);
  t.equal(count({ since: '2026-01-15T00:00:00.000Z' }), 1);
  t.equal(count({ after: 2 }), 2);
});

t.test('a verification waits for what comes, no longer than it may, and notices one too many', async (t) => {
  // A wait does not keep a process alive by itself; in a simulator the listeners do.
  const alive = setInterval(() => {}, 1_000);
  t.teardown(() => clearInterval(alive));
  const journal = new Journal({ ...LIMITS, maxEntries: 100 });
  const soon = journal.verify({ service: 'mesh' }, 2, undefined, 5_000);
  setTimeout(() => journal.add(entry()), 10);
  setTimeout(() => journal.add(entry()), 20);
  t.match(await soon, { satisfied: true, count: 2 });
  t.match(await journal.verify({ service: 'pds' }, 1, undefined, 20), { satisfied: false, count: 0 });
  t.match(await journal.verify({ service: 'pds' }, 0, 0, 20), { satisfied: true, count: 0 });
  const never = journal.verify({ service: 'pds' }, 0, 0, 5_000);
  setTimeout(() => journal.add(entry({ service: 'pds' })), 10);
  t.match(await never, { satisfied: false, count: 1 });
});

t.test('clearing one space leaves the others', async (t) => {
  const journal = new Journal({ ...LIMITS, maxEntries: 100 });
  const kept = entry({ space: 'b' });
  for (const one of [entry({ space: 'a' }), kept, entry({ space: 'a' })]) journal.add(one);
  journal.clear('a');
  t.equal(journal.size, 1);
  t.equal(await journal.lookUp(kept.id), kept);
  journal.clear();
  t.equal(journal.size, 0);
});

t.test('masks secrets wherever they stand, and nothing else', async (t) => {
  const journal = new Journal({ ...LIMITS, maxBodyBytes: 10_000, maxTotalBytes: 100_000 }, new Mask(['X-Own']));
  const token = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln';
  const masked = (text: string) => {
    journal.add(entry({ request: body(text) }));
    return journal.find({}, { limit: 1 })[0]!.request.body!.content.toString();
  };
  journal.add(
    entry({
      path: '/saml?token=AQIC5&x=1',
      request: {
        headers: [
          ['Authorization', 'NHSMESH X26ABC1:nonce:1:hash'],
          ['x-own', 'mine'],
          ['X-Other', `see ${token}`],
          ['SOAPAction', 'urn:a'],
        ],
        body: { bytes: 5_000, content: Buffer.from('{"access_token" : "a\\"b", "scope": "token"}') },
      },
      response: { headers: [['Set-Cookie', 'a=b; path=/']] },
    }),
  );
  const [first] = journal.find() as [JournalEntry];
  t.equal(first.path, '/saml?token=***&x=1');
  t.same(first.request.headers, [
    ['Authorization', 'NHSMESH ***'],
    ['x-own', '***'],
    ['X-Other', 'see eyJ***'],
    ['SOAPAction', 'urn:a'],
  ]);
  t.same(first.request.body, {
    bytes: 5_000,
    content: Buffer.from('{"access_token" : "***", "scope": "token"}'),
  });
  t.same(first.response.headers, [['Set-Cookie', '***']]);
  t.equal(masked('password=a%26b&user=c'), 'password=***&user=c');
  t.equal(
    masked('<gpPARAM name="sso_ticket">AQIC5</gpPARAM><gpPARAM name="uid">7</gpPARAM>'),
    '<gpPARAM name="sso_ticket">***</gpPARAM><gpPARAM name="uid">7</gpPARAM>',
  );
  t.equal(masked('<input name="token" value="AQIC5">'), '<input name="token" value="***">');
  t.equal(
    masked('<w:Password Type="x">p</w:Password><Passwords>p</Passwords>'),
    '<w:Password Type="x">***</w:Password><Passwords>p</Passwords>',
  );
  const binary = Buffer.from([0, 200, 255, 10]);
  journal.add(entry({ request: { body: { bytes: 4, content: binary } } }));
  t.same(journal.find({}, { limit: 1 })[0]!.request.body!.content, binary);
});

t.test('bodies are shown as text where they are text', async (t) => {
  t.same(bodyView({ bytes: 3, content: Buffer.from('å!') }), { bytes: 3, truncated: false, text: 'å!' });
  t.match(bodyView({ bytes: 9, content: Buffer.from('ab\u00e5').subarray(0, 3) }), { truncated: true, text: 'ab' });
  t.match(bodyView({ bytes: 2, content: Buffer.from([0xff, 0xfe]) }), { base64: '//4=' });
  t.match(entryView(entry({ request: body('hi') })), { request: { body: { text: 'hi' } } });
});
