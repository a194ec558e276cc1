/** The tables of handshakes as a page of its own, to be sent around: no script, nothing loaded. */
import { TLS_VERSIONS } from '../../core/tls/versions.ts';
import type { DemoCell, DemoRow, DemoTable } from './demo.ts';

const STYLE = `body{font:16px/1.4 system-ui,sans-serif;margin:2rem;color:#212b32}table{border-collapse:collapse;margin:1rem 0 2rem}
th,td{border:1px solid #aeb7bd;padding:.3rem .6rem;text-align:left;vertical-align:top}th{background:#e8edee}
.accepted{background:#d4efdf}.refused{background:#fadbd8}.bad{background:#fdebd0}small{display:block;color:#4c6272}`;

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character]!);

export function demoHtml(tables: DemoTable[]): string {
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>TLS handshakes with the Spine and CIS simulator</title><style>${STYLE}</style></head>
<body>
<h1>TLS handshakes with the Spine and CIS simulator</h1>
${tables.map(section).join('\n')}
</body>
</html>
`;
}

function section({ time, rows }: DemoTable): string {
  const head = TLS_VERSIONS.map((version) => `<th scope="col">${version.replace('TLSv', 'TLS ')}</th>`).join('');
  return `<h2>Simulated time ${escaped(time)}</h2>
<table>
<thead><tr><th scope="col">Host</th>${head}<th scope="col">Profile</th></tr></thead>
<tbody>
${rows.map(line).join('\n')}
</tbody>
</table>`;
}

function line({ host, service, address, profile, rule, versions }: DemoRow): string {
  const cells = TLS_VERSIONS.map((version) => cell(versions[version])).join('');
  const why = rule === undefined ? '' : `<small>dated rule ${escaped(rule)}</small>`;
  const name = `<th scope="row">${escaped(host)}<small>${escaped(service)}</small><small>${escaped(address)}</small></th>`;
  return `<tr>${name}${cells}<td>${escaped(profile)}${why}</td></tr>`;
}

function cell({ accepted, cipher, reason, certificateError }: DemoCell): string {
  if (!accepted) return `<td class="refused">refused<small>${escaped(reason ?? '')}</small></td>`;
  if (certificateError !== undefined) {
    return `<td class="bad">bad certificate<small>${escaped(certificateError)}</small></td>`;
  }
  return `<td class="accepted">accepted<small>${escaped(cipher ?? '')}</small></td>`;
}
