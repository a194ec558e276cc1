/** The four headers of the Spine Secure Proxy. */
import type { HttpExchange } from '../../core/http/httpExchange.ts';

export interface SspHeaders {
  traceId: string | undefined;
  /** ASID of the consumer. */
  from: string | undefined;
  /** ASID of the provider. */
  to: string | undefined;
  interaction: string | undefined;
}

/** Header names without regard to case; an empty value counts as none. */
export function readSspHeaders(exchange: HttpExchange): SspHeaders {
  const value = (name: string) => exchange.header(name)?.trim() || undefined;
  return {
    traceId: value('Ssp-TraceID'),
    from: value('Ssp-From'),
    to: value('Ssp-To'),
    interaction: value('Ssp-InteractionID'),
  };
}
