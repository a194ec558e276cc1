/** Workgroups with their types, and baselines of the role-based access model. */
import Type from 'typebox';
import { CodedName, JobRole, JobRoleCode } from './person.ts';
import { Id12, IsoDate, Ods, STRICT, Text } from './text.ts';

/** Those that the directory knows. Any other would be an attribute that no search could show. */
const TIMERS = [
  ...['CloseExpiry', 'CpmlnExpiry', 'CreateExpiry', 'ExprsExpiry', 'GPDeregExpiry', 'GPDeregFreeze', 'GrantExpiry'],
  ...[
    'OrderExpiry',
    'RefAbanFreeze',
    'RefAccExpiry',
    'RefAccFreeze',
    'RefDisFreeze',
    'RefExpFreeze',
    'RefPostAccFreeze',
  ],
  ...['RegExpiry', 'RegFreeze', 'SelfExpiry', 'SrefFreeze'],
];

const Timers = Type.Optional(
  Type.Record(Type.String({ pattern: `^nhsLr(?:${TIMERS.join('|')})$` }), Text('a duration'), {
    ...STRICT,
    description: 'timers of legitimate relationships by attribute name: nhsLrRegExpiry ...',
  }),
);

const WorkgroupId = Id12('workgroup id', '555000090001');

export const Workgroup = Type.Object(
  {
    id: WorkgroupId,
    name: Text('name'),
    ods: Ods,
    type: Type.Optional(Text('nhsWgType: one of the workgroup types')),
    status: Type.Optional(Text('nhsWgStatus')),
    closed: Type.Optional(Text('nhsWgClosed')),
    root: Type.Optional(Text('nhsWgRoot')),
    parent: Type.Optional(WorkgroupId),
    otherParents: Type.Optional(Type.Array(WorkgroupId, { description: 'nhsXPwgId' })),
    legalEstablishment: Type.Optional(Text('nhsLegalEst')),
    predecessors: Type.Optional(Type.Array(Text('nhsOCSPredecessor'))),
    timers: Timers,
  },
  { ...STRICT, description: 'A workgroup.' },
);

export const WorkgroupType = Type.Object(
  { type: Text('nhsWgType'), name: Type.String({ ...Text('name'), minLength: 1 }), timers: Timers },
  { ...STRICT, description: 'A type of workgroup.' },
);

export const Baseline = Type.Object(
  {
    id: Id12('baseline id', '555000080001'),
    jobRole: JobRole,
    jobRoleCode: JobRoleCode,
    areasOfWork: Type.Optional(Type.Array(CodedName)),
    businessFunctions: Type.Optional(Type.Array(CodedName)),
    registrationAuthority: Type.Optional(Ods),
    created: Type.Optional(IsoDate),
  },
  { ...STRICT, description: 'A baseline: the business functions that come with a job role.' },
);
