/** What the dated rules of the environment refuse: old Identity Agents and old smartcards. */
import { findHost } from '../../../config/hosts.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { Place } from '../../../core/policy/policy.ts';
import type { Card } from '../../../core/world/types.ts';
import { statedVersion } from '../agentVersion.ts';
import { GasRefusal } from '../errors.ts';
import type { Gas } from '../gas.ts';

function placeOf(exchange: HttpExchange): Place {
  const match = findHost(exchange.header('host') ?? exchange.entry.tls?.sni);
  // By other names than the environment's own, as in compose or on this machine, GAS is that of the gas host.
  if (!match || match.host.role === 'local') return { role: 'gas' };
  return { host: match.host.name, role: match.host.role, environment: match.host.environment };
}

/** Only an agent that states its version can be told to be an old one. */
export function checkAgent({ policy }: Pick<Gas, 'policy'>, exchange: HttpExchange): void {
  const version = statedVersion(exchange);
  if (version === undefined || !policy.has('agent-version')) return;
  const rule = policy.refusesAgent(version, placeOf(exchange), exchange.space.clock.now());
  if (!rule) return;
  throw new GasRefusal(
    'gas-agent',
    `Identity Agent ${version} is below ${rule.minimumVersion}: ${rule.title} (policy rule ${rule.id})`,
  );
}

export function checkSeries({ policy }: Pick<Gas, 'policy'>, exchange: HttpExchange, { id, series }: Card): void {
  const rule = policy.refusesCard(series, placeOf(exchange), exchange.space.clock.now());
  if (!rule) return;
  throw new GasRefusal('gas-series', `the card ${id} is of series ${series}: ${rule.title} (policy rule ${rule.id})`);
}
