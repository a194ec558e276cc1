/** Sends what rules want sent, once the exchange that led to it is over. */
import type { Exchange } from '../exchange/exchange.ts';
import type { OutboundAnswer, OutboundRequest } from '../outbound/outbound.ts';
import type { Callback } from './actions/callback.ts';

/** What of outbound calls rules need. */
export interface Sender {
  send(ask: OutboundRequest): Promise<OutboundAnswer>;
}

/**
 * Callbacks belong to the exchange's space and go by its clock; each is an entry of the journal, also when it fails. By `via` what
 * comes back to us is known.
 */
export function callBack(
  exchange: Exchange,
  sender: Sender,
  rule: string,
  callbacks: readonly Callback[],
  via: string,
): void {
  const { space, entry } = exchange;
  const { messageId, conversationId, nhsNumber } = entry.identity;
  for (const { delayMs, method, url, headers, body, certificate } of callbacks) {
    const send = async () => {
      const answer = await sender.send({
        resolved: { space, reason: `rule ${rule}` },
        service: 'rules',
        operation: 'callback',
        identity: { messageId, conversationId, nhsNumber },
        method,
        url,
        headers: [...headers, ['Via', via]],
        body,
        cn: certificate,
      });
      answer.body.resume();
    };
    exchange.afterwards(() => {
      space.clock.setTimer(delayMs, () => void send().catch((error) => told(exchange, rule, error)));
    });
  }
}

/** The journal has the entry of the call; a URL that is none has not even that. */
function told(exchange: Exchange, rule: string, error: unknown): void {
  exchange.log.warn({ rule, err: error }, 'a callback of a rule was not answered');
}
