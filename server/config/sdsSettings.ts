/** Settings of the directory. */
import Type, { type Static } from 'typebox';

const Strict = { additionalProperties: false };

const Choice = <T extends string>(values: readonly T[], fallback: NoInfer<T>, description: string) =>
  Type.Unsafe<T>(
    Type.Union(
      values.map((value) => Type.Literal(value)),
      { default: fallback, description },
    ),
  );

const Account = Type.Object(
  {
    dn: Type.String({ description: 'Name to bind with.' }),
    password: Type.String({ minLength: 1, description: 'Password of a simple bind.' }),
    administrator: Type.Optional(
      Type.Boolean({ description: 'Sees every attribute, and may change entries where `writes` is on.' }),
    ),
  },
  { ...Strict, description: 'An account of the directory.' },
);

export const SdsSettings = Type.Object(
  {
    profile: Choice(
      ['dev', 'opentest'],
      'dev',
      'dev: as the path-to-live directories answer; opentest: as OpenLDAP does (schema spelling, published matching rules only).',
    ),
    sizeLimit: Type.Integer({ minimum: 1, default: 1000, description: 'Most entries of one answer.' }),
    timeLimitSeconds: Type.Integer({ minimum: 1, default: 60, description: 'Longest time of one search.' }),
    emptyPassword: Choice(
      ['anonymous', 'refuse'],
      'anonymous',
      'What a bind with a name and an empty password is: an anonymous success, or refused with unwillingToPerform.',
    ),
    clientCertificate: Choice(
      ['optional', 'required'],
      'optional',
      'Whether LDAPS refuses a client without a certificate.',
    ),
    writes: Type.Boolean({ default: false, description: 'Whether an administrator may change entries over LDAP.' }),
    accounts: Type.Array(Account, {
      default: [{ dn: 'cn=simulator,o=nhs', password: 'simulator', administrator: true }],
      description: 'Who can bind with a password; everybody else is anonymous.',
    }),
  },
  { ...Strict, default: {}, description: 'SDS, the directory.' },
);

export type SdsConfig = Static<typeof SdsSettings>;
