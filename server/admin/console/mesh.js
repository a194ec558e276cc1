// A web front for mailboxes: what waits, what was sent, and what a tester may do with it. Everything is a call of the admin API.
import { call, element, followExchanges } from './common.js';

const PAGE = 100;

/** A longer body is fetched when it is asked for, and saved as a file. */
const SHOWN_BYTES = 64 * 1024;

/** Exchanges that come in one burst make the list read once. */
const BURST_MS = 300;

const get = (selector) => document.querySelector(selector);
const fields = get('#filter').elements;
let records = [];
let selected;
/** Status of the selected message as its details show it. */
let shown;
let rereading;

async function api(method, tail, body) {
  const headers = { 'X-Spine-Sim-Space': fields.space.value };
  if (body) headers['Content-Type'] = 'application/json';
  const response = await call(`/api/${tail}`, { method, headers, body: body && JSON.stringify(body) });
  if (response.status === 204) return undefined;
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.message);
  return answer;
}

const ask = (tail, query = {}) =>
  api('GET', `${tail}?${new URLSearchParams(Object.entries(query).filter(([, value]) => value))}`);

/** Runs what was asked for and says how it went. */
async function say(work) {
  const place = get('#said');
  try {
    place.textContent = (await work()) ?? '';
    place.classList.remove('failed');
  } catch (error) {
    place.textContent = error.message;
    place.classList.add('failed');
  }
}

const time = (iso) => (iso ?? '').replace('T', ' ').slice(0, 19);
const option = (id, text = id) => element('option', text, { value: id });

function row(message) {
  const { id, status, from, to, workflow, subject, fileName, size, createdAt, type } = message;
  const made = element('tr', undefined, { tabindex: '0', 'aria-selected': String(id === selected), 'data-id': id });
  const what =
    type === 'REPORT'
      ? `report: ${message.events.find(({ description }) => description)?.description ?? subject ?? ''}`
      : (subject ?? fileName ?? '');
  const cells = [time(createdAt), status, from ?? '', to ?? '', workflow ?? '', what, String(size ?? 0)];
  for (const text of cells) made.append(element('td', text));
  made.children[1].className = `outcome ${status === 'undeliverable' || status === 'error' ? 'refused' : 'ok'}`;
  const choose = () => show(id);
  made.addEventListener('click', choose);
  made.addEventListener('keydown', (event) => event.key === 'Enter' && choose());
  return made;
}

/** Messages of the chosen box; those behind `before` go below the ones that are there. */
async function list(before) {
  const { mailbox, box, status } = fields;
  const query = { mailbox: mailbox.value, box: box.value, status: status.value, limit: PAGE, before };
  const messages = mailbox.value ? await ask('mesh/messages', query) : [];
  const rows = messages.map(row);
  const focused = document.activeElement?.dataset.id;
  if (before) get('#list').append(...rows);
  else get('#list').replaceChildren(...rows);
  if (focused) rows.find(({ dataset }) => dataset.id === focused)?.focus();
  get('#empty').hidden = get('#list').children.length > 0;
  get('#more').hidden = messages.length < PAGE;
  showActive();
  const now = messages.find(({ id }) => id === selected)?.status;
  if (now && shown && now !== shown) await show(selected);
}

/** Clients have sent or collected something: what is listed may have changed. A reader of older pages is left in peace. */
function onExchange({ service, space }) {
  if (service !== 'mesh' || space !== fields.space.value || rereading) return;
  rereading = setTimeout(() => {
    rereading = undefined;
    if (get('#list').children.length <= PAGE) list().catch(() => {});
  }, BURST_MS);
}

function pairs(entries) {
  const made = element('dl');
  for (const [name, value] of entries) {
    if (value === undefined || value === '') continue;
    made.append(element('dt', name), element('dd', String(value)));
  }
  return made;
}

function action(name, work) {
  const button = element('button', name, { type: 'button' });
  button.addEventListener('click', () =>
    say(async () => {
      const done = await work();
      await list();
      return done;
    }),
  );
  return button;
}

async function show(id) {
  selected = id;
  for (const one of get('#list').children) one.setAttribute('aria-selected', String(one.dataset.id === id));
  await say(async () => detail(await ask(`mesh/messages/${id}`)));
}

