/** Requests as public consumers send them, in their own spelling: what they can't do without is looked at. */
import t from 'tap';
import { type Spine, startSpine } from '../../helper.ts';
import { CONSUMER_NAME, claims, INTERACTION, PROVIDER, PROXY } from '../ssp/consumer.ts';

const HOST = 'https://gpc.example-supplier.thirdparty.nhs.uk/Z99901/STU3/1/gpconnect';
const ADULT = '9996010007';

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function bearer(scope: string, changes: object = {}): string {
  return `Bearer ${base64url({ alg: 'none', typ: 'JWT' })}.${base64url({ ...claims(), requested_scope: scope, ...changes })}.`;
}

interface Sent {
  method?: string;
  headers: Record<string, string>;
  body?: unknown;
  cert?: { cert: string; key: string };
}

async function send(spine: Spine, url: string, { method, headers, body, cert }: Sent) {
  const answer = await spine.ask(PROXY, {
    path: `/${url}`,
    ...(method ? { method } : {}),
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...cert,
  });
  return { ...answer, json: answer.text.startsWith('{') ? JSON.parse(answer.text) : undefined };
}

const ssp = (interaction: string, more: Record<string, string> = {}) => ({
  'Ssp-From': '200000000903',
  'Ssp-To': PROVIDER,
  'Ssp-InteractionID': INTERACTION + interaction,
  'Ssp-TraceID': '7C9E6679-7425-40DE-944B-E07FC1F90AE7',
  ...more,
});

t.test('a GP2GP adaptor', async (t) => {
  const spine = await startSpine(t);
  const cert = await spine.issue(CONSUMER_NAME);
  // Content-Type on GETs too; the conversation id in capitals as trace id; includes percent-encoded, the identifier not.
  const headers = (interaction: string, length?: number) => ({
    Accept: 'application/fhir+json',
    ...ssp(interaction),
    Authorization: bearer('patient/*.read'),
    'Content-Type': 'application/fhir+json',
    ...(length === undefined ? {} : { 'Content-Length': String(length) }),
  });
  const parameters = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'patientNHSNumber', valueIdentifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: ADULT } },
      { name: 'includeAllergies', part: [{ name: 'includeResolvedAllergies', valueBoolean: true }] },
      { name: 'includeMedication' },
      { name: 'includeConsultations', part: [{ name: 'includeNumberOfMostRecent', valueInteger: 3 }] },
      { name: 'includeProblems' },
      { name: 'includeImmunisations' },
      { name: 'includeUncategorisedData' },
      { name: 'includeInvestigations' },
      { name: 'includeReferrals' },
    ],
  };
  const structured = await send(spine, `${HOST}/structured/fhir/Patient/$gpc.getstructuredrecord`, {
    method: 'POST',
    headers: headers('fhir:operation:gpc.getstructuredrecord-1', JSON.stringify(parameters).length),
    body: parameters,
    cert,
  });
  t.equal(structured.status, 200);
  t.notOk(structured.text.includes('OperationOutcome'), 'nothing of it is unknown');

  const find = await send(
    spine,
    `${HOST}/documents/fhir/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number%7C${ADULT}`,
    {
      headers: headers('documents:fhir:rest:search:patient-1'),
      cert,
    },
  );
  const id = find.json.entry[0].resource.id;
  const includes =
    '_include=DocumentReference%3Asubject%3APatient&_include=DocumentReference%3Acustodian%3AOrganization' +
    '&_include=DocumentReference%3Aauthor%3AOrganization&_include=DocumentReference%3Aauthor%3APractitioner' +
    '&_revinclude%3Arecurse=PractitionerRole%3Apractitioner';
  const list = await send(spine, `${HOST}/documents/fhir/Patient/${id}/DocumentReference?${includes}`, {
    headers: headers('documents:fhir:rest:search:documentreference-1'),
    cert,
  });
  t.equal(list.status, 200);
  t.equal(list.json.id, '7C9E6679-7425-40DE-944B-E07FC1F90AE7');
  const urls = [...list.text.matchAll(/"url":"(https:[^"]*\/Binary\/[^"]*)"/g)].map(([, url]) => url!);
  t.ok(urls.length > 0);
  for (const url of urls) {
    const document = await send(spine, url, { headers: headers('documents:fhir:rest:read:binary-1'), cert });
    t.equal(document.status, 200, 'the URL of the answer behind that of the SSP');
    t.match(document.json, { resourceType: 'Binary', contentType: String, content: String });
  }
  const missing = await send(spine, `${HOST}/structured/fhir/Patient/$gpc.getstructuredrecord`, {
    method: 'POST',
    headers: headers('fhir:operation:gpc.getstructuredrecord-1'),
    body: {
      ...parameters,
      parameter: [
        {
          ...parameters.parameter[0],
          valueIdentifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990000018' },
        },
        ...parameters.parameter.slice(1),
      ],
    },
    cert,
  });
  t.match(missing.text, '"code":"PATIENT_NOT_FOUND"', 'it looks for any code in the text');
});

