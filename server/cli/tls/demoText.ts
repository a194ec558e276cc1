/** The table of handshakes for a terminal. */
import { TLS_VERSIONS } from '../../core/tls/versions.ts';
import type { DemoCell, DemoTable } from './demo.ts';

const COLUMN = 9;

export function demoText({ time, rows }: DemoTable): string[] {
  const width = Math.max(...rows.map(({ host }) => host.length));
  const head = TLS_VERSIONS.map((version) => version.replace('TLSv', 'TLS ').padEnd(COLUMN)).join(' ');
  const lines = [`Handshakes at ${time}`, '', `${'host'.padEnd(width)}  ${head} profile`];
  for (const { host, profile, versions } of rows) {
    const cells = TLS_VERSIONS.map((version) => word(versions[version]).padEnd(COLUMN)).join(' ');
    lines.push(`${host.padEnd(width)}  ${cells} ${profile}`);
  }
  return [...lines, '', ...reasons(rows), ''];
}

function word({ accepted, certificateError }: DemoCell): string {
  if (!accepted) return 'refused';
  return certificateError === undefined ? 'accepted' : 'bad cert';
}

/** Every reason that occurs, with how often. */
function reasons(rows: DemoTable['rows']): string[] {
  const told = rows.flatMap(({ versions }) =>
    TLS_VERSIONS.flatMap((version) => {
      const why = reasonOf(versions[version]);
      return why === undefined ? [] : `${version.replace('TLSv', 'TLS ')} ${why}`;
    }),
  );
  const byText = Map.groupBy(told, (text) => text);
  return [...byText].map(([text, times]) => `${text}: ${times.length} of ${rows.length} hosts`);
}

function reasonOf({ reason, certificateError }: DemoCell): string | undefined {
  if (reason !== undefined) return `refused, ${reason}`;
  return certificateError === undefined ? undefined : `accepted with a bad certificate, ${certificateError}`;
}