function detail(message) {
  const { id, events, status, received, from, to, ...facts } = message;
  shown = status;
  const again = async (work, text) => {
    await work;
    await show(id);
    return text;
  };
  const buttons = element('p');
  if (status === 'accepted') {
    buttons.append(
      action('Acknowledge', () =>
        again(api('POST', `mesh/messages/${id}/events`, { status: 'acknowledged' }), `${id} is acknowledged.`),
      ),
      ' ',
      action('Let expire', () =>
        again(api('POST', `mesh/messages/${id}/expire`), `${id} has expired; its sender has the report.`),
      ),
      ' ',
    );
  }
  buttons.append(
    action('Forget', async () => {
      await api('DELETE', `mesh/messages/${id}`);
      get('#detail').replaceChildren(element('p', 'Forgotten.', { class: 'hint' }));
      return `${id} is forgotten.`;
    }),
  );
  const told = element('ul');
  for (const { status: pushed, at, event, code, description } of events) {
    told.append(element('li', [time(at), pushed, event, code, description].filter(Boolean).join(' ')));
  }
  const rest = Object.entries(facts).filter(([, value]) => typeof value !== 'object');
  get('#detail').replaceChildren(
    element('h2', id),
    buttons,
    pairs([['from', from], ['to', to], ['status', status], ...rest]),
    element('h2', 'Events, newest first'),
    told,
    element('h2', 'Body'),
    ...Array.from({ length: received ?? 0 }, (_, index) => body(message, index + 1)),
  );
}

function body({ id, received, fileName, size }, chunk) {
  const place = element('div');
  const name = received > 1 ? `${fileName ?? id}.${chunk}` : (fileName ?? `${id}.dat`);
  const read = async () => {
    place.textContent = 'Reading ...';
    const headers = { 'X-Spine-Sim-Space': fields.space.value };
    const response = await call(`/api/mesh/messages/${id}/chunks/${chunk}`, { headers });
    if (!response.ok) {
      place.textContent = (await response.json()).message;
      return;
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    const link = element('a', `${name} (${bytes.length} bytes)`, { download: name });
    link.href = URL.createObjectURL(new Blob([bytes]));
    place.replaceChildren(link, ...(bytes.length <= SHOWN_BYTES ? [element('pre', readable(bytes))] : []));
    if (size > SHOWN_BYTES) link.click();
  };
  if (size > SHOWN_BYTES) {
    const button = element('button', `Save ${name}`, { type: 'button' });
    button.addEventListener('click', read);
    place.append(button);
  } else {
    read();
  }
  return place;
}

/** As text, or as octets where it is none. */
function readable(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Array.from(bytes.subarray(0, 1024), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  }
}

const chosen = () => records.find(({ id }) => id === fields.mailbox.value);

function showActive() {
  const record = chosen();
  get('#active').hidden = !record;
  if (record) get('#active').textContent = record.active === false ? 'Make it active' : 'Make it inactive';
}

async function mailboxes() {
  records = await ask('world/mailboxes');
  for (const select of document.querySelectorAll('select[name=mailbox], select[name=from], select[name=to]')) {
    const before = select.value;
    select.replaceChildren(...records.map(({ id, name }) => option(id, `${id} ${name ?? ''}`)));
    if (records.some(({ id }) => id === before)) select.value = before;
  }
  get('#workflows').replaceChildren(...(await ask('world/workflows')).map(({ id }) => option(id)));
}

async function base64(file) {
  let text = '';
  for (const byte of new Uint8Array(await file.arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text);
}

function onSubmit(form, work) {
  get(form).addEventListener('submit', (event) => {
    event.preventDefault();
    const data = Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value !== ''));
    say(async () => {
      const done = await work(data);
      await list();
      return done;
    });
  });
}

onSubmit('#filter', async () => {});
onSubmit('#send', async ({ file, text, ...facts }) => {
  const content = file?.size ? { base64: await base64(file), fileName: file.name } : { text: text ?? '' };
  const { id } = await api('POST', 'mesh/messages', { ...facts, ...content });
  return `Sent as ${id}.`;
});
onSubmit('#report', async (report) => `Put in as ${(await api('POST', 'mesh/reports', report)).id}.`);
get('#active').addEventListener('click', () =>
  say(async () => {
    const record = chosen();
    await api('PUT', `world/mailboxes/${record.id}`, { ...record, active: record.active === false });
    await mailboxes();
    showActive();
    return `${record.id} is ${record.active === false ? 'active' : 'inactive'} now.`;
  }),
);
get('#more').addEventListener('click', () => say(() => list(get('#list').lastElementChild.dataset.id)));
get('#filter').addEventListener('change', ({ target }) =>
  say(async () => {
    if (target.name === 'space') await mailboxes();
    await list();
  }),
);

await say(async () => {
  const spaces = await ask('spaces');
  fields.space.replaceChildren(...spaces.map((name) => option(name)));
  const asked = new URLSearchParams(location.search);
  if (asked.get('space')) fields.space.value = asked.get('space');
  // Mailboxes are those of the space.
  await mailboxes();
  for (const name of ['mailbox', 'box']) if (asked.get(name)) fields[name].value = asked.get(name);
  await list();
});
followExchanges(onExchange);
