import t from 'tap';
import { updatePatient } from '../../../server/core/demographics/update/update.ts';
import type { XmlElement } from '../../../server/core/xml/element.ts';
import { routeToPractice } from '../../../server/services/mesh/mailbox/gpProvider.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { CLIENT, retrievalQuery } from '../messaging/requests.ts';
import { RECORD_42, RECORD_63, RECORD_72, UPDATED, WRAPPER } from './schema/mim.ts';
import { ask, objectId, provision, type Reply, type Update, updateRequest } from './tools.ts';

const PLAIN = '9996010007';
const FULL = '9996020002';

const patients = (spine: Spine) => spine.environment.core.spaces.default.world.patients;
const stored = async (spine: Spine, nhsNumber = PLAIN) => (await patients(spine).get(nhsNumber))!;

interface Change extends Update {
  interaction?: string;
  nhsNumber?: string;
  scn?: number | string;
  from?: string;
}

/** Sends a general update with the serial change number that is stored, unless the test says another. */
async function update(spine: Spine, change: Change): Promise<Reply> {
  const { interaction = 'PRPA_IN000203UK03', nhsNumber = PLAIN, from } = change;
  const scn = change.scn ?? (await patients(spine).get(nhsNumber))?.scn ?? 1;
  const act = updateRequest(nhsNumber, scn, change);
  return ask(spine, { service: 'pds', interaction, act, ...(from !== undefined && { from }) });
}

const retrieve = (spine: Spine, nhsNumber = PLAIN, historic = '0') =>
  ask(spine, { interaction: 'QUPA_IN000008UK02', act: retrievalQuery(nhsNumber, { historic }) });

const scnOf = (reply: Reply) => reply.subject?.find('pertinentSerialChangeNumber')?.child('value')?.attr('value');
const address = (
  lines: string[],
  { mode = 'altered', use = 'H', id = '', from = '', to = '', postcode = 'ZZ99 3VZ', more = '' } = {},
) =>
  `<addr use="${use}" updateMode="${mode}">${lines.map((line) => `<streetAddressLine>${line}</streetAddressLine>`).join('')}${postcode && `<postalCode>${postcode}</postalCode>`}${more}${
    from && `<useablePeriod><low value="${from}"/>${to && `<high value="${to}"/>`}</useablePeriod>`
  }${id && objectId(id)}</addr>`;
const LINES = ['', '9 Harbour Steps', '', 'Testbridge', ''];
const consent = (type: string, value: string, mode: string, time = '') =>
  `<subjectOf1 typeCode="SBJ"><consent classCode="OBS" moodCode="EVN" updateMode="${mode}"><code code="${type}" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.164"/>${time && `<effectiveTime value="${time}"/>`}${value && `<value code="${value}" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.2"/>`}</consent></subjectOf1>`;
const AUTHOR =
  '<author typeCode="AUT"><registeringAuthority classCode="ASSIGNED"><code code="x" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.20"/><id root="2.16.840.1.113883.2.1.4.3" extension="Z99901"/></registeringAuthority></author>';
const death = (status: string, mode = 'added') =>
  `<subjectOf7 typeCode="SBJ"><deathNotification classCode="OBS" moodCode="EVN" updateMode="${mode}"><code code="3" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.35"/>${status && `<value code="${status}" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.5"/>`}</deathNotification></subjectOf7>`;

const detailsRequest = (nhsNumber: string, born: string) => {
  const service = 'urn:nhs-itk:services:201005:getPatientDetailsByNHSNumber-v1-0';
  const root = 'getPatientDetailsByNHSNumberRequest-v1-0';
  return `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:itk="urn:nhs-itk:ns:201005"><soap:Body><itk:DistributionEnvelope><itk:header service="${service}"><itk:manifest count="1"><itk:manifestitem id="uuid_1"/></itk:manifest></itk:header><itk:payloads count="1"><itk:payload id="uuid_1"><${root} xmlns="urn:hl7-org:v3"><queryEvent><Person.DateOfBirth><value value="${born}"/></Person.DateOfBirth><Person.NHSNumber><value root="2.16.840.1.113883.2.1.4.1" extension="${nhsNumber}"/></Person.NHSNumber></queryEvent></${root}></itk:payload></itk:payloads></itk:DistributionEnvelope></soap:Body></soap:Envelope>`;
};

t.test('a practice is altered by its object id, and the serial change number rises by one', async (t) => {
  const spine = await startSpine(t);
  const before = await retrieve(spine);
  const event = before.subject!.find('patientCareProvisionEvent')!;
  const id = event.child('id')!.attr('extension')!;
  const reply = await update(spine, { person: provision('1', 'Z99902', 'altered', { id, from: '20260301' }) });
  t.match(reply, {
    status: 200,
    wrapper: 'PRPA_IN000202UK01',
    interaction: 'PRPA_IN000202UK01',
    versionCode: '3NPfIT6.3.01',
    typeCode: 'AA',
    reasons: [],
    response: undefined,
  });
  t.strictSame(WRAPPER('PRPA_IN000202UK01', true).faults(reply.message), []);
  t.strictSame(UPDATED.faults(reply.subject!), []);
  t.equal(scnOf(reply), String(Number(scnOf(before)) + 1));

  const after = await retrieve(spine);
  t.equal(scnOf(after), scnOf(reply));
  const now = after.subject!.findAll('patientCareProvisionEvent');
  t.equal(now.length, 1, 'one registered practice');
  t.equal(now[0]!.descend('performer/assignedEntity/id')?.attr('extension'), 'Z99902');
  t.not(now[0]!.child('id')?.attr('extension'), id, 'the new item has an id of its own');

  const history = await retrieve(spine, PLAIN, '1');
  const [current, past] = history.subject!.findAll('patientCareProvisionEvent') as [XmlElement, XmlElement];
  t.equal(past.child('id')?.attr('extension'), id, 'the old one keeps its id in the history');
  t.equal(past.descend('effectiveTime/high')?.attr('value'), '20260301');
  t.match(past.find('systemEffectiveDate')?.find('high')?.attr('value'), /^\d{14}$/);
  t.equal(current.find('sourceSourceIdentified')?.child('value')?.attr('extension'), CLIENT);
  t.strictSame(RECORD_63.faults(history.subject!), []);

  const details = await spine.ask('simple-sync.dev.spine2.ncrs.nhs.uk', {
    path: '/smsp/pds',
    headers: { 'Content-Type': 'text/xml' },
    body: detailsRequest(PLAIN, '19890620'),
  });
  t.match(
    details.text,
    /<locationOrganization[^>]*><id root="[^"]+" extension="Z99902"\/>/,
    'the mini services see it',
  );
  const to = { nhsNumber: PLAIN, dateOfBirth: '19890620', surname: 'Fennelmere' };
  const mailbox = await routeToPractice(spine.environment.core.spaces.default, to, 'TOC_FHIR_IP_DISCH');
  t.match(mailbox, { id: 'Z99902GP001' }, 'MESH sends to the new practice');
  t.equal((await stored(spine)).gp?.ods, 'Z99902', 'one world: every service sees it');
});

