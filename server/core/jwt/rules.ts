/** The published rules of tokens, by the programme whose interaction is called. */
import type { Token } from './token.ts';

export type TokenFlavour = 'gp-connect' | 'gp-connect-0' | 'care-connect' | 'record-locator' | 'other';

/** By the interaction's programme: `urn:nhs:names:services:<programme>:...`. */
export function flavourOf(interaction: string | undefined): TokenFlavour {
  const programme = interaction?.split(':', 5)[4];
  // Interactions of the 0.x specifications have no version at their end.
  if (programme === 'gpconnect') return /-\d+$/.test(interaction!) ? 'gp-connect' : 'gp-connect-0';
  if (programme === 'careconnect' || programme === 'a2si') return 'care-connect';
  if (programme === 'nrl' || programme === 'nrls') return 'record-locator';
  return 'other';
}

/** Reason that GP Connect asks for with an interaction: migration of a record, else direct care. */
export function reasonOf(interaction: string | undefined): string {
  return interaction && /migrate/.test(interaction) ? 'migration' : 'directcare';
}

/** GP Connect, cross-organisation audit and provenance: what else there is reads of an organisation. */
const PATIENT_READ =
  /:(read|search):(patient|patient_appointments|appointment|documentreference)-|binary-|structuredrecord-/;
const PATIENT_WRITE = /:(create|update|cancel):appointment-|registerpatient-/;

/** Scope that GP Connect 1.x asks for with an interaction; undefined for other programmes. */
export function scopeOf(interaction: string | undefined): string | undefined {
  if (interaction === undefined || flavourOf(interaction) !== 'gp-connect') return undefined;
  if (PATIENT_WRITE.test(interaction)) return 'patient/*.write';
  return PATIENT_READ.test(interaction) ? 'patient/*.read' : 'organization/*.read';
}

export interface TokenRules {
  flavour: TokenFlavour;
  /** Simulated time in milliseconds. */
  now: number;
  ignoreExpiry?: boolean;
  /** Take a token with a signature. */
  allowSigned?: boolean;
  /** Scope that the operation needs, for example `patient/*.read`. */
  scope?: string;
  /** Reason that the operation needs; `directcare` when absent. */
  reason?: string;
}

/** exp is exactly this many seconds after iat (GP Connect, cross-organisation audit and provenance). */
const LIFETIME_S = 300;

const MAX_SECONDS = 99_999_999_999;

const COMMON = ['iss', 'sub', 'aud', 'exp', 'iat', 'reason_for_request'];

const GP_CONNECT_CLAIMS = [
  ...COMMON,
  'requested_scope',
  'requesting_device',
  'requesting_organization',
  'requesting_practitioner',
];

/** In Care Connect booking the practitioner is optional. */
const CARE_CONNECT_CLAIMS = GP_CONNECT_CLAIMS.filter((claim) => claim !== 'requesting_practitioner');

const LOCATOR_CLAIMS = [...COMMON, 'scope', 'requesting_system', 'requesting_organization'];

const REQUIRED: Record<TokenFlavour, string[]> = {
  'gp-connect': GP_CONNECT_CLAIMS,
  'gp-connect-0': [...GP_CONNECT_CLAIMS, 'requested_record'],
  'care-connect': CARE_CONNECT_CLAIMS,
  'record-locator': LOCATOR_CLAIMS,
  other: COMMON,
};

const RESOURCES: Record<string, string> = {
  requesting_device: 'Device',
  requesting_organization: 'Organization',
  requesting_practitioner: 'Practitioner',
};

const ODS_SYSTEM = 'https://fhir.nhs.uk/Id/ods-organization-code';

/** The same in tokens of GP Connect 0.x. */
const ODS_SYSTEM_0 = 'http://fhir.nhs.net/Id/ods-organization-code';

type Claims = Record<string, unknown>;

