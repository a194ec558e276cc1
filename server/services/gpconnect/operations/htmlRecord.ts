/** Patient/$gpc.getcarerecord and metadata of the 0.x specifications (DSTU2): a section of the record as HTML. */
import { usualName } from '../../../core/demographics/current.ts';
import { isDay } from '../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import { shown } from '../../../core/fhir/shown.ts';
import { checkedNhsNumber } from '../checks/identifier.ts';
import type { SearchPeriod } from '../clinical/context.ts';
import { clinicalContext } from '../clinical/holder.ts';
import { SECTIONS } from '../clinical/sections.ts';
import { refuse } from '../errors.ts';
import { patientId } from '../ids.ts';
import { oldMediaType } from '../messages/answer.ts';
import { sectionHtml } from '../messages/html.ts';
import { hasDissented, isShown, whyNotShown } from '../patients.ts';
import type { FhirAnswer, ProviderCall, ProviderOperation } from '../providerCall.ts';
import { usualGp } from '../staff.ts';

const NET = 'http://fhir.nhs.net/';
const NHS_NUMBER = `${NET}Id/nhs-number`;
const SECTION_CODES = `${NET}ValueSet/gpconnect-record-section-1`;
const structure = (name: string) => `${NET}StructureDefinition/gpconnect-${name}-1`;

interface Parameter {
  name?: unknown;
  valueIdentifier?: { system?: unknown; value?: unknown };
  valueCodeableConcept?: { coding?: { system?: unknown; code?: unknown }[] };
  valuePeriod?: { start?: unknown; end?: unknown };
}

interface Asked {
  nhsNumber: string;
  section: string;
  period: SearchPeriod;
}

function readAsked(body: Resource): Asked {
  if (body.resourceType !== 'Parameters') refuse('invalidResource', `The body is ${body.resourceType}, not Parameters`);
  const all = (Array.isArray(body.parameter) ? body.parameter : []) as (Parameter | null)[];
  const one = (name: string): Parameter | undefined => {
    const given = all.filter((parameter) => parameter?.name === name);
    if (given.length > 1) refuse('invalidParameter', `The parameter ${name} is given more than once`);
    return given[0] ?? undefined;
  };
  const identifier = one('patientNHSNumber')?.valueIdentifier;
  if (typeof identifier?.value !== 'string')
    refuse('invalidParameter', 'There must be one patientNHSNumber with a value');
  if (identifier.system !== NHS_NUMBER)
    refuse('invalidIdentifierSystem', `The system of patientNHSNumber must be ${NHS_NUMBER}`);
  const coding = one('recordSection')?.valueCodeableConcept?.coding?.[0];
  const section = coding?.code;
  if (typeof section !== 'string' || !Object.hasOwn(SECTIONS, section) || coding?.system !== SECTION_CODES) {
    refuse(
      'invalidParameter',
      `recordSection must be a code of ${SECTION_CODES}`,
      `There are ${Object.keys(SECTIONS).join(', ')}.`,
    );
  }
  const period = readPeriod(one('timePeriod'));
  if ((period.from || period.to) && !SECTIONS[section]!.dated)
    refuse('invalidParameter', `timePeriod is not for the section ${section}`);
  return { nhsNumber: checkedNhsNumber(identifier.value), section, period };
}

function readPeriod(parameter: Parameter | undefined): SearchPeriod {
  if (!parameter) return {};
  const { start, end } = parameter.valuePeriod ?? {};
  const day = (value: unknown, last: string): string | undefined => {
    if (value === undefined) return undefined;
    // A year or a month alone is the whole of it.
    const form = typeof value === 'string' && /^\d{4}(-\d\d(-\d\d)?)?$/.test(value);
    // The first of a month stands for one that is given alone.
    if (!form || !isDay(value + '0000-01-01'.slice(value.length)))
      return refuse('invalidParameter', `timePeriod has ${shown(value)}, which is no date`);
    return value + last.slice(value.length);
  };
  const [from, to] = [day(start, '0000-01-01'), day(end, '0000-12-31')];
  if (!from && !to) refuse('invalidParameter', 'timePeriod must have start or end');
  if (from && to && from > to) refuse('invalidParameter', 'timePeriod ends before it starts');
  return { from, to };
}

/** The token of 0.x names the patient too (GP Connect 0.7, audit and provenance); 400 for another than the request has. */
function checkRequestedRecord({ token }: ProviderCall, nhsNumber: string): void {
  const { identifier } = (token.claims.requested_record ?? {}) as { identifier?: unknown };
  const identifiers = (Array.isArray(identifier) ? identifier : []) as ({ system?: unknown; value?: unknown } | null)[];
  const named = identifiers.find((each) => each?.system === NHS_NUMBER)?.value;
  if (named === undefined || named === nhsNumber) return;
  refuse(
    'badRequest',
    `requested_record of the token is of NHS number ${shown(named)}, patientNHSNumber is ${nhsNumber}`,
    'Make a token for each request: requested_record is the patient whose record is asked for.',
  );
}

