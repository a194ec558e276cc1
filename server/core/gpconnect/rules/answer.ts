/** What every answer of a provider must be, whatever was asked: status, headers, form, and for a refusal its OperationOutcome. */
import { formatOf } from '../../fhir/format.ts';
import { FhirXmlError, fromXml } from '../../fhir/fromXml.ts';
import { isResource, type Resource } from '../../fhir/resource.ts';
import { type Findings, PAGES } from '../finding.ts';
import { listOf, STRUCTURE, valuesAt } from './resource.ts';

export interface ReceivedAnswer {
  status: number;
  headers: [name: string, value: string][];
  body: Buffer;
  /** Why a compressed body could not be unpacked; it is as it came then. */
  packed?: string;
}

export interface Expected {
  status: number;
  /** Code in the OperationOutcome of a refusal; any of them. */
  codes?: string[];
  /** Form that was asked for. */
  format: 'json' | 'xml';
  /** True when the answer may or must have no body. */
  empty?: boolean;
}

export const headerOf = ({ headers }: ReceivedAnswer, name: string): string | undefined =>
  headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];

/** Marks of an OperationOutcome that is the SSP's own. */
const SSP_SYSTEMS = [
  'http://fhir.nhs.net/ValueSet/gpconnect-schedule-response-code-1-0',
  'https://fhir.nhs.uk/StructureDefinition/spine-operationoutcome-1',
];

/** True for an answer of the SSP itself: the provider has not been asked, or gave none. */
export function isOfTheSsp({ body }: ReceivedAnswer): boolean {
  const text = body.subarray(0, 4000).toString('utf8');
  return SSP_SYSTEMS.some((system) => text.includes(system));
}

/** One finding for an answer of the SSP itself, which the rules of providers are not for. `why`: what its journal entry says. */
export function checkSspAnswer(findings: Findings, answer: ReceivedAnswer, expected: Expected, why: string): void {
  const told = /"(?:diagnostics|display)":"([^"]*)"/.exec(answer.body.toString('utf8'))?.[1] ?? 'see the journal';
  const text = `the SSP refused the call or could not reach the provider (${told})${why === '' ? '' : `: ${why}`}`;
  findings.expect(false, 'status', `is ${answer.status}, not ${expected.status}: ${text}`, PAGES.general);
}

/** Checks what all answers share. Returns the resource, if there is one that can be read. */
export function checkAnswer(findings: Findings, answer: ReceivedAnswer, expected: Expected): Resource | undefined {
  const { status } = expected;
  findings.expect(
    answer.status === status,
    'status',
    `is ${answer.status}, not ${status}${hint(answer)}`,
    PAGES.general,
  );
  const cache = headerOf(answer, 'Cache-Control') ?? '';
  findings.expect(
    /\bno-store\b/.test(cache),
    'Cache-Control',
    `is "${cache}", not no-store`,
    PAGES.general,
    'Cache-Control',
  );
  if (answer.packed !== undefined) {
    const text = `says gzip, and the body can't be unpacked: ${answer.packed}`;
    findings.expect(false, 'content encoding', text, PAGES.general, 'Content-Encoding');
    return undefined;
  }
  if (answer.body.length === 0) {
    findings.expect(expected.empty === true, 'body', 'is empty', PAGES.general);
    return undefined;
  }
  if (expected.empty) findings.expect(false, 'body', 'must be empty: return=minimal was asked for', PAGES.general);
  const type = headerOf(answer, 'Content-Type') ?? '';
  const published = `application/fhir+${expected.format}`;
  const bare = type.split(';')[0]!.trim().toLowerCase();
  findings.expect(bare === published, 'content type', `is "${type}", not ${published}`, PAGES.general, 'Content-Type');
  const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1];
  const utf8 = charset === undefined || /^utf-?8$/i.test(charset);
  findings.expect(utf8, 'character set', `is ${charset}, not UTF-8`, PAGES.general, 'Content-Type');
  const resource = readResource(findings, answer.body, formatOf(type) ?? expected.format);
  if (!resource) return undefined;
  const refused = status >= 400 || answer.status >= 400;
  if (refused) checkOutcome(findings, resource, expected);
  return resource;
}

