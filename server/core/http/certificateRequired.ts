/** Mutual TLS where a service's settings ask for it. */

import { nginxPage } from './nginx.ts';
import type { Handler } from './service.ts';

/**
 * Refuses a client without a certificate as nginx does: after the handshake, with a page. `setting` is the name that the advice
 * tells the developer.
 */
export function certificateRequired(setting: string, handler: Handler): Handler {
  return (exchange) => {
    if (exchange.certificate) return handler(exchange);
    const advice = `Connect with the client certificate of your endpoint, or set ${setting} to optional.`;
    exchange.refuse('client-certificate', 'no client certificate came', advice);
    return nginxPage(400, 'No required SSL certificate was sent');
  };
}
