/** What one call of a consumer is. */
import type { Resource } from '../../fhir/resource.ts';
import type { Findings } from '../finding.ts';
import type { ReceivedAnswer } from '../rules/answer.ts';

export type Capability = 'foundations' | 'structured' | 'documents';

/** What earlier answers told, for later calls. */
export interface Found {
  patient?: Resource;
  practitioner?: string;
  sdsUser?: string;
  organisation?: string;
  location?: string;
  slot?: Resource;
  /** Of the slot. */
  schedule?: Resource;
  appointment?: Resource;
  /** Absolute, as in the DocumentReference. */
  document?: string;
}

export interface Context {
  /** ODS code of the provider. */
  ods: string;
  nhsNumber: string;
  /** Milliseconds. */
  now: number;
  /** `YYYY-MM-DD` */
  today: string;
  /** The consumer's organisation. */
  requester: { ods: string; name: string };
  traceId: string;
  found: Found;
}

export interface Asked {
  /** Below the service root; an absolute URL as it is. */
  path: string;
  headers?: Record<string, string>;
  /** Headers that are left out. */
  without?: string[];
  resource?: unknown;
  /** Body that is sent as it is, in place of a resource. */
  text?: string;
  /** Claims that differ. */
  claims?: Record<string, unknown>;
  format?: 'json' | 'xml';
}

export type Scope = `${'patient' | 'organization'}/*.${'read' | 'write'}`;

export interface GpConnectCall {
  /** On the command line. */
  name: string;
  title: string;
  capability: Capability;
  /** Without `urn:nhs:names:services:gpconnect:`. */
  interaction: string;
  method: 'GET' | 'POST' | 'PUT';
  scope: Scope;
  reason?: 'migration';
  /** Not part of `all`: it changes or needs what not every provider can have. */
  extra?: boolean;
  make(context: Context): Asked | { skip: string };
  expected: { status: number; codes?: string[]; empty?: boolean };
  /** Looks at a good answer, and notes what later calls need. */
  check?(findings: Findings, resource: Resource, context: Context, answer: ReceivedAnswer): void;
}

export const PREFIX = 'urn:nhs:names:services:gpconnect:';
export const NHS_NUMBER = 'https://fhir.nhs.uk/Id/nhs-number';
export const ODS_CODE = 'https://fhir.nhs.uk/Id/ods-organization-code';
export const SDS_USER = 'https://fhir.nhs.uk/Id/sds-user-id';

/** The type's resources in a bundle, in their order. */
export function inBundle(bundle: Resource, type: string): Resource[] {
  const entries = Array.isArray(bundle.entry) ? bundle.entry : [];
  return entries.flatMap((entry: { resource?: Resource } | null) => {
    const resource = entry?.resource;
    return resource?.resourceType === type ? [resource] : [];
  });
}

/** Id behind a reference to the type, relative or absolute. */
export function idIn(reference: unknown, type: string): string | undefined {
  const text = (reference as { reference?: unknown } | undefined)?.reference;
  return typeof text === 'string' ? new RegExp(`(?:^|/)${type}/([A-Za-z0-9\\-.]{1,64})$`).exec(text)?.[1] : undefined;
}

/** A searchset of the right profile. */
export function checkSearchset(findings: Findings, bundle: Resource, rule: string): void {
  findings.expect(
    bundle.type === 'searchset',
    'type of the bundle',
    `is ${bundle.type}, not searchset`,
    rule,
    'Bundle.type',
  );
  const profile = 'https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-Searchset-Bundle-1';
  const given = bundle.meta?.profile ?? [];
  findings.expect(
    given.includes(profile),
    'profile of the bundle',
    `must have ${profile}`,
    rule,
    'Bundle.meta.profile',
  );
}

/** True when the resource is of the type; a finding otherwise. */
export function isA(findings: Findings, resource: Resource, type: string, rule: string): boolean {
  return findings.expect(
    resource.resourceType === type,
    'resource',
    `is a ${resource.resourceType}, not a ${type}`,
    rule,
  );
}