/** For the developer: what an unexpected answer says. */
function hint(answer: ReceivedAnswer): string {
  const text = answer.body.subarray(0, 4000).toString('utf8');
  const location = headerOf(answer, 'Location');
  if (answer.status >= 300 && answer.status < 400 && location !== undefined)
    return `: a redirect to ${location}, which the SSP passes on and consumers do not follow`;
  const code = /"code":"([A-Z_ ]+)"/.exec(text)?.[1];
  const why = /"diagnostics":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  return code === undefined ? '' : `: ${code}${why === undefined ? '' : `, ${why}`}`;
}

function readResource(findings: Findings, body: Buffer, format: 'json' | 'xml'): Resource | undefined {
  try {
    const value: unknown = format === 'json' ? JSON.parse(body.toString('utf8')) : fromXml(body);
    findings.expect(isResource(value), 'body', 'is no FHIR resource: it has no resourceType', PAGES.general);
    return isResource(value) ? value : undefined;
  } catch (error) {
    const why = error instanceof FhirXmlError || error instanceof SyntaxError ? error.message : String(error);
    findings.expect(false, 'body', `is no ${format.toUpperCase()}: ${why}`, PAGES.general);
    return undefined;
  }
}

const ERROR_SYSTEM = /^https:\/\/fhir\.nhs\.uk\/STU3\/(CodeSystem|ValueSet)\/Spine-ErrorOrWarningCode-1$/;

function checkOutcome(findings: Findings, resource: Resource, { codes, status }: Expected): void {
  const { errors } = PAGES;
  const is = resource.resourceType === 'OperationOutcome';
  if (!findings.expect(is, 'refusal', `is a ${resource.resourceType}, not an OperationOutcome`, errors)) return;
  const profile = `${STRUCTURE}GPConnect-OperationOutcome-1`;
  findings.expect(
    listOf(resource.meta?.profile).includes(profile),
    'profile of the OperationOutcome',
    `must have ${profile}`,
    errors,
    'OperationOutcome.meta.profile',
  );
  const [system] = valuesAt(resource, 'issue.details.coding.system');
  findings.expect(
    ERROR_SYSTEM.test(String(system)),
    'system of the error code',
    `is ${system ?? 'missing'}, not https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1`,
    errors,
    'OperationOutcome.issue.details.coding.system',
  );
  const [severity] = valuesAt(resource, 'issue.severity');
  findings.expect(
    severity === 'error' || severity === 'fatal',
    'severity',
    `is ${severity}`,
    errors,
    'OperationOutcome.issue.severity',
  );
  const given = valuesAt(resource, 'issue.details.coding.code').map(String);
  if (codes && status >= 400) {
    findings.expect(
      codes.some((code) => given.includes(code)),
      'error code',
      `is ${given.join(', ') || 'missing'}, not ${codes.join(' or ')}`,
      errors,
      'OperationOutcome.issue.details.coding.code',
    );
    const told = valuesAt(resource, 'issue.diagnostics').length > 0 || !codes.some((code) => DIAGNOSED.has(code));
    findings.expect(
      told,
      'diagnostics',
      'are missing; a client can not tell what is wrong',
      errors,
      'OperationOutcome.issue.diagnostics',
    );
  }
}

/** Errors that must say in `diagnostics` what was wrong. */
const DIAGNOSED = new Set(['INVALID_PARAMETER', 'INVALID_RESOURCE', 'REFERENCE_NOT_FOUND']);

/** Of one resource that can be read: the ETag is its version. */
export function checkVersionHeaders(findings: Findings, answer: ReceivedAnswer, resource: Resource): void {
  const version = resource.meta?.versionId;
  const etag = headerOf(answer, 'ETag');
  findings.expect(
    etag === `W/"${version}"`,
    'ETag',
    `is ${etag ?? 'missing'}, not W/"${version}"`,
    PAGES.general,
    'ETag',
  );
}