/** Every broken rule, one sentence each; none for a good token. */
export function brokenRules({ header, claims, signature }: Token, rules: TokenRules): string[] {
  const broken: string[] = [];
  const isFhir = rules.flavour !== 'record-locator' && rules.flavour !== 'other';
  if (header.alg !== 'none' && !rules.allowSigned) broken.push(`alg is ${show(header.alg)}, not "none"`);
  if (header.typ !== undefined && header.typ !== 'JWT') broken.push(`typ is ${show(header.typ)}, not "JWT"`);
  if (signature !== '' && !rules.allowSigned) broken.push('the token has a signature; the third part is to be empty');
  for (const claim of REQUIRED[rules.flavour]) {
    const value = claims[claim];
    if (value === undefined || value === null || value === '') broken.push(`the claim ${claim} is missing`);
  }
  broken.push(...brokenTimes(claims, rules));
  if (isFhir) broken.push(...brokenResources(claims), ...brokenScope(claims, rules));
  if (rules.flavour === 'gp-connect') broken.push(...brokenGpConnect(claims, rules));
  return broken;
}

function brokenTimes({ iat, exp }: Claims, { now, ignoreExpiry }: TokenRules): string[] {
  const broken: string[] = [];
  for (const [name, value] of Object.entries({ iat, exp })) {
    if (value !== undefined && !Number.isInteger(value))
      broken.push(`${name} is ${show(value)}, not whole seconds since 1970`);
  }
  if (!Number.isInteger(iat) || !Number.isInteger(exp)) return broken;
  // No second of this or the next thousand years has as many digits.
  if ((iat as number) > MAX_SECONDS) return [`iat is ${iat}, which looks like milliseconds; it is seconds since 1970`];
  const lifetime = (exp as number) - (iat as number);
  if (lifetime !== LIFETIME_S) broken.push(`exp is ${lifetime} seconds after iat, not ${LIFETIME_S}`);
  const past = Math.floor(now / 1000) - (exp as number);
  if (past >= 0 && !ignoreExpiry) broken.push(`the token expired ${past} seconds ago`);
  return broken;
}

function brokenResources(claims: Claims): string[] {
  const broken: string[] = [];
  for (const [claim, type] of Object.entries(RESOURCES)) {
    const value = claims[claim] as { resourceType?: unknown } | undefined | null;
    if (value === undefined || value === null || value.resourceType === type) continue;
    broken.push(
      value.resourceType === undefined
        ? `${claim} has no resourceType; it is to be a FHIR resource of type "${type}"`
        : `${claim} is of type ${show(value.resourceType)}, not "${type}"`,
    );
  }
  const identifiers = (claims.requesting_organization as { identifier?: unknown } | undefined)?.identifier;
  const systems = [ODS_SYSTEM, ODS_SYSTEM_0];
  const ods = Array.isArray(identifiers) && identifiers.some((identifier) => systems.includes(identifier?.system));
  if (claims.requesting_organization !== undefined && !ods) {
    broken.push(`requesting_organization has no identifier of system ${ODS_SYSTEM}`);
  }
  return broken;
}

function brokenScope({ requested_scope: requested }: Claims, { scope }: TokenRules): string[] {
  if (requested === undefined || scope === undefined) return [];
  const asked = typeof requested === 'string' ? requested.split(' ') : [];
  return asked.includes(scope) ? [] : [`requested_scope is ${show(requested)}; this operation needs "${scope}"`];
}

function brokenGpConnect(claims: Claims, { reason = 'directcare' }: TokenRules): string[] {
  const broken: string[] = [];
  const asked = claims.reason_for_request;
  if (asked !== undefined && asked !== reason) broken.push(`reason_for_request is ${show(asked)}, not "${reason}"`);
  const practitioner = claims.requesting_practitioner as { id?: unknown } | undefined;
  if (practitioner !== undefined && practitioner?.id !== claims.sub) {
    broken.push(`sub is ${show(claims.sub)}, but the id of requesting_practitioner is ${show(practitioner?.id)}`);
  }
  if ('requested_record' in claims) broken.push('requested_record belongs to the tokens of GP Connect 0.x');
  return broken;
}

const MAX_SHOWN = 80;

function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'absent').slice(0, MAX_SHOWN);
}
