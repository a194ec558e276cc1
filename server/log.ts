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

/**
 * Lines for machines leave together. One write for each line wakes another thread for each exchange, which costs more than making
 * the line (bench/README.md); a reader waits for so many milliseconds at most. What is left is written when the process ends.
 */
const BATCH = { minLength: 4096, periodicFlush: 100, sync: false } as const;

/** A logger of that level; `silent` writes nothing. */
export function createLog(level: string): Logger {
  if (!process.stdout.isTTY) return pino({ level, base: undefined }, pino.destination({ dest: 1, ...BATCH }));
  return pino({ level, base: undefined }, { write: (line: string) => process.stdout.write(terminalLine(line)) });
}