t.test('the example of a general update: addresses, a contact and a practice in one message', async (t) => {
  const spine = await startSpine(t);
  const full = await stored(spine, FULL);
  const [home, temporary] = full.addresses;
  const reply = await update(spine, {
    nhsNumber: FULL,
    before:
      address(LINES, { id: home!.objectId, from: '20260301' }) +
      `<addr use="TMP" updateMode="removed">${objectId(temporary!.objectId)}</addr>`,
    after:
      '<telecom use="MC" updateMode="added" value="tel:07700900123"><useablePeriod><low value="20260301"/></useablePeriod></telecom>',
    person: provision('1', 'Z99902', 'altered', { id: full.gp!.objectId, from: '20260301' }),
  });
  t.equal(reply.typeCode, 'AA', reply.reasons.join());
  const after = await stored(spine, FULL);
  t.equal(after.scn, full.scn + 1, 'once a message, whatever it holds');
  const { subject } = await retrieve(spine, FULL);
  const parts = subject!.findAll('COCT_MT000201UK02.PartOfWhole');
  const addresses = parts.filter(({ parent }) => parent?.local === 'patientPerson').map((part) => part.child('addr')!);
  t.equal(addresses.filter((addr) => addr.attr('use') === 'TMP').length, 0);
  t.match(addresses[0]!.text, '9 Harbour Steps');
  t.ok(subject!.findAll('telecom').some((telecom) => telecom.attr('value') === 'tel:07700900123'));
  for (const [interaction, schema] of [
    ['QUPA_IN000008UK02', RECORD_63],
    ['QUPA_IN000008UK05', RECORD_72],
    ['QUPA_IN040000UK32', RECORD_42],
  ] as const) {
    const history = await ask(spine, { interaction, act: retrievalQuery(FULL, { historic: '1' }) });
    t.strictSame(schema.faults(history.subject!), [], interaction);
  }
});

t.test('all items of an update are done, or none', async (t) => {
  const spine = await startSpine(t);
  const before = await stored(spine);
  const reply = await update(spine, {
    before: address(LINES, { id: before.addresses[0]!.objectId, from: '20260301' }),
    after:
      '<telecom use="MC" updateMode="removed"><id root="2.16.840.1.113883.2.1.3.2.4.18.1" extension="none0"/></telecom>',
  });
  t.match(reply, { wrapper: 'MCCI_IN010000UK13', typeCode: 'AE', versionCode: 'V3NPfIT3.0' });
  t.strictSame(WRAPPER('MCCI_IN010000UK13', false).faults(reply.message), []);
  t.strictSame(await stored(spine), before);
});

t.test('a serial change number that is not the stored one changes nothing', async (t) => {
  const spine = await startSpine(t);
  const before = await stored(spine);
  for (const scn of [before.scn - 1, before.scn + 1, 'x']) {
    const reply = await update(spine, { scn, person: provision('P1', 'ZFA01', 'added') });
    t.equal(reply.reasons[0], '15 Update Failed ER');
    t.match(reply.reasons[1], /^GE002 .*serial change number/);
  }
  t.equal((await stored(spine)).scn, before.scn);
  // Of several that read the same number one wins.
  const replies = await Promise.all(
    ['P1', 'P2', 'P3'].map((code) => update(spine, { scn: before.scn, person: provision(code, 'ZFA01', 'added') })),
  );
  t.strictSame(replies.map(({ typeCode }) => typeCode).sort(), ['AA', 'AE', 'AE']);
  t.equal((await stored(spine)).scn, before.scn + 1);
});

t.test('a nominated pharmacy added, then altered, under one object id for everybody', async (t) => {
  const spine = await startSpine(t);
  const constant = { id: 'P000000042' };
  const before = await stored(spine);
  const change = (scn: number, ods: string, mode: string) =>
    update(spine, { scn, person: provision('P1', ods, mode, constant) });
  t.equal((await change(before.scn, 'ZFA01', 'added')).typeCode, 'AA');
  t.equal((await change(before.scn + 1, 'ZFA02', 'altered')).typeCode, 'AA');
  const { pharmacies = [], scn } = await stored(spine);
  t.equal(scn, before.scn + 2);
  t.match(
    pharmacies.map(({ ods, recordedTo }) => [ods, recordedTo !== undefined]),
    [
      ['ZFA02', false],
      ['ZFA01', true],
    ],
  );
  t.not(pharmacies[0]!.objectId, constant.id, 'the record has an object id of its own');
  t.equal((await change(scn, 'ZFA01', 'added')).typeCode, 'AE', 'there is one of each type');
  const other = provision('P2', 'ZFA01', 'altered', constant);
  t.equal((await update(spine, { scn, person: other })).typeCode, 'AE', 'none of the type, none of the id');
});

