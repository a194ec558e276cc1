import t from 'tap';
import { BerError } from '../../../server/services/sds/ber/error.ts';
import { BerReader } from '../../../server/services/sds/ber/reader.ts';
import { BerWriter } from '../../../server/services/sds/ber/writer.ts';
import { MAX_MESSAGE_BYTES, MessageFramer } from '../../../server/services/sds/framing.ts';
import { decodeMessage } from '../../../server/services/sds/protocol/decode.ts';
import { MAX_FILTER_DEPTH } from '../../../server/services/sds/protocol/filter.ts';
import { parseFilter, printFilter } from '../../../server/services/sds/protocol/filterText.ts';
import type { RequestOf } from '../../../server/services/sds/protocol/message.ts';
import { mutated, seeded } from '../../core/fuzz.ts';
import { bindMessage, extendedMessage, message, searchMessage } from './rawClient.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

t.test('BER', async (t) => {
  t.test('integers are written in the shortest form and read back', async (t) => {
    const cases: [number, string][] = [
      [0, '020100'],
      [127, '02017f'],
      [128, '02020080'],
      [-128, '020180'],
      [-129, '0202ff7f'],
      [65535, '020300ffff'],
      [2_147_483_647, '02047fffffff'],
      [-2_147_483_648, '020480000000'],
    ];
    for (const [value, octets] of cases) {
      const writer = new BerWriter();
      writer.integer(value);
      const written = writer.take();
      t.equal(written.toString('hex'), octets);
      t.equal(new BerReader(written).integer(), value);
    }
  });

  t.test('elements of every length are closed with the shortest length', async (t) => {
    for (const [length, header] of [
      [0, 2],
      [127, 2],
      [128, 3],
      [255, 3],
      [256, 4],
      [65535, 4],
      [65536, 5],
    ] as const) {
      const writer = new BerWriter(16);
      const outer = writer.begin(0x30);
      writer.raw(Buffer.alloc(length, 7));
      writer.end(outer);
      const written = writer.take();
      t.equal(written.length, header + length);
      const reader = new BerReader(written);
      t.equal(reader.header(0x30), written.length);
      t.ok(written.subarray(reader.position).every((octet) => octet === 7));
    }
  });

  t.test('what is no definite encoding is refused', async (t) => {
    const cases = [
      '',
      '02',
      '0201',
      '020100'.slice(0, 4),
      '0280',
      '0285000000000100',
      '02050000000001',
      '0200',
      '0402 61',
    ];
    for (const octets of cases) {
      t.throws(() => new BerReader(hex(octets)).integer(), BerError, octets || '(nothing)');
    }
    const reader = new BerReader(hex('3003 020500'));
    reader.enter(0x30);
    t.throws(() => reader.integer(), BerError, 'an element may not be longer than what surrounds it');
  });
});

t.test('framing', async (t) => {
  const first = bindMessage(1);
  const second = searchMessage(2, { filter: '(nhsIDCode=X26)' });
  const both = Buffer.concat([first, second]);

  t.test('messages come whole, wherever the octets are cut', async (t) => {
    for (let at = 0; at <= both.length; at++) {
      const framer = new MessageFramer();
      const messages: string[] = [];
      const take = (octets: Buffer) => messages.push(octets.toString('hex')) > 0;
      framer.push(both.subarray(0, at), take);
      framer.push(both.subarray(at), take);
      if (messages.join() !== `${first.toString('hex')},${second.toString('hex')}`) t.fail(`cut at ${at}`);
      if (framer.partial) t.fail(`octets left after a cut at ${at}`);
    }
  });

  t.test('a message that comes octet by octet is put together', async (t) => {
    const large = message(3, 0x63, (writer) => writer.raw(Buffer.alloc(20_000)));
    const framer = new MessageFramer();
    const messages: Buffer[] = [];
    for (const octet of large) framer.push(Buffer.from([octet]), (octets) => messages.push(Buffer.from(octets)) > 0);
    t.equal(messages.length, 1);
    t.ok(messages[0]!.equals(large));
  });

  t.test('messages that are not wanted yet are kept', async (t) => {
    const framer = new MessageFramer();
    const messages: string[] = [];
    framer.push(both, (octets) => {
      messages.push(octets.toString('hex'));
      return false;
    });
    t.same(messages, [first.toString('hex')]);
    t.ok(framer.partial);
    framer.push(Buffer.alloc(0), (octets) => messages.push(octets.toString('hex')) > 0);
    t.same(messages, [first.toString('hex'), second.toString('hex')]);
  });

  t.test('what can begin no message, or one too long, is refused at once', async (t) => {
    for (const octets of ['47', '16030100', '3080', '3085', '3084ffffffff', '30846b49d200']) {
      t.throws(() => new MessageFramer().push(hex(octets), () => true), BerError, octets);
    }
    const header = Buffer.from([0x30, 0x83, 0, 0, 0]);
    header.writeUIntBE(MAX_MESSAGE_BYTES - header.length, 2, 3);
    t.doesNotThrow(() => new MessageFramer().push(header, () => true), 'the longest message is taken');
  });
});

