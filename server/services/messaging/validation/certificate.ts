/** Whether the certificate of the connection is that of the party that the message says it is from. */
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { Derived } from '../../../core/world/derived.ts';
import type { Refusal } from '../errors.ts';
import { MESSAGE_ERRORS, REJECTS } from '../errors.ts';
import type { Strictness } from '../settings.ts';
import { shown } from './check.ts';

const NAME = REJECTS.certificate.name;

/**
 * The common name must be the FQDN of one of the party's endpoints (nhsMhsFQDN), or of one of its systems. What Spine does beyond
 * the chain is not documented: a mismatch is noted, and refused only where the settings say so. `form`: how it is refused.
 */
export function checkCertificate(
  { checks }: Strictness,
  exchange: HttpExchange,
  partyKey: string | undefined,
  form: 'reject' | 'messageError',
): Refusal | undefined {
  const enforced = checks[NAME] === 'enforce';
  const cn = exchange.certificate?.cn;
  if (cn === undefined && !enforced) return undefined;
  const names = partyKey === undefined ? [] : namesOf(exchange, partyKey);
  if (cn !== undefined && names.includes(cn.toLowerCase())) {
    exchange.step(NAME, 'ok', cn);
    return undefined;
  }
  const detail = `the certificate is for ${shown(cn)}, the endpoints of ${shown(partyKey)} are ${names.join(', ') || 'unknown'}`;
  exchange.step(NAME, enforced ? 'failed' : 'info', detail);
  if (!enforced) return undefined;
  return {
    error: form === 'reject' ? REJECTS.certificate : MESSAGE_ERRORS.certificate,
    detail,
    advice: 'Connect with the certificate whose common name is the FQDN that the directory lists for your endpoint.',
  };
}

const NAMES = new Derived<string[]>('handlers', 'systems');

function namesOf({ space: { world } }: HttpExchange, partyKey: string): string[] {
  const find = () => {
    const names = new Set<string>();
    for (const { fqdn } of world.handlers.byPartyKey(partyKey)) names.add(fqdn.toLowerCase());
    for (const { fqdn } of world.systems.byPartyKey(partyKey)) if (fqdn) names.add(fqdn.toLowerCase());
    return names.size > 0 ? [...names] : undefined;
  };
  return NAMES.of(world, partyKey, find) ?? [];
}