t.test('records that ordinary systems do not change', async (t) => {
  const spine = await startSpine(t);
  const cases: [nhsNumber: string, reason: RegExp][] = [
    ['9996130002', /^15 .*,GE002 .*sensitive/],
    ['9996140008', /^15 .*,GE002 .*sensitive/],
    ['9996160009', /^15 .*,17 /],
    ['9996190005', /^15 .*,22 /],
    // What stands at the end of the merges counts, as in a retrieval.
    ['9996180018', /^15 .*,17 /],
    ['9996460002', /^15 .*,22 /],
    ['9996590003', /^1 NHS Number Not Found ER,NHSNCC002/],
    ['9999999468', /^1 NHS Number Not Found ER,NHSNCC002/],
  ];
  for (const [nhsNumber, reason] of cases) {
    const before = await patients(spine).get(nhsNumber);
    const reply = await update(spine, { nhsNumber, person: provision('P1', 'ZFA01', 'added') });
    t.match(reply.reasons.join(), reason, nhsNumber);
    t.strictSame(await patients(spine).get(nhsNumber), before);
  }
  const told = async (nhsNumber: string) => {
    await update(spine, { nhsNumber });
    const { body } = await spine.admin('GET', '/api/journal?limit=1');
    const { steps, advice } = (await spine.admin('GET', `/api/journal/${body.entries[0].id}`)).body;
    return `${steps.at(-1).detail}. ${advice}`;
  };
  t.match(await told('9996180018'), /9996180018 is superseded by 9996170004: change that record\. Send the update for/);
  t.match(await told('9996460002'), /superseded by 9996190005, which was invalidated\. Nothing stands in the place/);
  t.match(await told('9996590003'), /the merges of 9996590003 lead in a circle/);
});

