// The live list of exchanges. Everything it does is a call of the admin API.
import { call, element, followExchanges } from './common.js';

const MAX_ROWS = 500;
const list = document.querySelector('#list');
const detail = document.querySelector('#detail');
const filter = document.querySelector('#filter');
let paused = false;

function addChoice(name, value) {
  const select = filter.elements[name];
  if (value && ![...select.options].some((option) => option.value === value)) select.append(element('option', value));
}

function about({ identity }) {
  return [identity.nhsNumber, identity.mailbox, identity.asid, identity.user, identity.clientCertificate]
    .filter(Boolean)
    .join(' ');
}

function target(entry) {
  if (entry.ldap) return entry.ldap.filter ?? entry.ldap.bindDn ?? entry.ldap.base ?? '';
  if (entry.protocol === 'tls')
    return `${entry.host ?? '(no host name)'}${entry.tls?.offeredVersions ? ` offered ${entry.tls.offeredVersions.join(', ')}` : ''}`;
  return `${entry.method ?? ''} ${entry.host ?? ''}${entry.path ?? ''}`;
}

/** Why it was refused, as far as the entry says; of a handshake the advice says more than the error. */
function why({ protocol, error, advice, rule }) {
  if (protocol === 'tls') return error && advice;
  return [error?.message, rule && `by rule: ${rule}`].filter(Boolean).join(' ');
}

function row(entry) {
  const made = element('tr', undefined, { tabindex: '0', 'data-id': entry.id });
  const outcome = element('td', entry.status ? `${entry.outcome} ${entry.status}` : entry.outcome, {
    class: `outcome ${entry.outcome}`,
  });
  const operation = [
    entry.operation,
    entry.interaction === entry.operation ? undefined : entry.interaction?.replace('urn:nhs:names:services:', ''),
  ]
    .filter(Boolean)
    .join(' ');
  const place = element('td', undefined, { class: 'target', title: target(entry) });
  place.append(element('span', target(entry)), element('small', about(entry)));
  const reason = why(entry);
  if (reason) place.append(element('small', reason, { class: entry.outcome }));
  made.append(
    element('td', entry.at.slice(11, 23)),
    outcome,
    element('td', entry.direction === 'outbound' ? `${entry.service} →` : entry.service),
    element('td', operation),
    place,
    element('td', String(entry.durationMs)),
  );
  made.addEventListener('click', () => show(entry.id));
  made.addEventListener('keydown', (event) => event.key === 'Enter' && show(entry.id));
  return made;
}

function wanted(entry) {
  const { service, outcome, space, text } = Object.fromEntries(new FormData(filter));
  // Text is looked for by the server: only it has the bodies.
  return (
    (!service || entry.service === service) &&
    (!outcome || entry.outcome === outcome) &&
    (!space || entry.space === space) &&
    !text
  );
}

function add(entry) {
  addChoice('service', entry.service);
  addChoice('space', entry.space);
  if (paused || !wanted(entry)) return;
  document.querySelector('#empty').hidden = true;
  list.prepend(row(entry));
  while (list.childElementCount > MAX_ROWS) list.lastElementChild.remove();
}

async function load() {
  const { service, outcome, space, text } = Object.fromEntries(new FormData(filter));
  const query = new URLSearchParams(Object.entries({ service, outcome, text }).filter(([, value]) => value));
  query.set('limit', '200');
  const response = await call(`/api/journal?${query}`, space ? { headers: { 'X-Spine-Sim-Space': space } } : {});
  const { entries } = await response.json();
  list.replaceChildren(...entries.map(row));
  for (const entry of entries) {
    addChoice('service', entry.service);
    addChoice('space', entry.space);
  }
  document.querySelector('#empty').hidden = entries.length > 0;
}

