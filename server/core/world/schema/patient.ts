import Type from 'typebox';
import { Asid, FiveLines, Hl7Date, IsoDate, NhsNumber, Ods, Pattern, STRICT, Text } from './text.ts';

/** Left out, an object id is made from what the item says, so that it stays the same. */
const item = {
  objectId: Type.Optional(Pattern('[A-Za-z0-9]{1,20}', 'letters and digits', 'a1Na0')),
  from: Type.Optional(IsoDate),
  to: Type.Optional(IsoDate),
  source: Type.Optional(Asid),
  recordedFrom: Type.Optional(Hl7Date),
  recordedTo: Type.Optional(Hl7Date),
};

const PatientName = Type.Object(
  {
    ...item,
    use: Pattern(
      'L|A|PREFERRED|PREVIOUS-BIRTH|PREVIOUS-MAIDEN|PREVIOUS-BACHELOR|PREVIOUS|I|R',
      'L usual, A alias, PREFERRED, PREVIOUS-BIRTH, PREVIOUS-MAIDEN, PREVIOUS-BACHELOR or PREVIOUS',
      'L',
    ),
    prefix: Type.Optional(Text('prefix', 35)),
    given: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 5, default: [] }),
    family: Text('family name', 35),
    suffix: Type.Optional(Text('suffix', 35)),
  },
  STRICT,
);

const PatientAddress = Type.Object(
  {
    ...item,
    use: Pattern('H|TMP|PST|PHYS|BAD|HP|HV|WP', 'H home, TMP temporary, PST correspondence', 'H'),
    lines: FiveLines,
    postcode: Type.Optional(Text('postcode with its space', 8)),
    pafKey: Type.Optional(Text('PAF key', 10)),
    description: Type.Optional(Text('only for TMP', 35)),
  },
  STRICT,
);

const PatientTelecom = Type.Object(
  {
    ...item,
    use: Pattern('H|HP|HV|WP|AS|EC|PG|MC', 'H, HP, HV, WP, AS, EC, PG or MC', 'HP'),
    value: Pattern('(tel|fax|mailto|textphone|sms):[^\\s].*', 'a number or address with its scheme', 'tel:01632960001'),
  },
  STRICT,
);

const PatientRegistration = Type.Object(
  { ...item, type: Type.Optional(Pattern('P[123]', 'P1, P2 or P3', 'P1')), ods: Ods },
  STRICT,
);

const ContactPreferences = Type.Object(
  {
    method: Type.Optional(Pattern('[1-8]', '1 to 8', '1')),
    times: Type.Optional(Text('best times', 40)),
    writtenFormat: Type.Optional(Pattern('1[123]', '11 large print, 12 Braille, 13 audio', '11')),
    interpreter: Type.Optional(Type.Boolean()),
    language: Type.Optional(Text('language code')),
  },
  STRICT,
);

const PatientRelated = Type.Object(
  {
    ...item,
    relation: Text('relationship code, 01 to 21, 98, 99'),
    nhsNumber: Type.Optional(NhsNumber),
    name: Type.Optional(PatientName),
    address: Type.Optional(PatientAddress),
    telecoms: Type.Optional(Type.Array(PatientTelecom)),
    order: Type.Optional(Type.Integer({ minimum: 1, maximum: 99 })),
    nextOfKin: Type.Optional(Type.Boolean()),
    correspondenceCopy: Type.Optional(Type.Boolean()),
    role: Type.Optional(Pattern('[A-Z]{2,10}', 'a role class', 'PRS')),
    callBack: Type.Optional(Pattern('[1245]', '1, 2, 4 or 5', '5')),
    contactPreferences: Type.Optional(ContactPreferences),
  },
  STRICT,
);

const NhaisRegistration = Type.Object(
  {
    custodian: Type.Object(
      {
        root: Pattern('[0-2](\\.(0|[1-9][0-9]*))+', 'an OID', '1.2.826.0.1285.0.1.10'),
        extension: Text('which system'),
      },
      STRICT,
    ),
    from: Type.Optional(IsoDate),
    to: Type.Optional(IsoDate),
  },
  { ...STRICT, description: 'which system of NHAIS holds the registration' },
);