t.test('what Spine checks of an update, by its own names', async (t) => {
  const spine = await startSpine(t);
  const { addresses, names, telecoms, gp } = await stored(spine);
  const home = addresses[0]!.objectId;
  const usual = names[0]!.objectId;
  const name = (inner: string, { mode = 'added', use = 'A', id = '' } = {}) =>
    `<name use="${use}" updateMode="${mode}">${inner}${id && objectId(id)}</name>`;
  const related = (inner: string, mode = 'added') =>
    `<scopedRelatedPersonRole classCode="PRS" updateMode="${mode}"><code code="03" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.15"/>${inner}</scopedRelatedPersonRole>`;
  const cases: [rule: string, change: Change][] = [
    ['UID_MUST_BE_PROVIDED', { before: address(LINES) }],
    ['UID_MUST_BE_PROVIDED', { before: '<addr use="H" updateMode="removed"/>' }],
    ['UID_MUST_BE_PROVIDED', { before: address(LINES, { mode: 'added', use: 'PST', id: home }) }],
    ['UNSUPPORTED_CHARACTERS_IN_FIELD', { before: address(LINES, { use: '', id: home }) }],
    [
      'UNSUPPORTED_CHARACTERS_IN_FIELD',
      { before: address(['', '9 Harbour~Steps', '', 'Testbridge', ''], { id: home }) },
    ],
    ['UNSUPPORTED_CHARACTERS_IN_FIELD', { before: address(LINES, { id: home, postcode: 'ZZ993VZ' }) }],
    ['INCORRECT_NUMBER_OF_ADDRESS_LINES', { before: address([], { id: home }) }],
    ['INCORRECT_NUMBER_OF_ADDRESS_LINES', { before: address([...LINES, 'more'], { id: home }) }],
    [
      'INCORRECT_NUMBER_OF_ADDRESS_LINES',
      { before: address(['', '', 'x', '', ''], { id: home, postcode: 'LS1 4AP' }) },
    ],
    [
      'DESCRIPTION_PROVIDED_NO_TEMPORARY_ADDRESS',
      { before: address(LINES, { id: home, more: '<desc>Student</desc>' }) },
    ],
    [
      'HIGH_TIME_NOT_GREATER_THAN_LOW_TIME',
      { before: address(LINES, { mode: 'added', use: 'PST', from: '20260301', to: '20260228' }) },
    ],
    ['ILLEGAL_DATE_FORMAT', { before: address(LINES, { id: home, from: '20260231' }) }],
    ['UNEXPECTED_CONTACT_TYPE', { after: '<telecom use="HP" updateMode="added" value="01632960000"/>' }],
    ['UNABLE_TO_DELETE_USUAL_NAME', { person: name('', { mode: 'removed', use: 'L', id: usual }) }],
    ['UNSUPPORTED_CHARACTERS_IN_FIELD', { person: name('', { mode: 'removed', use: '', id: usual }) }],
    ['UNABLE_TO_DELETE_USUAL_NAME', { person: name('', { mode: 'removed', use: 'A', id: usual }) }],
    ['UNSUPPORTED_CHARACTERS_IN_FIELD', { before: `<addr updateMode="removed">${objectId(home)}</addr>` }],
    [
      'UNSUPPORTED_CHARACTERS_IN_FIELD',
      { after: `<telecom updateMode="removed">${objectId(telecoms[0]!.objectId)}</telecom>` },
    ],
    // The element that a retrieval shows is not the one that an update has.
    [
      'UNSUPPORTED_HCP_CODE_TYPE',
      { person: provision('P2', 'ZFA01', 'added').replaceAll('assignedOrganization', 'assignedEntity') },
    ],
    ['UNSUPPORTED_HCP_CODE_TYPE', { interaction: 'PRPA_IN160000UK30', person: provision('P2', 'ZFA01', 'added') }],
    [
      'INVALID_REGISTERING_AUTHORITY_TYPE',
      {
        person: '<deceasedTime value="20260101" updateMode="added"/>',
        after: death('1'),
        author: AUTHOR.replace('code="x"', 'code="y"'),
      },
    ],
    [
      'INVALID_ASSIGNED_REGISTERING_PERSON',
      {
        person: '<deceasedTime value="20260101" updateMode="added"/>',
        after: death('1'),
        author: AUTHOR.replace('</registeringAuthority>', '<assignedRegisteringPerson/></registeringAuthority>'),
      },
    ],
    [
      'MANDATORY_FIELD_MISSING_SUPP_INFO',
      {
        interaction: 'PRPA_IN160000UK30',
        person: '<deceasedTime value="20260101" updateMode="added"/>',
        after: death('1'),
        author: AUTHOR,
      },
    ],
    ['NO_MORE_THAN_ONE_PREFIX', { person: name('<prefix>A</prefix><prefix>B</prefix><family>Copper</family>') }],
    ['NO_MORE_THAN_ONE_FAMILY_NAME', { person: name('<family>A</family><family>B</family>') }],
    ['NO_MORE_THAN_ONE_SUFFIX', { person: name('<family>A</family><suffix>B</suffix><suffix>C</suffix>') }],
    ['INSUFFICIENT_NAME_DETAILS', { person: name('<prefix>Dr</prefix>') }],
    ['TOO_MANY_GIVEN_NAMES_5', { person: name(`${'<given>A</given>'.repeat(6)}<family>B</family>`) }],
    ['UNSUPPORTED_PATIENT_CARE', { person: provision('7', 'Z99902', 'added') }],
    ['UNSUPPORTED_HCP_CODE_TYPE', { person: provision('P1', 'ZFA01', 'added').replace('1.4.3', '1.4.9') }],
    ['MORE_THAN_ONE_USABLE_PERIOD', { person: provision('P1', 'ZFA01', 'added', { from: '20260301' }) }],
    ['INVALID_GPREG', { person: provision('1', 'Z9990123456', 'altered', { id: gp!.objectId }) }],
    ['INVALID_GPREG', { person: provision('1', 'z99902', 'altered', { id: gp!.objectId }) }],
    ['INVALID_GPREG', { person: provision('1', '  ', 'altered', { id: gp!.objectId }) }],
    ['GENDER_REMOVAL_NOT_PERMITTED', { person: '<administrativeGenderCode code="1" updateMode="removed"/>' }],
    ['BIRTHTIME_REMOVAL_NOT_PERMITTED', { person: '<birthTime updateMode="removed"/>' }],
    ['MULTIPLE_BIRTH_ORDER_NUMBER_PROVIDED', { person: '<multipleBirthOrderNumber value="1" updateMode="removed"/>' }],
    ['INCONSISTENT_DEATH_UPDATE', { person: '<deceasedTime value="20260101" updateMode="added"/>', author: AUTHOR }],
    ['INCONSISTENT_DEATH_UPDATE', { after: death('1'), author: AUTHOR }],
    [
      'DEATH_UPDATE_MODE_INCONSISTENT',
      { person: '<deceasedTime value="20260101" updateMode="altered"/>', after: death('1'), author: AUTHOR },
    ],
    [
      'AUTHOR_UNSPECIFIED_ON_DEATH',
      { person: '<deceasedTime value="20260101" updateMode="added"/>', after: death('1') },
    ],
    ['INVALID_AUTHOR_SPECIFICATION', { author: AUTHOR }],
    [
      'AUTHOR_CHANGED_ON_REMOVAL',
      { author: AUTHOR, person: '<deceasedTime updateMode="removed"/>', after: death('', 'removed') },
    ],
    [
      'SOURCE_CANNOT_REMOVE_DATE_OF_DEATH',
      { person: '<deceasedTime updateMode="removed"/>', after: death('', 'removed') },
    ],
    [
      'DECEASED_TIME_CHANGED_ON_REMOVAL',
      { person: '<deceasedTime value="20260101" updateMode="removed"/>', after: death('', 'removed') },
    ],
    [
      'DEATH_NOTIFICATION_CHANGED_ON_REMOVAL',
      { person: '<deceasedTime updateMode="removed"/>', after: death('1', 'removed') },
    ],
    [
      'ILLEGAL_DATE_FORMAT',
      { person: '<deceasedTime value="202601" updateMode="added"/>', after: death('1'), author: AUTHOR },
    ],
    ['ILLEGAL_DATE_FORMAT', { person: '<birthTime value="20990101" updateMode="altered"/>' }],
    ['CONSENT_VALUES_CANNOT_BE_REMOVED', { after: consent('4', '', 'removed') }],
    ['CONSENT_VALUE_CHANGED_ON_REMOVAL', { after: consent('6', '5', 'removed') }],
    ['INVALID_DATA_FOR_CALL_CENTRE_CALL_BACK', { after: consent('6', '5', 'added', '20260101') }],
    [
      'CITY_COUNTY_COUNTRY_MISSING',
      { person: '<birthplace classCode="BIRTHPL"><addr updateMode="altered"/></birthplace>' },
    ],
    [
      'BIRTHPLACE_CHANGED_ON_REMOVAL',
      { person: '<birthplace classCode="BIRTHPL"><addr updateMode="removed"><city>X</city></addr></birthplace>' },
    ],
    [
      'UNEXPECTED_DATA_IN_BIRTHPLACE',
      { person: '<birthplace classCode="BIRTHPL"><addr updateMode="added"><city/></addr></birthplace>' },
    ],
    [
      'LANGUAGE_CHANGED_ON_REMOVAL',
      { person: '<languageCommunication updateMode="removed"><languageCode code="fr"/></languageCommunication>' },
    ],
    [
      'MISSING_VALUE_FROM_SHARED_SECRET',
      {
        after:
          '<subjectOf5 typeCode="SBJ"><sharedSecret updateMode="added"><code code="15" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.35"/></sharedSecret></subjectOf5>',
      },
    ],
    [
      'MISSING_CODE_FROM_SHARED_SECRET',
      {
        after:
          '<subjectOf5 typeCode="SBJ"><sharedSecret updateMode="added"><value>x</value></sharedSecret></subjectOf5>',
      },
    ],
    [
      'PREFERRED_CONTACT_TIME_EMPTY',
      {
        after:
          '<subjectOf2 typeCode="SBJ"><preferredContactMethod updateMode="added"><pertinentInformation><pertinentPreferredContactTimes><value/></pertinentPreferredContactTimes></pertinentInformation></preferredContactMethod></subjectOf2>',
      },
    ],
    [
      'WRITTEN_COMM_FORMAT_CHANGED_ON_REMOVAL',
      {
        after:
          '<subjectOf4 typeCode="SBJ"><preferredWrittenCommunicationFormat updateMode="removed"><value code="11"/></preferredWrittenCommunicationFormat></subjectOf4>',
      },
    ],
    [
      'HEALTHSPACE_REG_CHANGED_ON_REMOVAL',
      {
        after:
          '<subjectOf3 typeCode="SBJ"><healthspaceRegistration updateMode="removed"><value code="1"/></healthspaceRegistration></subjectOf3>',
      },
    ],
    ['RELATED_PERSON_NAME_ADDRESS_MISSING', { person: related('<player/>') }],
    [
      'RELATED_PERSON_DATA_INVALID_NHS_SUPPLIED',
      {
        person: related(
          `${address(LINES, { mode: 'added' })}<player><playedRelatedPatient><id root="2.16.840.1.113883.2.1.4.1" extension="9996020002"/></playedRelatedPatient></player>`,
        ),
      },
    ],
    [
      'RELATED_PERSON_CANNOT_PROVIDE_DATE',
      { person: related(`<effectiveTime><low value="20260101"/></effectiveTime>${objectId('abc')}`, 'removed') },
    ],
    ['MANDATORY_FIELD_MISSING_SUPP_INFO', { person: related('', 'removed') }],
    ['TOO_MANY_TELECOM_ELEMENTS', { person: related(`${'<telecom use="HP" value="tel:1"/>'.repeat(6)}<player/>`) }],
    ['ONLY_SUPPORTED_FOR_AGENTS', { person: related('<player/><subjectOf3 typeCode="SBJ"/>') }],
    [
      'MANDATORY_FIELD_MISSING_SUPP_INFO',
      { after: `<telecom use="HP" value="tel:1">${objectId(telecoms[0]!.objectId)}</telecom>` },
    ],
  ];
  const before = await stored(spine);
  for (const [rule, change] of cases) {
    const reply = await update(spine, change);
    t.equal(reply.typeCode, 'AE', rule);
    t.equal(reply.reasons[0], '0 Generic Error ER', rule);
    t.ok(reply.reasons[1]?.startsWith(`${rule} ${rule} - `), `${rule}: ${reply.reasons[1]}`);
  }
  t.strictSame(await stored(spine), before, 'none of them left a trace');
});