t.test('an appointment checker', async (t) => {
  const spine = await startSpine(t);
  const cert = await spine.issue(CONSUMER_NAME);
  // A .NET client: no trace of spelling, compressed answers, a root that has no path behind it for the statement.
  const common = { Accept: 'application/fhir+json', 'Cache-Control': 'no-cache', 'Accept-Encoding': 'gzip, deflate' };
  const authorisation = { Authorization: bearer('organization/*.read', { aud: `${HOST}/fhir` }) };
  const metadata = await send(spine, `${HOST}/fhir/metadata`, {
    headers: { ...common, ...authorisation, ...ssp('fhir:rest:read:metadata-1') },
    cert,
  });
  t.equal(metadata.headers['content-encoding'], 'gzip');
  const from = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const to = new Date(Date.now() + 8 * 86_400_000).toISOString().slice(0, 10);
  const query =
    `status=free&_include=Slot:schedule&_include:recurse=Schedule:actor:Practitioner&_include:recurse=Schedule:actor:Location` +
    `&_include:recurse=Location:managingOrganization&start=ge${from}&end=le${to}` +
    '&searchFilter=https://fhir.nhs.uk/Id/ods-organization-code|Z99903' +
    '&searchFilter=https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-OrganisationType-1|urgent-care';
  const slots = await send(spine, `${HOST}/fhir/Slot?${query}`, {
    headers: { Accept: 'application/fhir+json', ...authorisation, ...ssp('fhir:rest:search:slot-1') },
    cert,
  });
  t.equal(slots.status, 200);
  t.ok(
    slots.json.entry.some(
      ({ resource }: { resource: { resourceType: string } }) => resource.resourceType === 'Schedule',
    ),
  );
  const nobody = await send(spine, `${HOST}/fhir/Slot?${query}`, {
    headers: {
      Accept: 'application/fhir+json',
      ...authorisation,
      ...ssp('fhir:rest:search:slot-1', { 'Ssp-To': '123456789123' }),
    },
    cert,
  });
  t.match(
    nobody.json.issue[0].details.coding[0].display,
    /PARTYKEY_INTERACTION_CHECK_FAILED_MESSAGERECEIVER/,
    'its help page knows this one',
  );
});

t.test('a mediation service without a client certificate, and a browser consumer', async (t) => {
  const spine = await startSpine(t);
  const body = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'patientNHSNumber', valueIdentifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: ADULT } },
      { name: 'includeAllergies', part: [{ name: 'includeResolvedAllergies', valueBoolean: false }] },
      { name: 'includeMedication', part: [{ name: 'includePrescriptionIssues', valueBoolean: false }] },
    ],
  };
  const { status, json } = await send(spine, `${HOST}/structured/fhir/Patient/$gpc.getstructuredrecord`, {
    method: 'POST',
    headers: {
      ...ssp('fhir:operation:gpc.getstructuredrecord-1'),
      Authorization: bearer('patient/*.read'),
      accept: 'application/fhir+json',
      'Content-Type': 'application/fhir+json',
    },
    body,
  });
  t.equal(status, 200);
  for (const { resource } of json.entry)
    if (resource.resourceType === 'List') t.ok(resource.extension[0], 'read without asking');
  // aud is a constant and the organisation a literal: neither may matter.
  const organisation = {
    ...(claims().requesting_organization as object),
    identifier: [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: '[ODSCode]' }],
  };
  const token = bearer('patient/*.read', {
    aud: 'https://authorize.fhir.nhs.net/token',
    requesting_organization: organisation,
  });
  const found = await send(spine, `${HOST}/fhir/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number%7C9990000018`, {
    headers: { ...ssp('fhir:rest:search:patient-1'), Authorization: token, Accept: 'application/fhir+json' },
  });
  t.equal(found.status, 200);
  t.notOk('entry' in found.json, 'it reads entry[0] whenever there is an entry');
});