async function getCareRecord(call: ProviderCall): Promise<FhirAnswer> {
  const { exchange, practice, format } = call;
  const { world, clock } = exchange.space;
  const { nhsNumber, section, period } = readAsked(call.body!);
  exchange.identify({ nhsNumber });
  checkRequestedRecord(call, nhsNumber);
  const patient = await world.patients.get(nhsNumber);
  if (!patient || !isShown(patient) || patient.gp?.ods !== practice.ods) {
    const why = whyNotShown(nhsNumber, patient, practice.ods);
    refuse('patientNotFound', `No patient with NHS number ${nhsNumber}`, `Ask for another: ${why}.`);
  }
  if (hasDissented(patient)) refuse('noPatientConsent', 'The patient has dissented from sharing the record');
  const context = clinicalContext(call, patient);
  const { title, tables } = SECTIONS[section]!;
  const gp = usualGp(world, practice.ods, context.today)?.person;
  const organisation = world.organisations.get(practice.ods);
  const id = patientId(nhsNumber);
  const composition: Resource = {
    resourceType: 'Composition',
    id: `${id}-${section}`,
    meta: { profile: [structure('carerecord-composition')] },
    date: clock.iso(),
    type: {
      coding: [{ system: 'http://snomed.info/sct', code: '425173008', display: 'record extract (record artifact)' }],
      text: 'record extract (record artifact)',
    },
    class: {
      coding: [
        { system: 'http://snomed.info/sct', code: '700232004', display: 'general medical service (qualifier value)' },
      ],
      text: 'general medical service (qualifier value)',
    },
    title: 'Patient Care Record',
    status: 'final',
    subject: { reference: `Patient/${id}` },
    author: [{ reference: gp ? `Practitioner/${gp.uid}` : `Organization/${practice.ods}` }],
    custodian: { reference: `Organization/${practice.ods}` },
    section: [
      {
        title,
        code: { coding: [{ system: SECTION_CODES, code: section, display: title }], text: title },
        text: { status: 'generated', div: sectionHtml(title, tables(context, period)) },
      },
    ],
  };
  const name = usualName(patient, context.today);
  const resources: Resource[] = [
    composition,
    {
      resourceType: 'Patient',
      id,
      meta: { profile: [structure('patient')] },
      identifier: [{ system: NHS_NUMBER, value: nhsNumber }],
      active: true,
      name: name && [{ use: 'official', family: [name.family], given: name.given.length > 0 ? name.given : undefined }],
      gender: ({ '1': 'male', '2': 'female', '9': 'other' } as Record<string, string>)[patient.gender] ?? 'unknown',
      managingOrganization: { reference: `Organization/${practice.ods}` },
    },
  ];
  if (gp) {
    resources.push({
      resourceType: 'Practitioner',
      id: gp.uid,
      meta: { profile: [structure('practitioner')] },
      identifier: [{ system: `${NET}sds-user-id`, value: gp.uid }],
      name: { family: [gp.familyName], given: [gp.givenName] },
    });
  }
  resources.push({
    resourceType: 'Organization',
    id: practice.ods,
    meta: { profile: [structure('organization')] },
    identifier: [{ system: `${NET}Id/ods-organization-code`, value: practice.ods }],
    name: organisation?.name ?? practice.ods,
  });
  const bundle: Resource = {
    resourceType: 'Bundle',
    meta: { profile: [structure('searchset-bundle')] },
    type: 'searchset',
    entry: resources.map((resource) => ({ resource })),
  };
  return { resource: bundle, mediaType: oldMediaType(format) };
}

const CONFORMANCE = {
  resourceType: 'Conformance',
  version: '0.7.4',
  name: 'GP Connect',
  status: 'active',
  date: '2025-01-01',
  publisher: 'Spine and CIS simulator',
  kind: 'instance',
  software: { name: 'spine-cis-simulator', version: '0.7.4' },
  fhirVersion: '1.0.2',
  acceptUnknown: 'both',
  format: ['application/json+fhir', 'application/xml+fhir'],
  rest: [
    {
      mode: 'server',
      operation: [
        { name: 'gpc.getcarerecord', definition: { reference: `${NET}OperationDefinition/gpc.getcarerecord` } },
      ],
    },
  ],
};

export const htmlOperations: ProviderOperation[] = [
  {
    name: 'read metadata',
    method: 'GET',
    capability: 'html',
    path: 'metadata',
    interactions: ['fhir:rest:read:metadata'],
    scope: 'organization/*.read',
    run: ({ format }) => ({ resource: CONFORMANCE, mediaType: oldMediaType(format) }),
  },
  {
    name: 'get care record',
    method: 'POST',
    capability: 'html',
    path: 'Patient/$gpc.getcarerecord',
    interactions: ['fhir:operation:gpc.getcarerecord'],
    scope: 'patient/*.read',
    run: getCareRecord,
  },
];
