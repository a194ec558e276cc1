/** Exchanges as one HTML file that needs nothing else: to attach to a ticket, to keep with a build. */
import { escapeAttribute, escapeText } from '../../xml/escape.ts';
import type { JournalEntry, WireMessage } from '../entry.ts';
import type { Verified } from '../verifications.ts';
import { bodyView } from '../view.ts';

const STYLE = `body{font:14px/1.4 system-ui,sans-serif;margin:2em;color:#222}table{border-collapse:collapse;width:100%}
td,th{padding:.25em .6em;text-align:left;border-bottom:1px solid #ddd;vertical-align:top}details{margin:.1em 0}
pre{background:#f6f6f6;padding:.6em;overflow:auto;max-height:40em;white-space:pre-wrap;word-break:break-all}
.refused,.no{color:#a40}.failed{color:#c00}.ok{color:#060}summary{cursor:pointer}small{color:#666}`;

/** No script, no picture, nothing from elsewhere: what bodies say can do nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const text = (value: unknown): string => escapeText(String(value ?? ''));

function message(title: string, { headers = [], body }: WireMessage): string {
  if (headers.length === 0 && !body) return '';
  const view = bodyView(body);
  const lines = headers.map(([name, value]) => `${name}: ${value}`).join('\n');
  const note = view?.truncated ? ` <small>the first part of ${view.bytes} bytes</small>` : '';
  return `<h4>${title}${note}</h4><pre>${text(lines)}\n\n${text(view?.text ?? view?.base64)}</pre>`;
}

function exchange(entry: JournalEntry): string {
  const { at, service, operation, interaction, method, path, status, outcome, durationMs, error, advice, id } = entry;
  const what = [method, path, operation, interaction].filter(Boolean).join(' ');
  const steps = entry.steps.map(
    ({ name, outcome: ended, detail }) => `${ended.padEnd(7)} ${name}${detail ? `: ${detail}` : ''}`,
  );
  const misses = entry.nearMisses.map(({ kind, candidate, reason }) => `${kind} ${candidate}: ${reason}`);
  const facts = {
    space: entry.space,
    ...entry.identity,
    rule: entry.rule,
    fault: entry.fault,
    ldap: entry.ldap,
    tls: entry.tls,
  };
  const told = error
    ? `<p class="${escapeAttribute(outcome)}">${text(error.code)}: ${text(error.message)}<br>${text(advice)}</p>`
    : '';
  return `<tr><td>${text(at)}</td><td>${text(entry.direction)}</td><td>${text(service)}</td><td><details><summary>${text(what)}</summary>
${told}<small>${text(id)}</small><pre>${text(JSON.stringify(facts, null, 1))}</pre>${steps.length ? `<h4>Steps</h4><pre>${text(steps.join('\n'))}</pre>` : ''}
${misses.length ? `<h4>Nearly</h4><pre>${text(misses.join('\n'))}</pre>` : ''}${message('Request', entry.request)}${message('Answer', entry.response)}
</details></td><td>${text(status ?? entry.ldap?.resultCode)}</td><td class="${escapeAttribute(outcome)}">${text(outcome)}</td><td>${text(durationMs)}</td></tr>`;
}

export interface HtmlReport {
  title: string;
  /** Simulated time, ISO. */
  at: string;
  entries: readonly JournalEntry[];
  verified: readonly Verified[];
}

export function toHtml({ title, at, entries, verified }: HtmlReport): string {
  const checks = verified.map(
    ({ name, satisfied, detail }) =>
      `<tr><td class="${satisfied ? 'ok' : 'no'}">${satisfied ? 'yes' : 'NO'}</td><td>${text(name)}</td><td>${text(detail)}</td></tr>`,
  );
  const table = checks.length ? `<h2>Verified</h2><table>${checks.join('\n')}</table>` : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>${text(title)}</title>
<style>${STYLE}</style></head><body><h1>${text(title)}</h1><p>${text(at)}, ${entries.length} exchanges. Simulated; invented data only.</p>${table}
<h2>Exchanges</h2><table><tr><th>at</th><th></th><th>service</th><th>what</th><th>status</th><th>outcome</th><th>ms</th></tr>
${entries.map(exchange).join('\n')}
</table></body></html>
`;
}