/** Indents XML that came as one line, and JSON. */
function pretty(text) {
  const trimmed = text.trim();
  if (/^[[{]/.test(trimmed)) {
    try {
      return JSON.stringify(JSON.parse(trimmed), null, 2);
    } catch {
      return text;
    }
  }
  if (!trimmed.startsWith('<')) return text;
  let depth = 0;
  return trimmed
    .replace(/>\s*</g, '>\n<')
    .split('\n')
    .map((line) => {
      if (/^<\//.test(line)) depth--;
      const indented = `${'  '.repeat(Math.max(depth, 0))}${line}`;
      if (/^<[^!?/][^>]*[^/]>$/.test(line)) depth++;
      else if (/^<[^!?/]>$/.test(line)) depth++;
      return indented;
    })
    .join('\n');
}

function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function asCurl(entry) {
  const parts = ['curl', '-i', '--cacert', 'ca.pem', '-X', entry.method];
  for (const [name, value] of entry.request.headers ?? []) {
    if (!/^(content-length|connection|host)$/i.test(name)) parts.push('-H', quote(`${name}: ${value}`));
  }
  if (entry.request.body?.text) parts.push('--data-binary', quote(entry.request.body.text));
  parts.push(quote(`${entry.tls ? 'https' : 'http'}://${entry.host}${entry.path}`));
  return parts.join(' ');
}

function facts(entry) {
  const rows = {
    id: entry.id,
    space: `${entry.space} (${entry.spaceReason})`,
    from: entry.peer,
    rule: entry.rule,
    fault: entry.fault,
    ...entry.identity,
  };
  for (const [name, value] of Object.entries({ ...entry.tls, ...entry.ldap }))
    rows[name] = Array.isArray(value) ? value.join(', ') : value;
  const made = element('dl');
  for (const [name, value] of Object.entries(rows)) {
    if (value !== undefined && value !== '') made.append(element('dt', name), element('dd', String(value)));
  }
  return made;
}

function message(title, { headers, body }) {
  const parts = [element('h2', title)];
  if (headers?.length) parts.push(element('pre', headers.map(([name, value]) => `${name}: ${value}`).join('\n')));
  if (body?.bytes) {
    const text = body.text === undefined ? `${body.bytes} bytes (base64)\n${body.base64}` : pretty(body.text);
    parts.push(element('pre', body.truncated ? `${text}\n… ${body.bytes} bytes in all` : text));
  }
  return parts.length > 1 ? parts : [];
}

async function show(id) {
  for (const selected of list.querySelectorAll('[aria-selected]')) selected.removeAttribute('aria-selected');
  list.querySelector(`[data-id^="${CSS.escape(id)}"]`)?.setAttribute('aria-selected', 'true');
  history.replaceState(null, '', `#${id}`);
  const entry = await (await call(`/api/journal/${encodeURIComponent(id)}`)).json();
  if (!entry.id) {
    detail.replaceChildren(element('p', entry.message, { class: 'hint' }));
    return;
  }
  const parts = [element('h2', `${entry.service} ${entry.operation ?? ''} ${entry.interaction ?? ''}`)];
  if (entry.error)
    parts.push(element('p', `${entry.error.code}: ${entry.error.message}`, { class: 'refused outcome' }));
  if (entry.advice) parts.push(element('p', entry.advice, { class: 'advice' }));
  parts.push(facts(entry));
  if (entry.steps.length) {
    const steps = element('ol');
    for (const step of entry.steps) {
      steps.append(
        element('li', `${step.name}${step.detail ? `: ${step.detail}` : ''}`, {
          class: step.outcome === 'failed' ? 'refused' : '',
        }),
      );
    }
    parts.push(element('h2', 'Decisions'), steps);
  }
  if (entry.nearMisses.length) {
    const misses = element('ul');
    for (const miss of entry.nearMisses) misses.append(element('li', `${miss.kind} ${miss.candidate}: ${miss.reason}`));
    parts.push(element('h2', 'What was near'), misses);
  }
  parts.push(...message('Request', entry.request), ...message('Answer', entry.response));
  if (entry.method) {
    const copy = element('button', 'Copy as curl', { type: 'button' });
    copy.addEventListener('click', () => navigator.clipboard.writeText(asCurl(entry)));
    parts.push(copy);
  }
  detail.replaceChildren(...parts);
  detail.scrollTop = 0;
}

async function tick() {
  try {
    const { now, frozen } = await (await call('/api/clock')).json();
    document.querySelector('#clock').textContent = `${now.replace('T', ' ').slice(0, 19)}${frozen ? ' (frozen)' : ''}`;
  } catch {
    document.querySelector('#clock').textContent = 'not running';
  }
}

filter.addEventListener('input', load);
filter.addEventListener('submit', (event) => event.preventDefault());
document.querySelector('#pause').addEventListener('click', (event) => {
  paused = !paused;
  event.target.setAttribute('aria-pressed', String(paused));
  event.target.textContent = paused ? 'Go on' : 'Pause';
  if (!paused) load();
});
/** An entry that the address names, by its id or the start of it, as lists and log lines show it. */
const showNamed = () => location.hash.length > 1 && show(decodeURIComponent(location.hash.slice(1)));
addEventListener('hashchange', showNamed);
await load();
showNamed();
followExchanges(add);
tick();
setInterval(tick, 5000);
