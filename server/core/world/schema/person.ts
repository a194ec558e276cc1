import Type from 'typebox';
import { Id12, IsoDate, Ods, Pattern, STRICT, Text } from './text.ts';

export const Copies = Type.Optional(
  Type.Union([Type.Integer({ minimum: 1, maximum: 10_000 }), Type.Array(Type.Record(Type.String(), Type.String()))], {
    description:
      'how many records to make of this one, or a list of values to fill in; {n}, {n:4} and {name} are replaced',
  }),
);

export const CodedName = Type.Object({ code: Type.String(), name: Type.String() }, STRICT);

export const JobRole = Pattern(
  '"[^",:]+":"[^",:]+":"[^",:]+"',
  'three parts in double quotes joined by colons, without comma or colon inside',
  '"Clinical":"Clinical Provision":"Health Professional Access Role"',
);

export const JobRoleCode = Pattern(
  '[SRG][0-9]{4}(:[GRS][0-9]{4}){2}',
  'three codes joined by colons',
  'S8000:G8000:R8003',
);

/** Colons join the three parts, commas separate roles: neither may stand inside a part. */
export const RoleProfile = Type.Object(
  {
    copies: Copies,
    id: Id12('role profile id', '555000000103'),
    jobRole: JobRole,
    jobRoleCode: JobRoleCode,
    areasOfWork: Type.Optional(Type.Array(CodedName)),
    businessFunctions: Type.Optional(Type.Array(CodedName)),
    workgroups: Type.Optional(Type.Array(Id12('workgroup id', '555000090001'))),
    openDate: Type.Optional(IsoDate),
    closeDate: Type.Optional(IsoDate),
  },
  { ...STRICT, description: 'What the user may do at this organisation.' },
);

export const Employment = Type.Object(
  {
    id: Id12('employment id (nhsOrgPerson)', '555000000102'),
    ods: Ods,
    openDate: Type.Optional(IsoDate),
    closeDate: Type.Optional(IsoDate),
    sites: Type.Optional(Type.Array(Ods, { description: 'ODS codes of sites of the employer: nhsSiteCodes' })),
    departments: Type.Optional(Type.Array(Ods, { description: 'ODS codes of its departments: nhsDeptCodes' })),
    gnc: Type.Optional(Text('nhsGNC')),
    email: Type.Optional(Text('e-mail address here: nhsOrgMail')),
    roles: Type.Array(RoleProfile, { default: [] }),
  },
  STRICT,
);

export const Person = Type.Object(
  {
    uid: Id12('user id', '555000000101'),
    title: Type.Optional(Text('personal title')),
    givenName: Text('given name'),
    middleNames: Type.Optional(Text('middle names')),
    familyName: Text('family name'),
    initials: Type.Optional(Text('initials')),
    displayName: Type.Optional(Text('displayName')),
    active: Type.Boolean({ default: true, description: 'nhsPersonStatus 1; an inactive user cannot log in' }),
    email: Type.Optional(Text('e-mail address')),
    professionalCode: Type.Optional(Text('nhsOCSPRCode')),
    registrations: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'nhsGMC, nhsGMP, nhsNMC, nhsRPSGB ... by attribute name',
      }),
    ),
    employments: Type.Array(Employment, { default: [] }),
  },
  { ...STRICT, description: 'A user of the Care Identity Service.' },
);

export const Card = Type.Object(
  {
    id: Pattern('[A-Z0-9]{6,20}', 'the serial number printed on the card', 'SC8000000101'),
    uid: Id12('the user it belongs to', '555000000101'),
    series: Type.Union([Type.Literal(4), Type.Literal(5), Type.Literal(6), Type.Literal(8), Type.Literal(9)]),
    status: Type.Union(
      [Type.Literal('active'), Type.Literal('revoked'), Type.Literal('locked'), Type.Literal('expired')],
      { default: 'active' },
    ),
    passcode: Pattern('[0-9]{4,8}', '4 to 8 digits', '1234'),
  },
  { ...STRICT, description: 'A smartcard; its key and certificate are made by the card CA.' },
);
