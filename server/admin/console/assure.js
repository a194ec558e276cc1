// Leads through a run of scenarios. Everything is a call of the admin API.
import { call, element } from './common.js';

const get = (selector) => document.querySelector(selector);
const start = get('#start');

const WORDS = {
  handled: 'handled',
  denied: 'denied by a person',
  'not-handled': 'NOT handled',
  'not-tried': 'not tried',
};

// How often a run with open steps is looked at again, in milliseconds.
const REFRESH_MS = 2000;

async function ask(method, path, body) {
  const headers = { 'X-Spine-Sim-Space': start.elements.space.value };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const response = await call(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const type = response.headers.get('content-type') ?? '';
  const answer = type.includes('json') ? await response.json() : await response.text();
  if (!response.ok) throw Object.assign(new Error(answer.message), { status: response.status });
  return answer;
}

function tell(text, failed = false) {
  get('#state').replaceChildren(text);
  get('#state').classList.toggle('failed', failed);
}

function button(text, label, work) {
  const made = element('button', text, { type: 'button', 'aria-label': label });
  made.addEventListener('click', async () => {
    made.disabled = true;
    try {
      await work();
      await show();
    } catch (error) {
      tell(error.message, true);
      made.disabled = false;
    }
  });
  return made;
}

// A person's answer counts for what can't be seen here.
function attest({ name, question, attestation }) {
  const made = element('p', `${question} ${attestation ? `Said: ${attestation.answer}.` : ''} `);
  for (const answer of ['yes', 'no']) {
    const said = () =>
      ask('POST', `/api/assure/steps/${name}/attest`, { answer, note: prompt('A note?') || undefined });
    made.append(button(answer, `${answer}, ${name}`, said), ' ');
  }
  return made;
}

// What was not as it should be; what was is in the report.
function evidence({ evidence: all }) {
  const made = element('ul');
  for (const { kind, asked, answered, outcome, lacks = [] } of all.filter((one) => one.kind !== 'seen')) {
    const what = `${kind === 'banned' ? 'must not be' : 'nearly'}: ${asked} ${outcome} ${answered}`;
    made.append(element('li', [what, ...lacks].join('; ')));
  }
  return made;
}

function row(step) {
  const { name, title, ask: wanted, required, state, result, judgement, question } = step;
  const made = element('tr');
  const tried = state !== 'waiting';
  made.append(
    element('td', state === 'open' ? `open, ${WORDS[result]}` : tried ? WORDS[result] : '', {
      class: `outcome ${result === 'handled' ? 'ok' : result === 'not-tried' ? '' : 'refused'}`,
    }),
  );
  const what = element('td');
  what.append(element('strong', title), element('p', `${name}${required ? '' : ', not required'}`, { class: 'name' }));
  if (state === 'open') what.append(element('p', wanted, { class: 'advice' }));
  if (tried && result !== 'handled' && judgement) {
    what.append(element('p', [judgement.reason, judgement.advice].filter(Boolean).join(' ')), evidence(judgement));
  }
  if (tried && question) what.append(attest(step));
  const does = element('td');
  const path = `/api/assure/steps/${name}`;
  if (state === 'open') does.append(button('End', `end ${name}`, () => ask('POST', `${path}/end`, { within: 3 })));
  else does.append(button(tried ? 'Again' : 'Begin', `begin ${name}`, () => ask('POST', `${path}/begin`)));
  made.append(what, does);
  return made;
}

// The admin API may ask for a token, which no plain link has: the report is fetched and saved.
function saving(format, file) {
  return button(`Save ${file}`, `save ${file}`, async () => {
    const answer = await ask('GET', `/api/assure/report?format=${format}`);
    const content = typeof answer === 'string' ? answer : JSON.stringify(answer, null, 1);
    const link = element('a', file, { download: file });
    link.href = URL.createObjectURL(new Blob([content]));
    link.click();
  });
}

let shown = '';

async function show() {
  let run;
  try {
    run = await ask('GET', '/api/assure');
  } catch (error) {
    tell(error.status === 404 ? 'There is no run in this space.' : error.message, error.status !== 404);
    get('#steps').replaceChildren();
    get('#reports').replaceChildren();
    shown = '';
    return;
  }
  // Drawn anew only when something has changed, so that no button goes away under the hand.
  const { at: _at, ...rest } = run;
  if (shown === JSON.stringify(rest)) return;
  shown = JSON.stringify(rest);
  const { sums, set, beganAt } = run;
  tell(
    `${set}, begun ${beganAt}: ${sums.handled} of ${sums.steps} steps handled, ${sums.requiredMissing} required steps are missing.`,
  );
  const stop = button('Forget the run', 'forget the run', async () => {
    if (confirm('Forget the run and all its results?')) await ask('DELETE', '/api/assure');
  });
  get('#reports').replaceChildren(
    ...[saving('html', 'assurance.html'), ' ', saving('junit', 'assurance.xml'), ' '],
    ...[saving('json', 'assurance.json'), ' ', stop],
  );
  get('#steps').replaceChildren(...run.steps.map(row));
}

start.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { set, only } = Object.fromEntries(new FormData(start));
  const words = only.split(',').flatMap((word) => word.trim() || []);
  const wish = { set, ...(words.length > 0 && { only: words }) };
  try {
    await ask('POST', '/api/assure', wish).catch((error) => {
      if (error.status !== 409 || !confirm(`${error.message}\n\nBegin anew?`)) throw error;
      return ask('POST', '/api/assure', { ...wish, again: true });
    });
    await show();
  } catch (error) {
    tell(error.message, true);
  }
});

start.elements.space.addEventListener('change', show);

const spaces = await (await call('/api/spaces')).json();
start.elements.space.replaceChildren(...spaces.map((name) => element('option', name)));
start.elements.space.value = 'default';
const sets = await (await call('/api/assure/sets')).json();
start.elements.set.replaceChildren(...sets.map(({ name }) => element('option', name)));
await show();
setInterval(show, REFRESH_MS);
