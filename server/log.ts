/** The log on standard output: JSON lines for machines, short lines for a person at a terminal. */
import { type Logger, pino } from 'pino';

const LEVELS: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'ERROR', 60: 'FATAL' };

/** One log record as a line for a terminal. */
export function terminalLine(json: string): string {
  const { level, time, msg, pid, hostname, err, error, exchange, ...rest } = JSON.parse(json);
  const clock = new Date(time).toISOString().slice(11, 23);
  const id = exchange ? ` ${String(exchange).slice(0, 8)}` : '';
  const fields = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('');
  const failure = err?.stack ?? (error ? `${error.code}: ${error.message}` : '');
  return `${clock} ${LEVELS[level] ?? level}${id} ${msg}${fields}${failure ? `\n    ${failure}` : ''}\n`;
}

/** A logger of that level; `silent` writes nothing. */
export function createLog(level: string): Logger {
  if (!process.stdout.isTTY) return pino({ level, base: undefined });
  return pino({ level, base: undefined }, { write: (line: string) => process.stdout.write(terminalLine(line)) });
}