t.test('rules of content: the unexpected business error tells which', async (t) => {
  const spine = await startSpine(t);
  const preference = (slot: number, name: string, code: string) =>
    `<subjectOf${slot} typeCode="SBJ"><${name} classCode="OBS" moodCode="EVN" updateMode="added"><value code="${code}"/></${name}></subjectOf${slot}>`;
  const kin = (code: string, more = '') =>
    `<scopedRelatedPersonRole classCode="PRS" updateMode="added"><code code="${code}" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.15"/>${more}<player><playedRelatedPatient><id root="2.16.840.1.113883.2.1.4.1" extension="9996020002"/></playedRelatedPatient></player></scopedRelatedPersonRole>`;
  const { addresses, names, gp } = await stored(spine);
  const home = addresses[0]!.objectId;
  const cases: [detail: RegExp, change: Change][] = [
    [/first and its last day/, { before: address(LINES, { mode: 'added', use: 'TMP', from: '20260301' }) }],
    [/no end date/, { before: address(LINES, { id: home, from: '20260301', to: '20991231' }) }],
    [/begins in the future/, { before: address(LINES, { id: home, from: '20990301' }) }],
    [/alter it/, { before: address(LINES, { mode: 'added', from: '20260301' }) }],
    [/scopedRelatedPersonRole.code is 77, not 01 to 21, 98 or 99/, { person: kin('77') }],
    [/preferredContactMethod is 99, not 1 to 8/, { after: preference(2, 'preferredContactMethod', '99') }],
    [
      /preferredWrittenCommunicationFormat is 1, not 11, 12 or 13/,
      { after: preference(4, 'preferredWrittenCommunicationFormat', '1') },
    ],
    [
      /preferredContactMethod is x, not 1 to 8/,
      {
        person: `<scopedRelatedPersonRole classCode="PRS" updateMode="added"><code code="03"/>${address(LINES, { mode: 'added' })}<player><name use="L"><family>Kin</family></name></player><subjectOf1><preferredContactMethod><value code="x"/></preferredContactMethod></subjectOf1></scopedRelatedPersonRole>`,
      },
    ],
    [/positionNumber is first, not 1 to 99/, { person: kin('03', '<positionNumber value="first"/>') }],
    [/longer than 35/, { before: address(['', 'x'.repeat(36), '', 'Testbridge', ''], { id: home }) }],
    [/cannot change/, { before: address(LINES, { use: 'PST', id: home, from: '20260301', to: '20270301' }) }],
    [/alter it/, { person: '<name use="L" updateMode="added"><family>Second</family></name>' }],
    [
      /cannot change/,
      { person: `<name use="A" updateMode="altered"><family>X</family>${objectId(names[0]!.objectId)}</name>` },
    ],
    [/registered practice already/, { person: provision('1', 'Z99902', 'added') }],
    [
      /no registered practice .* has the object id .*: retrieve it again/,
      { person: provision('1', 'Z99902', 'altered', { id: `${gp!.objectId}x` }) },
    ],
    [/administrativeGenderCode is X, not 0/, { person: '<administrativeGenderCode code="X" updateMode="altered"/>' }],
    [
      /deathNotification is 7, neither 1 nor 2/,
      { author: AUTHOR, person: '<deceasedTime value="20260101" updateMode="added"/>', after: death('7') },
    ],
    [
      /"welsh" is no code of a language/,
      { person: '<languageCommunication updateMode="added"><languageCode code="welsh"/></languageCommunication>' },
    ],
    [/gender 9/, { person: '<administrativeGenderCode code="9" updateMode="altered"/>' }],
    [
      /never English/,
      {
        person:
          '<languageCommunication updateMode="added"><languageCode code="en"/><preferenceInd value="true"/></languageCommunication>',
      },
    ],
    [/birth order/, { person: '<multipleBirthOrderNumber value="10" updateMode="altered"/>' }],
    [
      /the use XX of telecom is none of H,HP/,
      { after: '<telecom use="XX" updateMode="added" value="tel:01632960001"/>' },
    ],
    [/the use ZZ of addr/, { before: address(LINES, { mode: 'added', use: 'ZZ' }) }],
    [/the use QQ of name/, { person: '<name use="QQ" updateMode="added"><family>Copper</family></name>' }],
    [/consent type 99/, { after: consent('99', '1', 'added') }],
    [/consent value 7 /, { after: consent('6', '7', 'added') }],
  ];
  for (const [detail, change] of cases) {
    const reply = await update(spine, change);
    t.match(reply.reasons[1], detail);
    t.match(reply.reasons[1], /^GE002 Unexpected business error encountered\. - /);
  }
});

