/** Which identity agent is calling, as far as it says: its number in User-Agent, and the `Analytics` header of newer ones. */
import type { HttpExchange } from '../../core/http/httpExchange.ts';

/** The journal shows this much of what a client says of itself. */
const MAX_LENGTH = 80;

const ANALYTICS = ['IAVersion', 'Mode', 'ATR'] as const;

/** For example `GACv10.0.0.1, IAVersion 2.1.2.16, Mode Normal`; undefined when the agent says nothing. */
export function agentVersion(exchange: HttpExchange): string | undefined {
  const number = /GACv[\d. ]+/.exec(exchange.header('user-agent') ?? '')?.[0].replaceAll(' ', '');
  const analytics = analyticsOf(exchange.header('analytics'));
  const named = ANALYTICS.filter((name) => typeof analytics[name] === 'string');
  const parts = [number, ...named.map((name) => `${name} ${analytics[name]}`)].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.map((part) => part.slice(0, MAX_LENGTH)).join(', ') : undefined;
}

/** The version that a newer agent states, such as `2.4.6.0`. */
export function statedVersion(exchange: HttpExchange): string | undefined {
  const { IAVersion } = analyticsOf(exchange.header('analytics'));
  return typeof IAVersion === 'string' ? IAVersion.slice(0, MAX_LENGTH) : undefined;
}

/** Never required, and sent by hand-written agents too: what is no JSON object is passed over. */
function analyticsOf(header: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(header ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
