/** The addresses that GAS hands out: agents go on at what they are told here, so it must be the name they came by. */
import { findHost } from '../../config/hosts.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';

/** For a client that names no host (HTTP/1.0). */
const DEFAULT_HOST = 'gas.vn03.national.ncrs.nhs.uk';

/** Cookie domain by environment: seen for INT, assumed for the others. */
const INT_DOMAIN = '.nis.nhs.uk';
const DOMAIN = '.national.ncrs.nhs.uk';

const AUTHORITY = /^[a-z0-9.-]+(?::\d{1,5})?$|^\[[0-9a-f:.]+\](?::\d{1,5})?$/i;

export interface PublicUrls {
  dtd: string;
  error: string;
  validate: string;
  logout: string;
  update: string;
  /** Value of sso_domain. */
  domain: string;
}

/** A Host header that is none of the environment's names is never repeated in an answer. */
export function publicUrls(exchange: HttpExchange): PublicUrls {
  const named = exchange.header('host') ?? exchange.entry.tls?.sni;
  const match = findHost(named);
  const host = named !== undefined && match && AUTHORITY.test(named) ? named : DEFAULT_HOST;
  const login = `https://${host}/login`;
  return {
    dtd: `${login}/dtd`,
    error: `${login}/error`,
    validate: `${login}/authvalidate`,
    logout: `${login}/authlogout`,
    update: `${login}/ssoupdate`,
    domain: match?.host.environment === 'INT' ? INT_DOMAIN : DOMAIN,
  };
}