t.test('facts in a slot where Spine looks for none change nothing, and the journal says so', async (t) => {
  const spine = await startSpine(t);
  const entryOf = async () => {
    const { body } = await spine.admin('GET', '/api/journal?limit=1');
    return (await spine.admin('GET', `/api/journal/${body.entries[0].id}`)).body;
  };
  const before = await stored(spine);
  // The slot that a retrieval shows consents in.
  const passed = await update(spine, { after: consent('6', '5', 'added').replaceAll('subjectOf1', 'subjectOf3') });
  t.equal(passed.typeCode, 'AA');
  t.strictSame((await stored(spine)).consents, before.consents);
  const detail = 'consent is looked for in subjectOf1, not in subjectOf3';
  t.ok((await entryOf()).steps.some((step: { detail?: string }) => step.detail === detail));
  const dead = await update(spine, {
    author: AUTHOR,
    person: '<deceasedTime value="20260101" updateMode="added"/>',
    after: death('1').replaceAll('subjectOf7', 'subjectOf2'),
  });
  t.match(
    dead.reasons[1],
    /^INCONSISTENT_DEATH_UPDATE .*deathNotification is looked for in subjectOf7, not in subjectOf2/,
  );
  t.equal((await stored(spine)).dateOfDeath, undefined);
  t.match((await entryOf()).advice, /^Send deceasedTime and, in subjectOf7, deathNotification together/);
});

t.test('the journal says what of an update is none of its message, and that nothing is changed', async (t) => {
  const spine = await startSpine(t);
  const told = async (change: Change) => {
    const reply = await update(spine, change);
    t.equal(reply.typeCode, 'AA', reply.reasons.join());
    const { body } = await spine.admin('GET', '/api/journal?limit=1');
    const { steps } = (await spine.admin('GET', `/api/journal/${body.entries[0].id}`)).body;
    return steps.map(({ detail }: { detail?: string }) => detail).join('\n');
  };
  const NOTHING = /nothing in it is added, altered or removed/;
  const gender = '<administrativeGenderCode code="1" updateMode="altered"/>';
  const part = 'COCT_MT000209UK01.PartAdminGenderCode';
  const inPart = `<${part} classCode="PART" updateMode="altered"><partPerson classCode="PSN" determinerCode="INSTANCE"><administrativeGenderCode code="1"/></partPerson></${part}>`;
  t.match(await told({}), NOTHING);
  const newer = 'PRPA_IN000203UK06';
  t.match(await told({ person: inPart }), `patientPerson has no ${part} in this message: it is passed over`);
  t.match(await told({ interaction: newer, person: gender }), 'patientPerson has no administrativeGenderCode');
  t.match(await told({ person: '<nmae use="A" updateMode="added"/>' }), 'patientPerson has no nmae in this message');
  t.match(await told({ after: '<telcom use="H"/>' }), 'patientRole has no telcom in this message');
  const bare = await told({ person: '<name xmlns="" use="A" updateMode="added"><family>X</family></name>' });
  t.match(bare, 'name is in no namespace: it is passed over');
  t.match(bare, NOTHING);
  for (const change of [{ person: gender }, { interaction: newer, person: inPart }]) {
    const quiet = await told(change);
    t.notMatch(quiet, 'passed over');
    t.notMatch(quiet, NOTHING);
  }
});

t.test('temporary addresses follow each other; at one time there is one', async (t) => {
  const spine = await startSpine(t);
  const { clock } = spine.environment.core.spaces.default;
  const year = Number(clock.iso().slice(0, 4)) + 1;
  const stay = (from: string, to: string) =>
    update(spine, {
      before: address(LINES, { mode: 'added', use: 'TMP', from: `${year}${from}`, to: `${year}${to}` }),
    });
  t.equal((await stay('0101', '0201')).typeCode, 'AA');
  t.match((await stay('0201', '0301')).reasons[1], /for that time the record has the address of use TMP already/);
  t.equal((await stay('0202', '0301')).typeCode, 'AA', 'the next begins when the first has ended');
});

t.test('a number may be written with spaces', async (t) => {
  const spine = await startSpine(t);
  const telecom = '<telecom use="WP" updateMode="added" value="tel:01632 960001"/>';
  const reply = await update(spine, { after: telecom });
  t.equal(reply.typeCode, 'AA', reply.reasons.join());
  t.ok((await stored(spine)).telecoms.some(({ value }) => value === 'tel:01632 960001'));
  t.match((await retrieve(spine)).text, 'value="tel:01632 960001"');
});

