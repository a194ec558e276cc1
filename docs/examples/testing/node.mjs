// Node, with nothing but its own library: a rule in a space of its own, a retrieval from PDS, a verification.
// ADMIN: the admin API; HTTPS_PORT: where all host names are answered.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';

const { ADMIN = 'http://127.0.0.1:8900', HTTPS_PORT = '8443', MESSAGE = 'docs/examples/pds-retrieval.xml' } = process.env;
const host = 'msg.dev.spine2.ncrs.nhs.uk';
const space = { 'X-Spine-Sim-Space': 'node-example' };

async function admin(method, path, body) {
  const headers = body ? { ...space, 'Content-Type': 'application/json' } : space;
  const response = await fetch(ADMIN + path, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.headers.get('content-type')?.includes('json') ? response.json() : response.text();
}

function retrieve(ca) {
  const headers = {
    ...space,
    Host: host,
    'Content-Type': 'text/xml',
    SOAPAction: 'urn:nhs:names:services:pdsquery/QUPA_IN000008UK02',
  };
  const options = { host: '127.0.0.1', port: HTTPS_PORT, servername: host, ca, method: 'POST', path: '/sync-service', headers };
  return new Promise((resolve, reject) => {
    const asking = request(options, (response) => {
      let text = '';
      response.on('data', (part) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    asking.on('error', reject);
    asking.end(readFileSync(MESSAGE));
  });
}

const ca = await admin('GET', '/ca.pem');
const rule = { times: 1, when: { service: 'messaging' }, do: { answer: { status: 503, body: 'later' } } };
await admin('PUT', '/api/rules/first-fails', rule);
assert.equal((await retrieve(ca)).status, 503);
assert.match((await retrieve(ca)).text, /QUPA_IN000009UK03/);
const filter = { interaction: 'QUPA_IN000008UK02' };
const verified = await admin('POST', '/api/verify', { filter, atLeast: 2, atMost: 2 });
assert.equal(verified.satisfied, true);
await admin('DELETE', '/api/spaces/node-example');
console.log('node: ok');
