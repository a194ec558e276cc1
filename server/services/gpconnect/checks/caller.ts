/** Who calls: only the Spine Secure Proxy, with all four headers, meaning this provider and this operation. */

import type { GpConnectSettings } from '../../../config/proxySettings.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { refuse } from '../errors.ts';
import type { Practice } from '../practice.ts';
import { INTERACTION_PREFIX, type ProviderOperation } from '../providerCall.ts';

/** Names in the certificate of the SSP as it calls providers. */
const SSP_NAMES = new Set([
  'msg.dev.spine2.ncrs.nhs.uk',
  'msg.int.spine2.ncrs.nhs.uk',
  'msg-out.dev.spine2.ncrs.nhs.uk',
  'msg-out.int.spine2.ncrs.nhs.uk',
]);

const THROUGH_SSP = 'Call the provider through the SSP: https://proxy.dev.spine2.ncrs.nhs.uk/https://...';

export function checkCertificate(exchange: HttpExchange, settings: GpConnectSettings): void {
  const { certificate } = exchange;
  if (settings.certificate === 'optional' && !certificate) return;
  if (!certificate) refuse('certificateMissing', 'No certificate found!', THROUGH_SSP);
  if (!certificate.trusted) refuse('certificateRefused', 'Provided certificate is not in trusted list!', THROUGH_SSP);
  if (!SSP_NAMES.has(certificate.cn.toLowerCase())) {
    refuse('certificateRefused', 'The certificate provided has an invalid FQDN.', THROUGH_SSP);
  }
}

export interface SspHeaders {
  traceId: string;
  from: string;
  to: string;
  interaction: string;
}

/** In the order in which providers look: TraceID, From, To, InteractionID. */
export function checkHeaders(exchange: HttpExchange, practice: Practice): SspHeaders {
  const header = (name: string) => {
    const value = exchange.header(name)?.trim();
    return value || refuse('badRequest', `The header ${name} is missing or empty`, `Send the header ${name}.`);
  };
  const traceId = header('Ssp-TraceID');
  const from = header('Ssp-From');
  const to = header('Ssp-To');
  if (to !== practice.asid) {
    refuse(
      'badRequest',
      `Ssp-To is ${to}, which is not the ASID of this provider`,
      `The ASID of ${practice.ods} is ${practice.asid}.`,
    );
  }
  return { traceId, from, to, interaction: header('Ssp-InteractionID') };
}

/** The interaction is one of the operation that verb and path stand for. */
export function checkInteraction(exchange: HttpExchange, interaction: string, operation: ProviderOperation): void {
  const expected = operation.interactions.map((name) => INTERACTION_PREFIX + name);
  if (expected.includes(interaction)) return;
  for (const candidate of expected) {
    exchange.nearMiss({
      kind: 'interaction',
      candidate,
      reason: `is what ${operation.method} ${operation.path} takes`,
    });
  }
  refuse(
    'badRequest',
    `Ssp-InteractionID ${interaction} does not fit ${operation.method} ${operation.path}`,
    `Send ${expected.join(' or ')}.`,
  );
}
