import t from 'tap';
import { isShortForm, soundex } from '../../../server/core/demographics/likeness.ts';
import { Exchange } from '../../../server/core/exchange/exchange.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { CLIENT, hl7Message, SPINE, UUID } from '../messaging/requests.ts';
import { MATCH_42, MATCHES_63, MATCHES_72 } from './schema/mim.ts';

interface Items {
  type?: string;
  historic?: string;
  family?: string;
  given?: string;
  gender?: string;
  /** The element inside value, or its attribute. */
  birth?: string;
  postcode?: string;
  practice?: string;
  /** Further items of the query. */
  extra?: string;
  /** Root of the practice's code. */
  root?: string;
  number?: string;
}

const HISTORIC = '2.16.840.1.113883.2.1.3.2.4.17.36';
const SEARCH = '2.16.840.1.113883.2.1.3.2.4.17.39';

const item = (name: string, value: string) => `<${name}><semanticsText>${name}</semanticsText>${value}</${name}>`;

function query({
  type = '1',
  historic = '0',
  family,
  given,
  gender,
  birth,
  postcode,
  practice,
  ...more
}: Items): string {
  const { root = '2.16.840.1.113883.2.1.4.3', number, extra = '' } = more;
  const name = `<value>${given ? `<given>${given}</given>` : ''}${family ? `<family>${family}</family>` : ''}</value>`;
  return `<query>
${historic === '' ? '' : item('historicDataIndicator', `<value code="${historic}" codeSystem="${HISTORIC}"/>`)}
${postcode ? item('person.address', `<value><postalCode>${postcode}</postalCode></value>`) : ''}
${gender ? item('person.administrativeGenderCode', `<value code="${gender}"/>`) : ''}
${birth ? item('person.birthTime', birth.startsWith('<') ? `<value>${birth}</value>` : `<value value="${birth}"/>`) : ''}
${item('person.name', name)}
${practice ? item('primaryCare.id', `<value root="${root}" extension="${practice}"/>`) : ''}
${number ? item('person.id', `<value root="2.16.840.1.113883.2.1.4.1" extension="${number}"/>`) : ''}
${type === '' ? '' : item('searchParameter', `<value code="${type}" codeSystem="${SEARCH}"/>`)}${extra}</query>`;
}

/** The answer that Spine would deliver: numbers with their scores, or the codes of the reasons. */
async function trace(spine: Spine, items: Items, interaction = 'QUPA_IN000006UK02') {
  const { core } = spine.environment;
  const handler = core.interactions.find('pdsquery', interaction)!;
  const resolved = core.spaces.resolve({});
  const exchange = new Exchange(core, { protocol: 'http', direction: 'inbound', service: 'messaging', resolved });
  const reply = (await handler.handle({
    exchange,
    pattern: 'express',
    service: 'pdsquery',
    interaction,
    message: parseXml(hl7Message({ interaction, act: query(items) })),
    messageId: UUID,
    fromAsid: CLIENT,
    toAsid: SPINE,
    send() {},
  }))!;
  const subject = reply.subject === undefined ? undefined : parseXml(reply.subject);
  const matches = (subject?.descendAll('subject/patientRole') ?? []).map((role) => ({
    nhsNumber: role.child('id')?.attr('extension'),
    score: role.find('matchingLevel')?.child('value')?.attr('value'),
    role,
  }));
  const { entry } = exchange;
  return { reply, entry, matches, reasons: (reply.reasons ?? []).map(({ code, qualifier }) => `${code} ${qualifier}`) };
}

t.test('names are alike by sound or by their beginning', async (t) => {
  t.equal(soundex('Brackwater'), soundex('Braquatter'));
  t.not(soundex('Brackwater'), soundex('Fennelmere'));
  t.equal(soundex('Ashcraft'), 'A261', 'H does not part S and C');
  t.equal(soundex("O'Neil"), 'O540');
  t.equal(soundex(''), '');
  t.ok(isShortForm('Alex', 'Alexandra'));
  t.notOk(isShortForm('Al', 'Alexandra'));
});

