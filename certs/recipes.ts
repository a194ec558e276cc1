/**
 * What the simulator's certificate authorities issue: subjects, lifetimes, extensions and revocation addresses, as data.
 * The shapes are those of the published path-to-live certificates (SHA-2 generation, 2019); the authority names say
 * "Simulated" so that nothing made here can be taken for the real thing. Leaves are made again when their recipe changes;
 * authorities never are, because clients have been told to trust them.
 */

/** A distinguished name, in the order in which it is encoded. */
export type DistinguishedName = readonly (readonly [type: 'C' | 'O' | 'OU' | 'CN', value: string])[];

/** Where a certificate says its revocation list lies: an address, or a directory name as the SHA-1 chain and cards have. */
export type CrlPoint = { readonly url: string } | { readonly directoryName: DistinguishedName };

export type Hash = 'SHA-1' | 'SHA-256';

export type AuthorityName = 'root' | 'sub' | 'card' | 'sha1Root' | 'sha1Sub';

export interface AuthorityRecipe {
  readonly subject: DistinguishedName;
  /** The authority that signs this one; itself when absent. */
  readonly parent?: AuthorityName;
  readonly years: number;
  readonly hash: Hash;
  /** Where the list lies on which the parent would revoke this authority. */
  readonly crl?: CrlPoint;
}

export type KeyUsageName = 'digitalSignature' | 'nonRepudiation' | 'keyEncipherment';

export interface LeafRecipe {
  /** What stands before the common name. */
  readonly under: DistinguishedName;
  readonly days: number;
  /** It begins so long before it is made; a day when absent. */
  readonly backdateDays?: number;
  readonly hash: Hash;
  readonly keyUsage: readonly KeyUsageName[];
  readonly extendedKeyUsage: readonly ('serverAuth' | 'clientAuth')[];
  readonly policy: string;
  readonly crl: CrlPoint;
  /** Text of the Entrust version extension 1.2.840.113533.7.65.0, which the real leaves carry. */
  readonly entrustVersion?: string;
  /** States the period in which the private key may sign, as smartcard certificates do. */
  readonly privateKeyUsagePeriod?: boolean;
}

const CA: DistinguishedName = [
  ['O', 'nhs'],
  ['OU', 'CA'],
];

export const authorities: Readonly<Record<AuthorityName, AuthorityRecipe>> = {
  root: { subject: [...CA, ['CN', 'Simulated PTL Root Authority']], years: 20, hash: 'SHA-256' },
  sub: {
    subject: [...CA, ['CN', 'Simulated DEV Level 1C']],
    parent: 'root',
    years: 10,
    hash: 'SHA-256',
    crl: { url: 'http://crl.nhs.uk/ptl/rootca/arla1.crl' },
  },
  card: {
    subject: [...CA, ['CN', 'Simulated SubCA02']],
    parent: 'root',
    years: 10,
    hash: 'SHA-256',
    crl: { url: 'http://crl.nhs.uk/ptl/rootca/arla1.crl' },
  },
  // The older chain that DEV and INT still ask partners to install beside the SHA-2 one. Its names are assumed; its
  // distribution point is a directory name that nothing answers, as the published one is. Made when first asked for.
  sha1Root: { subject: [...CA, ['CN', 'Simulated Root CA']], years: 20, hash: 'SHA-1' },
  sha1Sub: {
    subject: [...CA, ['CN', 'Simulated VNIS03_SUBCA']],
    parent: 'sha1Root',
    years: 10,
    hash: 'SHA-1',
    crl: { directoryName: [...CA, ['CN', 'Simulated Root CA'], ['CN', 'CRL1']] },
  },
};

/**
 * Whether basicConstraints and keyUsage of an authority are critical, as RFC 5280 4.2.1.3 and 4.2.1.9 ask. The published 2019
 * authorities have basicConstraints not critical. Here they are, because Python 3.13 and later (VERIFY_X509_STRICT) refuse every
 * connection otherwise and no client is known that minds; set to false to see what a strict client makes of the published shape.
 */
export const criticalAuthorityExtensions = true;

const DEVICE = {
  under: [
    ['O', 'nhs'],
    ['OU', 'Devices'],
  ],
  hash: 'SHA-256',
  keyUsage: ['digitalSignature', 'keyEncipherment'],
  extendedKeyUsage: ['serverAuth', 'clientAuth'],
  policy: '1.2.826.0.1275.101.0.3.1.1',
  crl: { url: 'http://crl.nhs.uk/int/1c/crlc2.crl' },
  entrustVersion: 'V8.3',
} as const satisfies Omit<LeafRecipe, 'days'>;

/**
 * What clients hold must still be good when the simulated clock is set back into the timeline of 2024 to 2026: making all of it
 * anew, as the listeners' own certificate is, would need the clients' help.
 */
const BACKDATE_DAYS = 3 * 365;

export const leaves = {
  /** The simulator's own listeners. Three years in the published leaf; Apple's clients refuse more than 825 days. */
  server: { ...DEVICE, days: 397 },
  /** A partner's system, and the simulator itself when it calls one. Subject alternative names only when asked for. */
  client: { ...DEVICE, days: 3 * 365, backdateDays: BACKDATE_DAYS },
  /** The same from the SHA-1 chain. */
  sha1Client: {
    ...DEVICE,
    days: 3 * 365,
    backdateDays: BACKDATE_DAYS,
    hash: 'SHA-1',
    crl: { directoryName: [...CA, ['CN', 'Simulated VNIS03_SUBCA'], ['CN', 'CRL1']] },
  },
  /** A smartcard: exactly three RDNs, the common name third and equal to the user's uid. */
  card: {
    under: [
      ['O', 'nhs'],
      ['OU', 'people'],
    ],
    days: 2 * 365,
    backdateDays: BACKDATE_DAYS,
    hash: 'SHA-256',
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: [],
    policy: '1.2.826.0.1275.101.0.3.1.1',
    crl: { directoryName: [...CA, ['CN', 'Simulated SubCA02'], ['CN', 'CRL1']] },
    entrustVersion: 'V8.3',
    privateKeyUsagePeriod: true,
  },
} as const satisfies Record<string, LeafRecipe>;

/**
 * Common names that the simulator shows when it calls a partner's message handler or a provider; the first is the default. One key
 * serves them all.
 */
export const outboundNames = [
  'msg-out.dev.spine2.ncrs.nhs.uk',
  'msg.dev.spine2.ncrs.nhs.uk',
  'msg-out.int.spine2.ncrs.nhs.uk',
  'msg.int.spine2.ncrs.nhs.uk',
] as const;

/** Paths on crl.nhs.uk at which a revocation list is served, with the authority whose list it is. */
export const crlPaths: Readonly<Record<string, AuthorityName>> = {
  '/ptl/rootca/arla1.crl': 'root',
  '/int/1c/crlc2.crl': 'sub',
};

/** RSA keys have this many bits: the least that the real authority signs, and what its own leaves have. */
export const rsaBits = 2048;

/** Protects the keystores that are handed out. It guards nothing: keytool and Java insist on one of six characters or more. */
export const keystorePassword = 'spine-sim';