t.test('names, facts, preferences, consents and related persons', async (t) => {
  const spine = await startSpine(t);
  const { names } = await stored(spine);
  const reply = await update(spine, {
    author: AUTHOR,
    after:
      consent('4', '2', 'altered', '20260201') +
      consent('6', '5', 'added') +
      '<subjectOf2 typeCode="SBJ"><preferredContactMethod classCode="OBS" moodCode="EVN" updateMode="added"><code code="9" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.35"/><value code="2" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.16"/><pertinentInformation typeCode="PERT"><pertinentPreferredContactTimes><code code="10"/><value>After six</value></pertinentPreferredContactTimes></pertinentInformation></preferredContactMethod></subjectOf2>' +
      '<subjectOf3 typeCode="SBJ"><healthspaceRegistration updateMode="added"><code code="8"/><value code="1"/></healthspaceRegistration></subjectOf3>' +
      '<subjectOf4 typeCode="SBJ"><preferredWrittenCommunicationFormat updateMode="added"><code code="13"/><value code="12"/></preferredWrittenCommunicationFormat></subjectOf4>' +
      '<subjectOf5 typeCode="SBJ"><sharedSecret updateMode="added"><code code="15" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.35"/><value>walnut</value></sharedSecret></subjectOf5>' +
      death('1'),
    person: `<administrativeGenderCode code="1" updateMode="altered"/><birthTime value="19890621" updateMode="altered"/><deceasedTime value="20260102" updateMode="added"/>
<multipleBirthOrderNumber value="2" updateMode="added"/>
<name use="L" updateMode="altered"><prefix>Mrs</prefix><given>Brisella</given><family>Copperfield</family>${objectId(names[0]!.objectId)}</name>
<birthplace classCode="BIRTHPL"><addr updateMode="added"><city>Mockham</city><country><code code="GBR" codeSystem="1.0.3166.1.2.3"/></country></addr></birthplace>
<languageCommunication updateMode="added"><languageCode code="cy"/><preferenceInd value="true"/><proficiencyLevelCode code="1" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.39"/></languageCommunication>
${provision('P1', 'ZFA01', 'added')}
<scopedRelatedPersonRole classCode="PRS" updateMode="added"><code code="03" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.15"/>${address(LINES, { mode: 'added' })}<positionNumber value="1"/><telecom use="HP" value="tel:01632960111"/>
<part3 typeCode="PART"><partNextOfKin classCode="NOK"><code code="1" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.13"/></partNextOfKin></part3>
<player><name use="L"><given>Otto</given><family>Copperfield</family></name></player></scopedRelatedPersonRole>`,
  });
  t.equal(reply.typeCode, 'AA', reply.reasons.join());
  const after = await stored(spine);
  t.match(after, {
    gender: '1',
    dateOfBirth: '19890621',
    dateOfDeath: '20260102',
    deathStatus: '1',
    birthOrder: 2,
    birthplace: { town: 'Mockham', country: 'GBR' },
    language: 'cy',
    contactPreferences: { method: '2', times: 'After six', writtenFormat: '12', interpreter: true },
    healthspace: '1',
    sharedSecret: 'walnut',
    genderHistory: [{ gender: '2' }],
  });
  t.strictSame(
    after.consents?.map(({ type, value }) => `${type}=${value}`),
    ['4=2', '6=5'],
  );
  const { subject } = await retrieve(spine);
  t.strictSame(RECORD_63.faults(subject!), []);
  t.equal(subject!.find('sharedSecret')?.child('value')?.text, 'walnut');
  t.equal(subject!.find('healthspaceRegistration')?.child('value')?.attr('code'), '1');
  t.equal(subject!.find('scopedRelatedPersonRole')?.find('family')?.text, 'Copperfield');
  const trace = await ask(spine, {
    interaction: 'QUPA_IN000005UK01',
    act: '<query><person.administrativeGenderCode><value code="1"/></person.administrativeGenderCode><person.birthTime><value value="19890621"/></person.birthTime><person.name><value><family>copperfield</family></value></person.name></query>',
  });
  t.equal(trace.response, 'OK', 'a trace finds the new name and birth');

  const removal = await update(spine, {
    person: `<scopedRelatedPersonRole classCode="PRS" updateMode="removed"><code code="03"/>${objectId(after.related![0]!.objectId)}</scopedRelatedPersonRole><languageCommunication updateMode="removed"/>`,
    after: consent('6', '', 'removed'),
  });
  t.equal(removal.typeCode, 'AA', removal.reasons.join());
  const { subject: last } = await retrieve(spine);
  t.equal(last!.find('scopedRelatedPersonRole'), undefined);
  t.equal(last!.find('languageCommunication'), undefined);
  const history = await retrieve(spine, PLAIN, '1');
  t.ok(history.subject!.find('scopedRelatedPersonRole')?.find('relatedPersonRoleSourceSourceIdentified'));
  t.strictSame(RECORD_63.faults(history.subject!), []);
});

t.test('a correction leaves no history; a formal death stays as it is', async (t) => {
  const spine = await startSpine(t);
  const { names } = await stored(spine);
  const reply = await update(spine, {
    code: '2',
    person: `<name use="L" updateMode="altered"><given>Brisella</given><family>Fennelmare</family>${objectId(names[0]!.objectId)}</name>`,
  });
  t.equal(reply.typeCode, 'AA');
  t.strictSame(
    (await stored(spine)).names.map(({ family }) => family),
    ['Fennelmare'],
  );
  const formal = await update(spine, {
    nhsNumber: '9996110001',
    author: AUTHOR,
    person: '<deceasedTime value="20240518" updateMode="altered"/>',
    after: death('2', 'altered'),
  });
  t.match(formal.reasons[1], /formal death/);
});

