// The certificate desk: requests signed, certificates made and revoked, files to trust. Everything is a call of the admin API.
import { call, element } from './common.js';

const get = (selector) => document.querySelector(selector);

async function ask(path, body) {
  const options =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const response = await call(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.message);
  return answer;
}

// A link that saves what the page already has: nothing secret goes through an address.
function saving(name, content, type = 'application/x-pem-file') {
  const link = element('a', name, { download: name });
  link.href = URL.createObjectURL(new Blob([content], { type }));
  return link;
}

const bytes = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

function show(place, text, links = [], failed = false) {
  place.replaceChildren(text, ...links.flatMap((link) => [' ', link]));
  place.classList.toggle('failed', failed);
}

// Runs what a form asks for and says how it went beside it.
function onSubmit(form, place, work) {
  get(form).addEventListener('submit', async (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.target));
    try {
      const [text, links] = await work(fields);
      show(get(place), text, links);
      await list();
    } catch (error) {
      show(get(place), error.message, [], true);
    }
  });
}

onSubmit('#sign', '#signed', async ({ csr, chain }) => {
  const { cn, serial, certificate, chain: authorities } = await ask('/api/certificates/sign', { csr, chain });
  const files = [saving(`${cn}.crt`, certificate), saving(`${cn}.chain.pem`, authorities)];
  return [`Signed for ${cn}, serial number ${serial}:`, files];
});

onSubmit('#make', '#made', async (wish) => {
  const made = await ask('/api/certificates', wish);
  const files = [
    saving(`${made.cn}.crt`, made.certificate),
    saving(`${made.cn}.key`, made.privateKey),
    saving(`${made.cn}.chain.pem`, made.chain),
    saving(`${made.cn}.p12`, bytes(made.pkcs12), 'application/x-pkcs12'),
    saving(`${made.cn}.jks`, bytes(made.jks), 'application/octet-stream'),
  ];
  return [`Made for ${made.cn}, password of the keystores "${made.pkcs12Password}":`, files];
});

onSubmit('#mesh', '#keystore', async (wish) => {
  const { file, alias, password, content } = await ask('/api/certificates/mesh-keystore', wish);
  return [`Alias ${alias}, password "${password}":`, [saving(file, bytes(content), 'application/octet-stream')]];
});

get('#registry').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { environment, agent } = Object.fromEntries(new FormData(event.target));
  const text = await (await call(`/api/registry/${environment}/${agent}`)).text();
  saving(`${agent}-${environment.toLowerCase()}.reg`, text, 'text/plain').click();
});

get('#file').addEventListener('change', async (event) => {
  const [file] = event.target.files;
  if (file) get('#sign').elements.csr.value = await file.text();
});

async function revoke({ serial, cn }) {
  if (!confirm(`Revoke ${serial} (${cn})? There is no way back.`)) return;
  try {
    await ask(`/api/certificates/${serial}/revoke`, {});
    show(get('#revoked'), `${serial} (${cn}) is revoked; the listeners refuse it from now on.`);
    await list();
  } catch (error) {
    show(get('#revoked'), error.message, [], true);
  }
}

function row(record) {
  const made = element('tr');
  for (const text of [record.serial, record.cn, record.purpose, record.notAfter.slice(0, 10)])
    made.append(element('td', text));
  const state = element('td', record.revoked ? `revoked (${record.revoked.reason})` : undefined);
  if (!record.revoked) {
    const button = element('button', 'Revoke', {
      type: 'button',
      'aria-label': `Revoke ${record.serial} ${record.cn}`,
    });
    button.addEventListener('click', () => revoke(record));
    state.append(button);
  }
  made.append(state);
  return made;
}

async function list() {
  get('#issued').replaceChildren(...(await ask('/api/certificates')).map(row));
}

async function files() {
  const { files: authorities, lists, pkcs12Password } = await ask('/api/authorities');
  const links = [...authorities, ...lists].map((path) => {
    const item = element('li');
    item.append(element('a', path.slice(1), { href: path.slice(1) }));
    return item;
  });
  get('#files').replaceChildren(...links);
  show(get('#store-password'), `Password of the .p12 files: "${pkcs12Password}"`);
  const agents = await ask('/api/registry');
  get('#registry').elements.agent.replaceChildren(...agents.map((agent) => element('option', agent)));
}

await files();
await list();
