import Type from 'typebox';
import { Ods, Pattern, STRICT, Text } from './text.ts';

const MailboxId = Pattern('[A-Z0-9_-]{1,40}', 'a mailbox id, upper case', 'X26ABC1');

export const Mailbox = Type.Object(
  {
    id: MailboxId,
    name: Text('name shown in look-ups'),
    password: Type.String({ minLength: 1, maxLength: 100, description: 'password of the Authorization header' }),
    ods: Ods,
    organisationName: Type.Optional(Text('organisation name')),
    organisationCode: Type.Optional(Ods),
    billingEntity: Type.Optional(Text('billing entity')),
    active: Type.Boolean({ default: true }),
  },
  { ...STRICT, description: 'A MESH mailbox.' },
);

export const Workflow = Type.Object(
  {
    id: Pattern('[A-Za-z0-9_.-]{1,300}', 'a workflow id', 'TEST_WORKFLOW'),
    senders: Type.Array(MailboxId, { default: [] }),
    receivers: Type.Array(MailboxId, { default: [] }),
    restricted: Type.Optional(Type.Boolean({ description: 'refused between any other mailboxes' })),
  },
  { ...STRICT, description: 'A MESH workflow: who starts it and who answers.' },
);

const AsidOrAny = Pattern('[0-9]{12}|\\*', 'an ASID, or * for any', '200000000903');

export const SharingPair = Type.Object(
  {
    id: Pattern('[a-z0-9-]{1,60}', 'a name for this pair', 'all'),
    from: AsidOrAny,
    to: AsidOrAny,
    allowed: Type.Boolean(),
  },
  { ...STRICT, description: 'A data-sharing pair of the SSP; the first in the list that matches decides.' },
);