t.test('the other generations, and registration authorities', async (t) => {
  const spine = await startSpine(t);
  const { world } = spine.environment.core.spaces.default;
  const system = structuredClone(world.systems.get(CLIENT)!);
  system.interactions.push(
    'urn:nhs:names:services:pds:PRPA_IN000204UK03',
    'urn:nhs:names:services:pds:PRPA_IN000204UK06',
  );
  await world.put('systems', system);

  const { gp } = await stored(spine);
  const older = await update(spine, {
    interaction: 'PRPA_IN160000UK30',
    person: provision('1', 'Z99903', 'altered', { id: gp!.objectId, from: '20260301' })
      .replace(
        'performer typeCode="PRF"><assignedOrganization classCode="ASSIGNED"',
        'responsibleParty typeCode="RESP"><healthCareProvider classCode="PROV"',
      )
      .replace('</assignedOrganization></performer>', '</healthCareProvider></responsibleParty>'),
  });
  t.match(
    older,
    { interaction: 'PRPA_IN150000UK30', typeCode: 'AA', versionCode: 'V3NPfIT4.2.00' },
    older.reasons.join(),
  );
  t.equal((await stored(spine)).gp?.ods, 'Z99903');

  const part = (name: string, mode: string, inner: string, told = '') =>
    `<${name} classCode="PART" updateMode="${mode}"><partPerson classCode="PSN" determinerCode="INSTANCE">${inner}</partPerson>${told && `<subjectOf typeCode="SBJ"><notificationTime classCode="OBS" moodCode="EVN"><code code="45" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.35"/><value value="${told}"/></notificationTime></subjectOf>`}</${name}>`;
  const newer = await update(spine, {
    interaction: 'PRPA_IN000203UK06',
    person:
      part('COCT_MT000209UK01.PartAdminGenderCode', 'altered', '<administrativeGenderCode code="1"/>', '20260102') +
      part('COCT_MT000211UK01.PartDeceasedTime', 'added', '<deceasedTime value="20260103"/>', '20260104'),
    after: death('1').replace(
      '</deathNotification>',
      '<responsibleParty typeCode="RESP"><registeringAuthority classCode="ASSIGNED"><code code="x"/><id root="2.16.840.1.113883.2.1.4.3" extension="Z99901"/></registeringAuthority></responsibleParty></deathNotification>',
    ),
  });
  t.match(
    newer,
    { interaction: 'PRPA_IN000202UK01', typeCode: 'AA', versionCode: '3NPfIT7.2.00' },
    newer.reasons.join(),
  );
  const shown = await ask(spine, { interaction: 'QUPA_IN000008UK05', act: retrievalQuery(PLAIN) });
  t.strictSame(RECORD_72.faults(shown.subject!), []);
  t.equal(
    shown
      .subject!.find('COCT_MT000209UK01.PartAdminGenderCode')
      ?.find('notificationTime')
      ?.child('value')
      ?.attr('value'),
    '20260102',
  );
  t.equal(
    shown.subject!.find('COCT_MT000211UK01.PartDeceasedTime')?.find('notificationTime')?.child('value')?.attr('value'),
    '20260104',
  );

  const removalEvent = (mode: string, inner: string) =>
    `<subjectOf3 typeCode="SBJ"><nHAISRemovalRegistrationEvent classCode="REG" moodCode="EVN" updateMode="${mode}"><code code="02" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.165"/>${inner}</nHAISRemovalRegistrationEvent></subjectOf3>`;
  const root = 'PdsNhaisUpdateRequest';
  const nhais = { interaction: 'PRPA_IN000204UK03', root, nhsNumber: FULL };
  const reason =
    '<effectiveTime><low value="20260301"/></effectiveTime><reasonCode code="EMB" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.168"/>';
  const removed = await update(spine, { ...nhais, after: removalEvent('added', reason) });
  t.match(removed, { interaction: 'PRPA_IN000209UK01', typeCode: 'AA' }, removed.reasons.join());
  t.match(await stored(spine, FULL), { gp: undefined, removalReason: 'EMB', removalDate: '2026-03-01' });
  const { subject } = await retrieve(spine, FULL);
  t.equal(subject!.find('reasonCode')?.attr('code'), 'EMB');
  const both = await update(spine, {
    ...nhais,
    person: provision('1', 'Z99901', 'added', { name: 'patientCareProvisionEvent' }),
    after: removalEvent('altered', reason),
  });
  t.match(both.reasons[1], /^GP_PROVDER_RULE86 /);
  const alone = await update(spine, { ...nhais, after: removalEvent('removed', '') });
  t.match(alone.reasons[1], /^REG_REMOVAL_AND_PCP_MUTUALLY_EXCLUSIVE /);
  const registered = await update(spine, {
    ...nhais,
    person: provision('1', 'Z99901', 'added', { from: '20260401', name: 'patientCareProvisionEvent' }),
    after: removalEvent('removed', ''),
  });
  t.equal(registered.typeCode, 'AA', registered.reasons.join());
  t.match(await stored(spine, FULL), { gp: { ods: 'Z99901' }, removalReason: undefined });
});

t.test('a message that comes again after a failure is answered and not done twice', async (t) => {
  const spine = await startSpine(t);
  const space = spine.environment.core.spaces.default;
  const { scn } = await stored(spine);
  const nothing = { names: [], addresses: [], provisions: [], related: [], consents: [] };
  const item = { use: 'MC', value: 'tel:07700900123' };
  const wanted = { ...nothing, nhsNumber: PLAIN, scn, correction: false, telecoms: [{ mode: 'added' as const, item }] };
  const change = { source: CLIENT, message: '5B1C0F4E-0001-4A6B-9C11-0000000000FF' };
  t.equal((await updatePatient(space, wanted, change)).scn, scn + 1);
  t.equal((await updatePatient(space, wanted, change)).scn, scn + 1);
  t.equal((await stored(spine)).telecoms.filter(({ value }) => value === item.value).length, 1);
  await t.rejects(updatePatient(space, wanted, { ...change, message: 'another' }), { name: 'UpdateFault' });
});

t.test('one message is done once', async (t) => {
  const spine = await startSpine(t);
  const { HOST, soapAction, syncRequest, UUID } = await import('../messaging/requests.ts');
  const interaction = 'PRPA_IN000203UK03';
  const send = async () => {
    const { scn } = await stored(spine);
    const act = updateRequest(PLAIN, scn, { person: provision('P1', 'ZFA01', 'added') });
    const body = syncRequest({ service: 'pds', interaction, act, id: UUID });
    return spine.ask(HOST, { path: '/sync-service', headers: soapAction({ service: 'pds', interaction }), body });
  };
  t.match((await send()).text, 'PdsSuccessfulUpdateResponse');
  t.match((await send()).text, 'Duplicate HL7 ID Error');
});

t.test(
  'the days of a record are those of London: in the first hour of a summer day a move of that day is none of the future',
  async (t) => {
    const spine = await startSpine(t);
    await spine.admin('PUT', '/api/clock', { now: '2026-06-30T23:30:00Z' });
    const { addresses } = await stored(spine);
    const from = '20260701';
    const moved = await update(spine, { before: address(LINES, { id: addresses[0]!.objectId, from }) });
    t.equal(moved.typeCode, 'AA', moved.reasons.join());
    const undated = await update(spine, { after: '<telecom use="MC" updateMode="added" value="tel:07700900123"/>' });
    t.equal(undated.typeCode, 'AA', undated.reasons.join());
    t.equal((await stored(spine)).telecoms[0]!.from, '2026-07-01');
    const lives = await ask(spine, {
      interaction: 'QUPA_IN000005UK01',
      act: '<query><person.address><value><postalCode>ZZ99 3VZ</postalCode></value></person.address><person.administrativeGenderCode><value code="2"/></person.administrativeGenderCode><person.birthTime><value value="19890620"/></person.birthTime><person.name><value><family>Fennelmere</family></value></person.name></query>',
    });
    t.match(lives.subject?.find('addr')?.text, '9 Harbour Steps', 'and shown at once');
  },
);
