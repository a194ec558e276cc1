/** The evidence as one page to be sent around: no script, nothing loaded. */
import { type XmlFragment, xml } from '../xml/template.ts';
import type { Evidence } from './evidence.ts';
import type { AssureReport, Result, StepReport } from './report.ts';

const STYLE = `body{font:16px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#212b32}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{border:1px solid #aeb7bd;padding:.35rem .6rem;text-align:left;
vertical-align:top}th{background:#e8edee}td,code,li{overflow-wrap:anywhere}.handled{background:#d4efdf}.not-handled,.denied{background:#fadbd8}
.not-tried{background:#eceff1}.optional{background:#fdebd0}small{display:block;color:#4c6272}section{margin:2rem 0;border-top:2px solid #aeb7bd}
h3{margin:1rem 0 .4rem}h3 span{font-weight:normal;font-size:.85em;padding:.1rem .5rem;margin-left:.6rem}.banned td{background:#fadbd8}
.near td{background:#fdf6e3}details{margin:.2rem 0}summary{cursor:pointer}.ask{border-left:4px solid #005eb8;padding-left:.8rem}
.verdict{font-size:1.2rem;padding:.6rem 1rem}a{color:#005eb8}ul{margin:.3rem 0}@media print{details{display:block}}`;

/** No script, no picture, nothing from elsewhere: what clients sent can do nothing here. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const WORDS: Record<Result, string> = {
  handled: 'handled',
  denied: 'handled on the wire, denied by a person',
  'not-handled': 'NOT handled',
  'not-tried': 'not tried',
};

const KINDS: Record<Evidence['kind'], string> = { seen: 'seen', banned: 'must not be', near: 'nearly' };

export function htmlReport(report: AssureReport): string {
  const { title, set, description, space, beganAt, at, passed, sums, steps, leftOut, data } = report;
  const verdict = passed
    ? `All ${sums.required} required steps were handled.`
    : `${sums.requiredMissing} of ${sums.required} required steps were not handled.`;
  const page = xml`<html lang="en"><head><meta charset="utf-8"/><meta http-equiv="Content-Security-Policy" content="${POLICY}"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/><title>${`Assurance: ${title}`}</title><style>${STYLE}</style></head>
    <body><h1>${`Assurance: ${title}`}</h1>${description && xml`<p>${description}</p>`}
    <p class="${`verdict ${passed ? 'handled' : 'not-handled'}`}">${verdict}</p>
    <p>Set <code>${set}</code>, space <code>${space}</code>, simulated time ${beganAt} to ${at}.</p>
    ${overview(steps)}${leftOutList(leftOut)}${limits(sums.unanswered)}<h2>Step by step</h2>${steps.map(section)}
    ${dataTable(data)}</body></html>`;
  return `<!DOCTYPE html>\n${page}\n`;
}

const shade = ({ result, required }: StepReport) => (result !== 'handled' && !required ? 'optional' : result);

function overview(steps: StepReport[]): XmlFragment {
  const rows = steps.map((step) => {
    const { name, title, group, required, result, attestation, question } = step;
    return xml`<tr><td>${group}</td><td><a href="${`#${name}`}">${title}</a><small>${name}${required ? '' : ', not required'}</small></td>
      <td class="${shade(step)}">${WORDS[result]}</td><td>${question === undefined ? '' : (attestation?.answer ?? 'not answered')}</td></tr>`;
  });
  return xml`<table><thead><tr><th>Group</th><th>Step</th><th>Seen on the wire</th><th>Said by a person</th></tr></thead>
    <tbody>${rows}</tbody></table>`;
}

function leftOutList(leftOut: AssureReport['leftOut']): XmlFragment | undefined {
  if (leftOut.length === 0) return undefined;
  return xml`<p>Left out of this run: ${leftOut.map(({ title }) => title).join('; ')}.</p>`;
}

function limits(unanswered: number): XmlFragment {
  const open = unanswered === 0 ? '' : ` ${unanswered} of the questions to a person were not answered.`;
  return xml`<h2>What this says, and what not</h2><p>A step was judged by the exchanges that the simulator met while the step was
    ${' '}open, and by nothing else: what the system showed, logged or stored is not known here. What a person said of that is
    ${' '}recorded as said, not as seen.${open} This is evidence that a system coped with a simulator. It is no
    ${' '}accreditation, and does not take the place of the path-to-live environments.</p>`;
}

function section(step: StepReport): XmlFragment {
  const { name, title, ask, result, judgement, expected, banned, question, attestation, beganAt, endedAt, tries } =
    step;
  const time =
    beganAt === undefined ? 'not begun' : `${beganAt} to ${endedAt ?? 'now'}${tries > 1 ? `, try ${tries}` : ''}`;
  return xml`<section id="${name}"><h3>${title}<span class="${shade(step)}">${WORDS[result]}</span></h3><small>${name}, ${time}</small>
    <p class="ask">${ask}</p><ul>${expected.map((what) => xml`<li>Expected: ${what}</li>`)}
    ${banned.map((what) => xml`<li>Must not be: ${what}</li>`)}</ul>
    ${judgement && xml`<p><strong>${judgement.reason}</strong> ${judgement.advice}</p>`}
    ${judgement && judgement.evidence.length > 0 && evidenceTable(judgement.evidence)}
    ${question !== undefined && xml`<p>Asked of a person: ${question} ${attestation ? said(attestation) : xml`<em>Not answered.</em>`}</p>`}
    </section>`;
}

function said({ answer, by, note, at }: NonNullable<StepReport['attestation']>): XmlFragment {
  return xml`<strong>${answer}</strong>${by === undefined ? '' : `, says ${by}`}${note === undefined ? '' : `: ${note}`} (attested at ${at}, not observed)`;
}

function evidenceTable(evidence: Evidence[]): XmlFragment {
  return xml`<table><thead><tr><th>Evidence</th><th>Exchange</th><th>Outcome</th></tr></thead>
    <tbody>${evidence.map(row)}</tbody></table>`;
}

function row(evidence: Evidence): XmlFragment {
  const { kind, what, lacks, id, at, asked, answered, outcome, error, advice, tls } = evidence;
  const { service, operation, interaction } = evidence;
  const named = [service, operation, interaction === operation ? undefined : interaction].filter(Boolean).join(' ');
  return xml`<tr class="${kind}"><td>${KINDS[kind]}<small>${what}</small>${lacks?.map((lack) => xml`<small>${lack}</small>`)}</td>
    <td><code>${asked}</code><small>${at}, ${named}, journal entry ${id}</small>${tls && xml`<small>TLS: ${tls}</small>`}${details(evidence)}</td>
    <td>${[outcome, answered].filter(Boolean).join(' ')}${error && xml`<small>${error.code}: ${error.message}</small>`}
    ${advice && xml`<small>${advice}</small>`}</td></tr>`;
}

function details({ identity, rule, fault, steps, body }: Evidence): XmlFragment {
  const sum =
    body && `${body.bytes} bytes, SHA-256 ${body.sha256}${body.truncated ? ' of the part that was kept' : ''}`;
  const facts = { ...identity, rule, fault, 'body sent': sum };
  const lines = Object.entries(facts).flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []));
  return xml`<details><summary>Details</summary><ul>${[...lines, ...steps].map((text) => xml`<li>${text}</li>`)}</ul></details>`;
}

function dataTable(data: Record<string, string>): XmlFragment | undefined {
  const rows = Object.entries(data);
  if (rows.length === 0) return undefined;
  return xml`<section><h3>Data of this run</h3><table><tbody>${rows.map(
    ([name, value]) => xml`<tr><td>${name}</td><td><code>${value}</code></td></tr>`,
  )}</tbody></table></section>`;
}