t.test('advanced trace', async (t) => {
  const spine = await startSpine(t);

  t.test('alphanumeric takes wildcards behind two letters, ranges of dates, and gives all who fit', async (t) => {
    const { reply, matches, reasons } = await trace(spine, {
      family: 'Umberf*',
      birth: '<low value="1950"/><high value="20301231"/>',
    });
    t.equal(reply.interaction, 'QUPA_IN000011UK02');
    t.strictSame(reasons, ['3 WG']);
    t.ok(matches.length >= 1);
    t.ok(matches.every(({ score }) => score === '100.00'));
    t.strictSame(
      (await trace(spine, { family: 'U*' })).reasons,
      ['0 ER', 'INVALID_SEARCH_DATA ER'],
      'one letter is too few',
    );
    t.ok((await trace(spine, { family: 'Fen*mere' })).matches.length > 0, 'a wildcard may stand for a middle part');
    t.equal((await trace(spine, { family: 'Fen*mare' })).matches.length, 0);
    t.ok((await trace(spine, { family: 'Fe*el*re' })).matches.length > 0);
    const dates = await trace(spine, { family: 'Fennelmere', birth: '1989*' });
    t.strictSame(dates.reasons, ['0 ER', 'INVALID_SEARCH_DATA ER'], 'dates take none');
    t.strictSame((await trace(spine, { family: 'Fennelmere', birth: '19891332' })).reasons, [
      '0 ER',
      'ILLEGAL_DATE_FORMAT ER',
    ]);
    const born = (await trace(spine, { family: 'Fennelmere', birth: '<center value="19890620"/>' })).matches;
    t.strictSame(
      born.map(({ nhsNumber }) => nhsNumber),
      ['9996010007'],
    );
    const partial = await trace(spine, { family: 'Copperlock', birth: '19500517' });
    t.equal(partial.matches.length, 1, 'a stored year matches a day in it');
  });

  t.test('number and practitioner narrow a search', async (t) => {
    const all = await trace(spine, { family: 'Um*' });
    t.ok(all.matches.length > 1);
    const number = all.matches[0]!.nhsNumber!;
    t.same(
      (await trace(spine, { family: 'Um*', number })).matches.map(({ nhsNumber }) => nhsNumber),
      [number],
    );
    const ofPractice = await trace(spine, { family: 'Fe*', practice: 'Z99901' });
    const root = '2.16.840.1.113883.2.1.4.2';
    const ofPractitioner = await trace(spine, { family: 'Fe*', practice: 'G9999991', root });
    t.ok(ofPractice.matches.length > 0);
    t.same(
      ofPractitioner.matches.map(({ nhsNumber }) => nhsNumber),
      ofPractice.matches.map(({ nhsNumber }) => nhsNumber),
      'a practitioner stands for the practice',
    );
    t.same((await trace(spine, { family: 'Fe*', practice: 'G0000000', root })).reasons, ['1 ER', 'AT006 ER']);
  });

  t.test('the answers of each generation are as their schemas have them', async (t) => {
    for (const [interaction, schema] of [
      ['QUPA_IN000006UK02', MATCHES_63],
      ['QUPA_IN000006UK05', MATCHES_72],
      ['QUPA_IN020000UK31', MATCH_42],
    ] as const) {
      for (const items of [
        { family: 'Um*', historic: '1' },
        { family: 'Otterfield' },
        { family: 'Harrowlock' },
        { family: 'Nettlefeather' },
        { family: 'Yarrowgate', historic: '1' },
        { type: '2', family: 'Brackwater', given: 'Leander', birth: '19580818' },
      ]) {
        const { reply } = await trace(spine, items, interaction);
        t.equal(reply.acknowledgement, 'AA');
        const root = parseXml(`<x xmlns="urn:hl7-org:v3">${reply.subject}</x>`).children()[0]!;
        t.strictSame(schema.faults(root), [], `${interaction} ${items.family}`);
      }
    }
    const older = await trace(spine, { family: 'Um*' }, 'QUPA_IN020000UK14');
    t.equal(older.reply.interaction, 'QUPA_IN030000UK32');
  });

  t.test('history is searched and shown only on request', async (t) => {
    const past = { family: 'Driftstone', birth: '19611123' };
    t.equal((await trace(spine, past)).matches.length, 0);
    const { matches } = await trace(spine, { ...past, historic: '1' });
    t.strictSame(
      matches.map(({ nhsNumber }) => nhsNumber),
      ['9996270009'],
    );
    t.ok(matches[0]!.role.findAll('name').length > 2);
    t.ok(matches[0]!.role.findAll('patientCareProvision').length > 1);
    t.equal(matches[0]!.role.find('name')?.child('id'), undefined, 'no object ids');
  });

  t.test('the parts of a match are in the order of the schema', async (t) => {
    const { matches } = await trace(spine, { family: 'Fennelmere' });
    const { role } = matches[0]!;
    t.strictSame(
      role.children().map(({ local }) => local),
      ['id', 'patientPerson', 'subjectOf1', 'subjectOf2'],
    );
    const parts = role
      .child('patientPerson')!
      .children()
      .map(({ local }) => local);
    t.strictSame(
      [...new Set(parts)],
      [
        'administrativeGenderCode',
        'birthTime',
        'playedOtherProviderPatient',
        'COCT_MT000201UK02.PartOfWhole',
        'COCT_MT000202UK02.PartOfWhole',
        'COCT_MT000203UK02.PartOfWhole',
      ],
    );
    const newer = await trace(spine, { family: 'Fennelmere' }, 'QUPA_IN000006UK05');
    t.equal(newer.reply.interaction, 'QUPA_IN000011UK05');
    t.ok(newer.matches[0]!.role.find('COCT_MT000201UK03.PartOfWhole'));
    const dead = await trace(spine, { family: 'Nettlefeather' });
    t.equal(dead.matches[0]!.role.child('subjectOf3')?.find('value')?.attr('code'), '2', 'formally dead');
  });

  t.test('more than fifty are too many', async (t) => {
    t.strictSame((await trace(spine, { family: 'Copperbeck' })).reasons, ['2 ER']);
  });

  t.test('a sensitive person is found without whereabouts, and not by them', async (t) => {
    const { matches, reasons } = await trace(spine, { family: 'Otterfield' });
    t.strictSame(reasons, ['5 WG']);
    t.equal(matches[0]!.role.find('addr'), undefined);
    t.equal(matches[0]!.role.find('confidentialityCode')?.attr('code'), 'S');
    for (const where of [{ postcode: 'ZZ99 3CZ' }, { practice: 'Z99901' }]) {
      t.equal((await trace(spine, { family: 'Otterfield', ...where })).matches.length, 0);
    }
    // The record that was merged into hers is open, and says where she lived.
    const merged = { family: 'Brackenquay', given: 'Petronel' };
    t.strictSame((await trace(spine, merged)).reasons, ['5 WG'], 'found by the name of the old record');
    const algorithmic = { type: '2', birth: '19991127', ...merged };
    t.equal((await trace(spine, algorithmic)).matches[0]?.nhsNumber, '9996480003');
    for (const where of [{ postcode: 'ZZ99 3CZ' }, { practice: 'Z99903' }]) {
      t.strictSame((await trace(spine, { ...merged, ...where })).reasons, ['1 ER', 'AT006 ER']);
      t.strictSame((await trace(spine, { ...algorithmic, ...where })).reasons, ['1 ER', 'AT006 ER']);
    }
  });

  t.test('a superseded record stands for its survivor, an invalid one for nobody', async (t) => {
    const { matches } = await trace(spine, { family: 'Umberwick' });
    t.strictSame(
      matches.map(({ nhsNumber }) => nhsNumber),
      ['9996170004'],
    );
    t.equal((await trace(spine, { family: 'Brackenquay', birth: '19960416' })).matches.length, 0);
  });

  t.test('algorithmic orders by likeness', async (t) => {
    const person = { type: '2', birth: '19580818', given: 'Leander' };
    const { matches } = await trace(spine, { ...person, family: 'Brackwater' });
    t.strictSame(
      matches.map(({ nhsNumber, score }) => [nhsNumber, score]),
      [
        ['9996380009', '100.00'],
        ['9996450007', '93.00'],
      ],
    );
    const swapped = await spine.environment.core.spaces.default.world.patients.get('9996390004');
    const birth = swapped!.dateOfBirth!;
    const found = await trace(spine, { type: '2', birth, given: 'Tobin', family: 'Marlow' });
    t.equal(found.matches[0]?.score, '92.00', 'given and family name swapped');
    const gendered = await trace(spine, { ...person, family: 'Brackwater', gender: '2' });
    t.equal(gendered.matches[0]?.score, '95.00', 'another gender costs, and excludes nobody');
    const wrongBirth = await trace(spine, { ...person, family: 'Brackwater', birth: '19580819' });
    t.equal(wrongBirth.matches.length, 0, 'a wrong date of birth excludes everybody');
  });

  t.test('what Spine counts in a query, by its own names and words', async (t) => {
    const gender = (code: string) => item('person.administrativeGenderCode', `<value code="${code}"/>`);
    const name = (inner: string) => item('person.name', `<value>${inner}</value>`);
    const born = (value: string) => item('person.birthTime', value);
    const indicator = (system: string) => item('historicDataIndicator', `<value code="0"${system}/>`);
    const cases: [items: Items, displayName: string][] = [
      [{ family: 'A', gender: '7' }, 'INVALID_SEARCH_DATA - invalid administrativeGenderCode value provided'],
      [
        { family: 'A', gender: '1', extra: gender('1') },
        'DUPLICATE_SEARCH_FIELDS_PROVIDED - multiple genderCode provided',
      ],
      [{ family: 'A</family><family>B' }, 'DUPLICATE_SEARCH_FIELDS_PROVIDED - multiple person surname provided'],
      [
        { family: 'A', extra: name('<given>B</given>') },
        'DUPLICATE_SEARCH_FIELDS_PROVIDED - multiple person name provided',
      ],
      [{ family: 'A', historic: '2' }, 'INVALID_HISTORY_INDICATOR - invalid historicDataIndicator value provided'],
      [
        { family: 'A', birth: '<center value="1989"/><low value="1988"/>' },
        'ILLEGAL_DATE_FORMAT - multiple birthTime provided',
      ],
      [
        { family: 'A', birth: '1989', extra: born('<value value="1988"/>') },
        'ILLEGAL_DATE_FORMAT - multiple birthTime provided',
      ],
      [
        { family: 'A', historic: '', extra: indicator('') },
        'Missing mandatory search field - missing historicDataIndicator',
      ],
      [
        { family: 'A', type: '', extra: item('searchParameter', '<value code="1"/>') },
        'Missing search type - a single search parameter must be provided',
      ],
      [{ historic: '', type: '' }, 'Missing mandatory search field - missing historicDataIndicator'],
      [{ type: '' }, 'Missing mandatory search field - missing person name'],
    ];
    for (const [items, displayName] of cases) {
      const { reply, entry } = await trace(spine, items);
      t.equal(reply.reasons?.[1]?.displayName, displayName);
      t.ok(entry.advice, displayName);
    }
    const { entry } = await trace(spine, { family: 'A', historic: '', extra: indicator('') });
    t.match(entry.error?.message, /has not the codeSystem/);
  });

  t.test('the journal says whom a search in vain may have meant', async (t) => {
    const { entry } = await trace(spine, { family: 'Fennelmere', birth: '19890620', gender: '1' });
    t.match(entry.nearMisses, [{ kind: 'patient', candidate: '9996010007', reason: 'fits but for the gender (2)' }]);
    const hidden = await trace(spine, { family: 'Otterfield', postcode: 'ZZ99 3CZ' });
    t.match(hidden.entry.nearMisses, [{ candidate: '9996130002', reason: /sensitive/ }]);
    const range = (low: string, high: string) => `<low value="${low}"/><high value="${high}"/>`;
    const turned = await trace(spine, { family: 'Fennelmere', birth: range('1990', '19890101') });
    t.match(turned.entry.error?.message, 'nobody fits: the range of person.birthTime ends before it begins');
    const empty = await trace(spine, { family: 'Fennelmere', birth: range('199001', '1990') });
    t.equal(empty.entry.error?.message, 'nobody fits');
  });

  t.test('a query that is short of something fails with the codes that PDS was seen to send', async (t) => {
    const cases: [items: Items, detail: string, text: string][] = [
      [{ family: 'A', type: '3' }, 'AT001', 'Invalid search type - invalid searchParameter value provided'],
      [{}, 'AT002', 'Missing mandatory search field - missing person name'],
      [{ family: 'A', historic: '' }, 'AT002', 'Missing mandatory search field - missing historicDataIndicator'],
      [{ family: 'A', type: '' }, 'AT009', 'Missing search type - a single search parameter must be provided'],
    ];
    for (const [items, code, displayName] of cases) {
      const { reply } = await trace(spine, items);
      t.match(reply, { interaction: 'QUQI_IN010000UK14', acknowledgement: 'AE', queryResponseCode: 'ID' });
      t.match(reply.reasons, [
        { code: '0', displayName: 'Generic Error' },
        { code, displayName },
      ]);
    }
    const algorithmic = { type: '2', family: 'Brackwater' };
    t.strictSame((await trace(spine, algorithmic)).reasons, ['0 ER', 'AT002 ER']);
    t.strictSame((await trace(spine, { ...algorithmic, given: 'Le*', birth: '19580818' })).reasons, [
      '0 ER',
      'INVALID_SEARCH_DATA ER',
    ]);
  });
});

t.test('settings choose how many people a trace shows, and how like the query they are', async (t) => {
  const spine = await startSpine(t, { pds: { mostMatches: 2, lowestScore: 94 } });
  const person = { type: '2', birth: '19580818', given: 'Leander' };
  t.same(
    (await trace(spine, { ...person, family: 'Brackwater' })).matches.map(({ score }) => score),
    ['100.00'],
    'not the one whose name only sounds so: 93 per cent',
  );
  const many = await trace(spine, { family: 'Um*', birth: '<low value="1900"/><high value="20301231"/>' });
  t.strictSame(many.reasons, ['2 ER']);
});
