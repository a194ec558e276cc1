import t from 'tap';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { startSpine } from '../../helper.ts';

const HOST = 'msg.dev.spine2.ncrs.nhs.uk';
const PATH = '/addressfinder/query';
const NASP = 'http://national.carerecords.nhs.uk/schema/';

interface Wanted {
  address1?: string;
  address2?: string;
  address3?: string;
  town?: string;
  county?: string;
  postcode?: string;
  country?: string;
  maxno?: string;
}

/** As the published sample writes it; `spelling` is that of the postcode element. */
function request(wanted: Wanted, { spelling = 'postcode', header = '', messageId = '0af3' } = {}): string {
  const field = (name: string, value = '') => `<nasp:${name}>${value}</nasp:${name}>`;
  return `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Header/><SOAP-ENV:Body>
<nasp:getAddressListRequest xmlns:nasp="${NASP}">${
    header ||
    `<nasp:messageHeader><nasp:messageId>${messageId}</nasp:messageId><nasp:securityPackage/></nasp:messageHeader>`
  }
<nasp:postalAddress>${field('address1', wanted.address1)}${field('address2', wanted.address2)}${field('address3', wanted.address3)}
${field('town', wanted.town)}${field('county', wanted.county)}${field(spelling, wanted.postcode)}${field('country', wanted.country)}
</nasp:postalAddress>${wanted.maxno === undefined ? '' : field('maxno', wanted.maxno)}</nasp:getAddressListRequest></SOAP-ENV:Body></SOAP-ENV:Envelope>`;
}