const Gender = Type.Union([Type.Literal('0'), Type.Literal('1'), Type.Literal('2'), Type.Literal('9')], {
  description: '0 not known, 1 male, 2 female, 9 not specified',
});

export const Patient = Type.Object(
  {
    nhsNumber: NhsNumber,
    scn: Type.Integer({ minimum: 0, default: 1, description: 'serial change number' }),
    changedBy: Type.Optional(Type.String({ description: 'HL7 id of the message that changed it last' })),
    purpose: Type.Optional(Type.String({ description: 'what a developer uses this record for' })),
    names: Type.Array(PatientName, { minItems: 1 }),
    gender: Gender,
    genderHistory: Type.Optional(Type.Array(Type.Object({ ...item, gender: Gender }, STRICT))),
    dateOfBirth: Type.Optional(Hl7Date),
    birthOrder: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
    multipleBirth: Type.Optional(Type.Boolean()),
    birthplace: Type.Optional(
      Type.Object(
        {
          town: Type.Optional(Type.String()),
          district: Type.Optional(Type.String()),
          country: Type.Optional(Type.String()),
        },
        STRICT,
      ),
    ),
    birthWeight: Type.Optional(Type.Integer({ minimum: 1, maximum: 9999, description: 'grams' })),
    dateOfDeath: Type.Optional(Hl7Date),
    deathStatus: Type.Optional(
      Type.Union([Type.Literal('1'), Type.Literal('2')], { description: '1 informal, 2 formal' }),
    ),
    addresses: Type.Array(PatientAddress, { default: [] }),
    telecoms: Type.Array(PatientTelecom, { default: [] }),
    notifications: Type.Optional(
      Type.Object(
        {
          gender: Type.Optional(Hl7Date),
          birth: Type.Optional(Hl7Date),
          birthplace: Type.Optional(Hl7Date),
          death: Type.Optional(Hl7Date),
        },
        { ...STRICT, description: 'when the source of a fact was told of it' },
      ),
    ),
    ethnicGroup: Type.Optional(Pattern('[A-Z][A-Z0-9]{0,2}', 'an ethnic category', 'A')),
    childHealth: Type.Optional(Ods),
    gp: Type.Optional(PatientRegistration),
    gpHistory: Type.Optional(Type.Array(PatientRegistration)),
    removalReason: Type.Optional(Pattern('[A-Z]{1,3}', 'an NHAIS removal reason', 'EMB')),
    removalDate: Type.Optional(IsoDate),
    nhaisRegistration: Type.Optional(NhaisRegistration),
    pharmacies: Type.Optional(Type.Array(PatientRegistration)),
    related: Type.Optional(Type.Array(PatientRelated, { maxItems: 100, description: 'past ones too' })),
    consents: Type.Optional(Type.Array(Type.Object({ ...item, type: Type.String(), value: Type.String() }, STRICT))),
    contactPreferences: Type.Optional(ContactPreferences),
    language: Type.Optional(Text('language code')),
    healthspace: Type.Optional(Pattern('[0-9A-Z]{1,2}', 'a code of HealthSpace registration', '1')),
    sharedSecret: Type.Optional(Text('shared secret')),
    confidentiality: Type.Optional(
      Type.Union([Type.Literal('Y'), Type.Literal('B'), Type.Literal('S')], {
        description: 'Y stop-noted, B business, S sensitive',
      }),
    ),
    recordWarnings: Type.Optional(
      Type.Array(
        Type.Union([
          Type.Literal('confidential-items'),
          Type.Literal('data-in-transit'),
          Type.Literal('data-awaiting-filing'),
        ]),
        { uniqueItems: true, description: 'why the GP record is not complete, as its lists tell' },
      ),
    ),
    invalid: Type.Optional(Type.Boolean({ description: 'an invalidated record with no replacement' })),
    supersededBy: Type.Optional(NhsNumber),
    supersededOn: Type.Optional(IsoDate),
    oldNumbers: Type.Optional(Type.Array(NhsNumber)),
    oldStyleNumbers: Type.Optional(Type.Array(Type.String())),
    mother: Type.Optional(NhsNumber),
    previousNhsContact: Type.Optional(Pattern('[01]', '0 or 1', '1')),
  },
  { ...STRICT, description: "A patient's demographic record." },
);