t.test('requests', async (t) => {
  t.test('the smallest bind of a client library is read', async (t) => {
    const { id, request } = decodeMessage(hex('300c020101600702010304008000'));
    t.equal(id, 1);
    t.same(request, { kind: 'bind', version: 3, name: '', authentication: { method: 'simple', password: '' } });
  });

  t.test('a search comes with all its parts, controls included', async (t) => {
    const octets = searchMessage(7, {
      base: 'ou=services, o=nhs',
      scope: 1,
      filter: '(&(nhsIDCode=X26)(!(o=a*b*c))(|(uid>=1)(uid<=2)(uid~=3)(uid=*))(cn:dn:2.5.13.2:=x)(:caseExactMatch:=y))',
      attributes: ['nhsIdCode', '*'],
      sizeLimit: 5,
      timeLimit: 6,
      typesOnly: true,
      controls: [{ oid: '1.2.3', critical: true, value: Buffer.from('v') }, { oid: '2.16.840.1.113730.3.4.2' }],
    });
    const { request, controls } = decodeMessage(octets);
    const { filter, ...rest } = request as RequestOf<'search'>;
    t.same(rest, {
      kind: 'search',
      base: 'ou=services, o=nhs',
      scope: 1,
      sizeLimit: 5,
      timeLimit: 6,
      typesOnly: true,
      attributes: ['nhsIdCode', '*'],
    });
    t.equal(
      printFilter(filter as never),
      '(&(nhsIDCode=X26)(!(o=a*b*c))(|(uid>=1)(uid<=2)(uid~=3)(uid=*))(cn:dn:2.5.13.2:=x)(:caseExactMatch:=y))',
    );
    t.same(controls, [
      { oid: '1.2.3', critical: true, value: Buffer.from('v') },
      { oid: '2.16.840.1.113730.3.4.2', critical: false },
    ]);
  });

  t.test('a filter that is refused leaves the rest of the request readable', async (t) => {
    const nested = (depth: number) => `${'(!'.repeat(depth - 1)}(a=b)${')'.repeat(depth - 1)}`;
    const fits = decodeMessage(searchMessage(1, { filter: parseFilter(nested(MAX_FILTER_DEPTH)) })).request;
    t.notOk('refused' in (fits as RequestOf<'search'>).filter);
    const deep = decodeMessage(deepSearch(10_000)).request as RequestOf<'search'>;
    t.same(deep.filter, {
      refused: { code: 11, message: `filter nested more than ${MAX_FILTER_DEPTH} deep`, matchedDn: '' },
    });
    t.same(deep.attributes, ['cn']);
  });

  t.test('message ids that are not allowed and unknown operations end the session', async (t) => {
    for (const octets of [
      '3005 0201 00 4200',
      '3005 0201 ff 4200',
      '3005 0201 01 7f00',
      '3003 020101',
      '3000',
      '300a 0205 0000000001 42 00 00',
    ]) {
      t.throws(() => decodeMessage(hex(octets)), BerError, octets);
    }
  });

  t.test('no mutation of a request does anything but decode or be refused', async (t) => {
    const random = seeded(99);
    const originals = [
      bindMessage(1, 'cn=a,o=nhs', 'secret'),
      searchMessage(2, {
        filter: '(&(a=b)(c=d*e*f)(!(g>=h))(i:dn:2.5.13.2:=j))',
        attributes: ['x', 'y'],
        controls: [{ oid: '1.2', value: Buffer.from('q') }],
      }),
      extendedMessage(3, '1.3.6.1.4.1.4203.1.11.3'),
    ];
    let refused = 0;
    for (let n = 0; n < 20_000; n++) {
      try {
        decodeMessage(mutated(originals[n % originals.length]!, random));
      } catch (error) {
        if (!(error instanceof BerError)) throw error;
        refused++;
      }
    }
    t.ok(refused > 5000 && refused < 20_000, `${refused} were refused`);
  });
});

/** A search whose filter is so many nots deep, written without recursion. */
function deepSearch(depth: number): Buffer {
  let filter: Buffer = hex('870161');
  for (let n = 1; n < depth; n++) {
    const writer = new BerWriter(filter.length + 8);
    writer.octets(filter, 0xa2);
    filter = writer.take();
  }
  return message(1, 0x63, (writer) => {
    writer.string('o=nhs');
    writer.enumerated(2);
    writer.enumerated(0);
    writer.integer(0);
    writer.integer(0);
    writer.boolean(false);
    writer.raw(filter);
    const list = writer.begin(0x30);
    writer.string('cn');
    writer.end(list);
  });
}

t.test('filter texts', async (t) => {
  t.test('are read as published guides print them, with spaces between the items', async (t) => {
    t.equal(
      printFilter(parseFilter(' (&(nhsIDCode=X26) (objectClass=nhsAs)\n (nhsMHSPartyKey= A12345-1234567) ) ')),
      '(&(nhsIDCode=X26)(objectClass=nhsAs)(nhsMHSPartyKey= A12345-1234567))',
    );
  });

  t.test('escapes are read and written', async (t) => {
    const filter = parseFilter('(cn=a\\2ab\\28\\29\\5c\\c3\\a9)');
    t.same(filter, { type: 'equality', attribute: 'cn', value: 'a*b()\\é' });
    t.equal(printFilter(filter), '(cn=a\\2ab\\28\\29\\5cé)');
    t.equal(printFilter(parseFilter('(cn=*a*)')), '(cn=*a*)');
    t.same(parseFilter('(nhsOrgOpenDate=>20240101)'), {
      type: 'equality',
      attribute: 'nhsOrgOpenDate',
      value: '>20240101',
    });
  });

  t.test('mistakes are named with their place', async (t) => {
    for (const text of ['', 'cn=a', '(cn=a', '(cn)', '(cn=a))', '(!(a=b)(c=d))', '(cn=\\zz)']) {
      t.throws(() => parseFilter(text), SyntaxError, text);
    }
  });
});