t.test('the gazetteer', async (t) => {
  const spine = await startSpine(t);
  const post = (body: string, headers: Record<string, string> = { 'Content-Type': 'text/xml', SOAPAction: '""' }) =>
    spine.ask(HOST, { path: PATH, body, headers });
  /** First line and key of each address, and the number that fit. */
  const find = async (wanted: Wanted, options = {}) => {
    const answer = await post(request(wanted, options));
    const response = parseXml(answer.body).descend('Body/getAddressListResponse')!;
    return {
      status: answer.status,
      error: response.textAt('messageHeader/errorList/error/errorCode'),
      location: response.textAt('messageHeader/errorList/error/location'),
      total: response.textAt('totalmatches'),
      found:
        response
          .find('addressList')
          ?.children()
          .map((address) => address.textAt('address1')) ?? [],
    };
  };

  t.test('answers the wire form of the published sample', async (t) => {
    const answer = await post(request({ address1: '9', postcode: 'ZZ99 1AA' }));
    t.equal(answer.status, 200);
    t.equal(answer.headers['content-type'], 'text/xml');
    t.match(answer.rawHeaders.join(' '), /Content-Length \d+/, 'never chunked');
    const id = /<nasp:messageId>([0-9a-f]{32})<\/nasp:messageId>/.exec(answer.text)?.[1];
    t.ok(id, 'an id of its own');
    t.equal(
      answer.text,
      '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Header/><SOAP-ENV:Body>' +
        `<nasp:getAddressListResponse xmlns:nasp="${NASP}"><nasp:messageHeader><nasp:messageId>${id}</nasp:messageId>` +
        '<nasp:securityPackage xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></nasp:messageHeader>' +
        '<nasp:addressList><nasp:postalAddress><nasp:address1>9 EXAMPLE WAY</nasp:address1><nasp:address2/><nasp:address3/>' +
        '<nasp:town>SAMPLETON</nasp:town><nasp:county/><nasp:postCode>ZZ99 1AA</nasp:postCode>' +
        '<nasp:country>UNITED KINGDOM</nasp:country><nasp:addressKey>90000001</nasp:addressKey></nasp:postalAddress>' +
        '</nasp:addressList><nasp:totalmatches>1</nasp:totalmatches></nasp:getAddressListResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>',
    );
  });

  t.test('counts all matches and answers at most maxno: 9 by default, 99 at most', async (t) => {
    const street = { address1: '* GORSE RISE', postcode: 'ZZ99 3VZ' };
    const usual = await find(street);
    t.equal(usual.total, '140');
    t.equal(usual.found.length, 9);
    t.equal((await find({ ...street, maxno: '99' })).found.length, 99);
    t.equal((await find({ ...street, maxno: '5000' })).found.length, 99);
    t.same((await find({ ...street, maxno: '2' })).found, ['1 GORSE RISE', '2 GORSE RISE']);
  });

  t.test('reads both spellings of the postcode, in any case, with or without blank, with ?', async (t) => {
    for (const postcode of ['ZZ99 1AA', 'zz991aa', 'ZZ99 1A?', '???? 1AA']) {
      for (const spelling of ['postcode', 'postCode']) {
        const { found } = await find({ address1: '9 Example Way', postcode }, { spelling });
        t.same(found, ['9 EXAMPLE WAY'], `${spelling} ${postcode}`);
      }
    }
    t.same((await find({ postcode: 'ZZ99 7ZZ' })).found, [], 'nothing is no error');
    t.equal((await find({ postcode: 'ZZ99 7ZZ' })).total, '0');
  });

  t.test('takes a house number for its house alone, and * for any part of a line', async (t) => {
    t.same((await find({ address1: '1', postcode: 'ZZ99 1AB' })).found, ['1 EXAMPLE CLOSE']);
    t.same((await find({ address1: '* GORSE RISE', town: 'SAMPLETON', maxno: '1' })).found, ['1 GORSE RISE']);
    t.same((await find({ address1: '13*RISE', town: 'samp*', maxno: '1' })).found, ['13 GORSE RISE']);
    t.same((await find({ address1: 'THE OLD CHAPEL', address2: 'GORSE LANE', town: 'MOCKHAM' })).found, [
      'THE OLD CHAPEL',
    ]);
    t.same((await find({ address1: 'FLAT 3', address2: 'HARBOUR COURT', postcode: 'ZZ99 2AA' })).found, ['FLAT 3']);
    t.same((await find({ address1: 'GORSE', town: 'SAMPLETON' })).found, [], 'a part is no whole line without *');
  });

  t.test('finds an address that was put into the space, there alone', async (t) => {
    const address = {
      key: '91000001',
      lines: ['1 NEW STREET'],
      town: 'NEWTOWN',
      postcode: 'ZZ99 4ZZ',
      country: 'UNITED KINGDOM',
    };
    const put = await spine.admin('PUT', '/api/world/addresses/91000001', address, { 'X-Spine-Sim-Space': 'mine' });
    t.equal(put.status, 200);
    const there = { 'Content-Type': 'text/xml', 'X-Spine-Sim-Space': 'mine' };
    t.match((await post(request({ postcode: 'ZZ994ZZ' }), there)).text, '<nasp:addressKey>91000001</nasp:addressKey>');
    t.equal((await find({ postcode: 'ZZ994ZZ' })).total, '0');
  });

  t.test('refuses in its own words, with HTTP 200', async (t) => {
    const cases: [string, Wanted, object, string][] = [
      ['nothing to look for', {}, {}, 'GSA001'],
      ['neither postcode nor town', { address1: '9 EXAMPLE WAY' }, {}, 'GSB003'],
      ['a town alone', { town: 'SAMPLETON' }, {}, 'GSB003'],
      ['maxno 0', { postcode: 'ZZ99 1AA', maxno: '0' }, {}, 'GSB004'],
      ['another country', { postcode: 'ZZ99 1AA', country: 'FRANCE' }, {}, 'GSB005'],
      ['an empty id', { postcode: 'ZZ99 1AA' }, { messageId: ' ' }, 'GSB006'],
      ['too many matches', { postcode: 'ZZ99 9XX' }, {}, 'GSB002'],
      ['maxno that is no number', { postcode: 'ZZ99 1AA', maxno: 'nine' }, {}, 'GSA002'],
      [
        'no security package',
        { postcode: 'ZZ99 1AA' },
        { header: '<nasp:messageHeader><nasp:messageId>1</nasp:messageId></nasp:messageHeader>' },
        'GSA002',
      ],
    ];
    for (const [name, wanted, options, code] of cases) {
      const answer = await find(wanted, options);
      t.equal(answer.status, 200, name);
      t.equal(answer.error, code, name);
    }
    const whole = request({ postcode: 'ZZ99 1AA' });
    const swapped = whole.replace(
      '<nasp:town></nasp:town><nasp:county></nasp:county>',
      '<nasp:county></nasp:county><nasp:town></nasp:town>',
    );
    t.not(swapped, whole);
    for (const body of [swapped, whole.slice(0, 300), 'postcode=ZZ991AA', '', whole.replaceAll(NASP, 'urn:other')]) {
      const { status, text } = await post(body);
      t.equal(status, 200);
      t.match(text, '<nasp:errorCode>GSA002</nasp:errorCode>');
    }
    t.match((await post('x'.repeat(70_000))).text, 'GSA002', 'a body over the limit');
    const entities = `<!DOCTYPE a [<!ENTITY a "${'a'.repeat(100)}">]>${whole}`;
    t.match((await post(entities)).text, 'GSA002', 'a document type');
    const { body } = await spine.admin('GET', '/api/journal?service=gazetteer&limit=1');
    t.match(body.entries[0], { outcome: 'refused', advice: /getAddressList|messageHeader/ });
  });

  t.test('is asked by POST', async (t) => {
    t.equal((await spine.ask(HOST, { path: PATH })).status, 405);
    t.equal((await post(request({}), {})).status, 200, 'whatever the content type');
  });
});

t.test('where messaging asks for a client certificate, the gazetteer does', async (t) => {
  const spine = await startSpine(t, { messaging: { clientCertificate: 'required' } });
  const ask = { path: PATH, body: request({ postcode: 'ZZ99 1AB' }) };
  t.equal((await spine.ask(HOST, ask)).status, 400);
  t.match((await spine.ask(HOST, { ...ask, ...(await spine.issue('mhs.example.nhs.uk')) })).text, 'EXAMPLE CLOSE');
});
