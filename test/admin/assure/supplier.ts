/**
 * A supplier's system as one process for each step of the default set: curl, openssl and ldapsearch, and Node's own https. The first
 * argument is how it behaves: `careful`, or `careless`, which goes on after errors and looks at no certificate.
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authorizationOf, timestampOf } from '../../services/mesh/client.ts';
import {
  ebxmlRequest,
  HOST,
  hl7Message,
  retrievalQuery,
  soapAction,
  syncRequest,
} from '../../services/messaging/requests.ts';
import { updateRequest } from '../../services/pds/tools.ts';

const careless = process.argv[2] === 'careless';
const { ASSURE_STEP = '', SUPPLIER_HTTPS, SUPPLIER_LDAPS, SUPPLIER_ADMIN } = process.env;
const data = (name: string) => process.env[`ASSURE_${name}`] ?? '';
const folder = mkdtempSync(join(tmpdir(), 'supplier-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const published = async (path: string) => (await fetch(`http://127.0.0.1:${SUPPLIER_ADMIN}${path}`)).text();
const CA = file('ca.pem', await published('/ca.pem'));
const CRL = file('crl.pem', (await published('/crl/sub.pem')) + (await published('/crl/root.pem')));

function tool(command: string, args: string[], input = ''): { code: number; out: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { input, env: { ...process.env, LDAPTLS_CACERT: CA } });
  if (status !== 0) process.stderr.write(`${command}: ${stderr}`);
  return { code: status ?? 1, out: stdout.toString() };
}

const curl = (...args: string[]) =>
  tool('curl', ['-s', '-m', '20', '--cacert', CA, '--connect-to', `:443:127.0.0.1:${SUPPLIER_HTTPS}`, ...args]);

interface Answer {
  status: number;
  text: string;
  json: { messageID?: string; message_id?: string; messages?: string[] };
}

/** Rejects when there is no answer, or only a part of one. */
function https(host: string, method: string, path: string, headers: Record<string, string>, body?: string | Buffer) {
  return new Promise<Answer>((resolve, reject) => {
    const ca = readFileSync(CA);
    const options = {
      host: '127.0.0.1',
      port: SUPPLIER_HTTPS,
      servername: host,
      ca,
      method,
      path,
      agent: false,
    } as const;
    const sent = request({ ...options, headers: { Host: host, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('error', reject);
      response.on('end', () => {
        const json = response.headers['content-type']?.includes('json') && text ? JSON.parse(text) : {};
        resolve({ status: response.statusCode!, text, json });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

// ---- GAS and SSB ---------------------------------------------------------------------------------------------------------------

const gpObject = (values: Record<string, string>) =>
  `<?xml version="1.0"?>\n<!DOCTYPE USER SYSTEM "gpOBJECT.DTD">\n<gpOBJECT>\n${Object.entries(values)
    .map(
      ([name, value]) => `<gpPARAM name="${name}"${name === 'response' ? ' encoding="base64"' : ''}>${value}</gpPARAM>`,
    )
    .join('\n')}\n</gpOBJECT>`;
const parameter = (text: string, name: string) => new RegExp(`name="${name}"[^>]*>([^<]*)<`).exec(text)?.[1];

/** The ticket; undefined when GAS refused. */
async function login(user: string): Promise<string | undefined> {
  const reader = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ user }) };
  const inserted = await fetch(`http://127.0.0.1:${SUPPLIER_ADMIN}/api/cards/insert`, reader);
  const card = (await inserted.json()) as { certificate: string; privateKey: string };
  const common = {
    auth_method: '3',
    app_url: 'NHST',
    log_session_id: 'supplier01',
    device_id: 'pc000001,ClientIP=192.0.2.1',
  };
  const post = (path: string, body: string) =>
    curl('--data-binary', `@${file('gas.xml', body)}`, `https://gas.vn03.national.ncrs.nhs.uk/login/${path}`).out;
  const activated = post('authactivate', gpObject({ ...common, service: 'ACTIVATION' }));
  const challenge = parameter(activated, 'challenge') ?? '';
  const signed = tool('openssl', [
    ...['cms', '-sign', '-binary', '-nodetach', '-in', file('challenge.bin', Buffer.from(challenge, 'base64'))],
    ...['-signer', file('card.crt', card.certificate), '-inkey', file('card.key', card.privateKey)],
  ]).out;
  const proof = {
    challenge,
    signature: parameter(activated, 'signature') ?? '',
    uid: user,
    card_type: 'p11',
    mobility: '0',
  };
  const response = Buffer.from(signed).toString('base64');
  return parameter(
    post('authvalidate', gpObject({ ...common, service: 'AUTHENTICATION', ...proof, response })),
    'sso_ticket',
  );
}

const assertion = (ticket = '') =>
  curl('-G', '--data-urlencode', `token=${ticket}`, 'https://sbapi.vn03.national.ncrs.nhs.uk/saml/RoleAssertion').out;

// ---- messages ------------------------------------------------------------------------------------------------------------------

/** A synchronous message; its answer as text. */
async function sync(interaction: string, act: string, service = 'pdsquery', user = '555000000101'): Promise<string> {
  const ids = { id: randomUUID().toUpperCase(), messageId: randomUUID().toUpperCase() };
  const body = syncRequest({ service, interaction, act, ...ids }).replaceAll('555000000101', user);
  return (await https(HOST, 'POST', '/sync-service', soapAction({ service, interaction }), body)).text;
}

const retrieve = (number: string, user?: string) => sync('QUPA_IN000008UK02', retrievalQuery(number), 'pdsquery', user);
const scnOf = (answer: string) => /SerialChangeNumber[\s\S]*?<value value="(\d+)"/.exec(answer)?.[1] ?? '1';
const update = (number: string, scn: string) =>
  sync(
    'PRPA_IN000203UK03',
    updateRequest(number, scn, { after: '<telecom use="MC" updateMode="added" value="tel:07700900456"/>' }),
    'pds',
  );

/** LDAP over TLS, once; undefined when there was no answer. */
function lookUp(interaction: string): string | undefined {
  const filter = `(&(objectClass=nhsMHS)(nhsMHSPartyKey=YES-0000806)(nhsMhsSvcIA=urn:nhs:names:services:mm:${interaction}))`;
  const args = [
    '-LLL',
    '-x',
    '-o',
    'ldif-wrap=no',
    '-H',
    `ldaps://127.0.0.1:${SUPPLIER_LDAPS}`,
    '-b',
    'ou=services,o=nhs',
  ];
  const { code, out } = tool('ldapsearch', [...args, filter, 'nhsMhsCPAId', 'nhsMHSEndPoint']);
  return code === 0 ? out : undefined;
}

function prescription(number: string) {
  const action = 'PORX_IN020101UK31';
  const cpaId = /^nhsMhsCPAId: (.*)$/m.exec(lookUp(action) ?? '')?.[1] ?? '';
  const messageId = randomUUID().toUpperCase();
  const act = `<subject typeCode="SUBJ"><patient><id root="2.16.840.1.113883.2.1.4.1" extension="${number}"/></patient></subject>`;
  const payload = hl7Message({ interaction: action, id: messageId, act });
  return ebxmlRequest({ service: 'mm', action, cpaId, messageId, conversationId: messageId, payload });
}

type Message = ReturnType<typeof prescription>;
const sendReliable = ({ headers, body }: Message) =>
  https(HOST, 'POST', '/reliablemessaging/reliablerequest', headers, body).catch(() => undefined);

// ---- mini services -------------------------------------------------------------------------------------------------------------

function smsp(service: string, items: string): string {
  const root = service.replace('-v1-0', 'Request-v1-0');
  const body = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:itk="urn:nhs-itk:ns:201005"><soap:Header><wsa:MessageID>${randomUUID()}</wsa:MessageID><wsa:Action>urn:nhs-itk:services:201005:${service}</wsa:Action></soap:Header><soap:Body><itk:DistributionEnvelope><itk:header service="urn:nhs-itk:services:201005:${service}" trackingid="${randomUUID()}"><itk:manifest count="1"><itk:manifestitem id="uuid_1" mimetype="text/xml" profileid="urn:nhs-en:profile:${root}"/></itk:manifest></itk:header><itk:payloads count="1"><itk:payload id="uuid_1"><${root} xmlns="urn:hl7-org:v3" classCode="CACT" moodCode="EVN"><id root="${randomUUID()}"/><code code="${root}" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.284"/><queryEvent>${items}</queryEvent></${root}></itk:payload></itk:payloads></itk:DistributionEnvelope></soap:Body></soap:Envelope>`;
  return curl(
    '-H',
    'Content-Type: text/xml',
    '--data-binary',
    `@${file('smsp.xml', body)}`,
    'https://simple-sync.dev.spine2.ncrs.nhs.uk/smsp/pds',
  ).out;
}

const item = (name: string, value: string) =>
  `<Person.${name}>${value}<semanticsText>Person.${name}</semanticsText></Person.${name}>`;
const born = (day: string) => item('DateOfBirth', `<value value="${day}"/>`);
const gender = (code: string) =>
  item('Gender', `<value code="${code}" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.25"/>`);
const named = (given: string, family: string) =>
  item('Name', `<value><given>${given}</given><family>${family}</family></value>`);
const numbered = (number: string) =>
  item('NHSNumber', `<value root="2.16.840.1.113883.2.1.4.1" extension="${number}"/>`);
const trace = (given: string, family: string, day: string, code: string) =>
  smsp('getNHSNumber-v1-0', born(day) + gender(code) + named(given, family));
const verify = (number: string, day: string) => smsp('verifyNHSNumber-v1-0', born(day) + numbered(number));

// ---- MESH ----------------------------------------------------------------------------------------------------------------------

const nonce = randomUUID();
let count = 0;
const box = () => data('MAILBOX');

async function mesh(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Answer> {
  const clock = await fetch(`http://127.0.0.1:${SUPPLIER_ADMIN}/api/clock`);
  const { now } = (await clock.json()) as { now: string };
  const timestamp = timestampOf(Date.parse(now));
  const token = { mailbox: box(), nonce, count: String(count++), timestamp, password: 'password', key: 'TestKey' };
  return https(
    HOST,
    method,
    `/messageexchange/${box()}${path}`,
    { Authorization: authorizationOf(token), ...headers },
    body,
  );
}

const sendFile = (to: string) =>
  mesh('POST', '/outbox', { 'Mex-To': to, 'Mex-WorkflowID': data('WORKFLOW'), 'Content-Type': 'text/plain' }, 'a file');

/** Downloads and acknowledges what waits; a careless one acknowledges what it could not read. */
async function collect(): Promise<void> {
  for (const id of (await mesh('GET', '/inbox')).json.messages ?? []) {
    const download = () => mesh('GET', `/inbox/${id}`).catch(() => undefined);
    const got = (await download()) ?? (careless ? undefined : await download());
    if (got || careless) await mesh('PUT', `/inbox/${id}/status/acknowledged`);
  }
}

// ---- TLS -----------------------------------------------------------------------------------------------------------------------

/** curl asks the host; a careless one takes every version and every certificate. */
const CARELESS_TLS = ['--insecure', '--tlsv1.0', '--ciphers', 'DEFAULT@SECLEVEL=0'];
const probe = () =>
  curl(...(careless ? CARELESS_TLS : ['--crlfile', CRL]), '-o', '/dev/null', `https://${data('TLS_HOST')}/healthcheck`);

// ---- what it does when it is asked to ------------------------------------------------------------------------------------------

const STEPS: Record<string, () => unknown> = {
  'login-card': async () => assertion(await login(data('USER'))),
  'login-refused': async () => {
    const user = data('USER_REFUSED');
    if (!(await login(user))) await (careless ? retrieve(data('PATIENT'), user) : login(user));
  },
  'ticket-expired': async () => {
    const user = data('USER_EXPIRED');
    const ticket = await login(user);
    if (assertion(ticket).includes('Success')) return;
    if (careless) assertion(ticket);
    else assertion(await login(user));
  },
  'look-up-endpoint': () => lookUp(data('LOOK_UP')),
  'look-up-busy': () => lookUp(data('LOOK_UP_BUSY')) ?? (careless || lookUp(data('LOOK_UP_BUSY'))),
  'trace-patient': () => trace('Brisella', 'Fennelmere', '19890620', '2'),
  'trace-nobody': () => trace('Zachary', 'Nobodyhere', '19710401', '1'),
  'trace-invalid': async () => {
    await retrieve(data('PATIENT_INVALID'));
    if (careless) await update(data('PATIENT_INVALID'), '1');
  },
  'trace-mismatch': async () => {
    verify(data('PATIENT_MISMATCH'), '19771208');
    if (careless) await sendReliable(prescription(data('PATIENT_MISMATCH')));
  },
  'trace-merged': async () => {
    const answer = await retrieve(data('PATIENT_MERGED'));
    const number = careless
      ? data('PATIENT_MERGED')
      : /<id root="2\.16\.840\.1\.113883\.2\.1\.4\.1" extension="(\d{10})"/.exec(answer)![1]!;
    await retrieve(number);
  },
  'update-record': async () => update(data('PATIENT_UPDATE'), scnOf(await retrieve(data('PATIENT_UPDATE')))),
  'update-stale': async () => {
    const number = data('PATIENT_STALE');
    const old = scnOf(await retrieve(number));
    const answer = await update(number, old);
    if (!answer.includes('typeCode="AE"')) return;
    await update(number, careless ? old : scnOf(await retrieve(number)));
  },
  'message-send': () => sendReliable(prescription(data('PATIENT_MESSAGE'))),
  'message-lost': async () => {
    const message = prescription(data('PATIENT_LOST'));
    if (await sendReliable(message)) return;
    await sendReliable(careless ? prescription(data('PATIENT_LOST')) : message);
  },
  'message-refused': async () => {
    const message = prescription(data('PATIENT_REFUSED'));
    await sendReliable(message);
    if (careless) await sendReliable(message);
  },
  'mesh-send': () => sendFile(data('PARTNER')),
  'mesh-collect': collect,
  'mesh-cut': collect,
  'mesh-refused': async () => {
    const { status } = await sendFile('X26ERR19');
    if (status === 417 && careless) await sendFile('X26ERR19');
  },
};

await (STEPS[ASSURE_STEP] ?? probe)();
