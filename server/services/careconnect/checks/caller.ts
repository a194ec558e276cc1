/** Who calls, with which headers, by which right. */
import { outboundNames } from '../../../../certs/recipes.ts';
import type { CareConnectSettings } from '../../../config/proxySettings.ts';
import { formatOf, formatParameter, readAccept } from '../../../core/fhir/format.ts';
import { shown } from '../../../core/fhir/shown.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { brokenRules } from '../../../core/jwt/rules.ts';
import { readToken } from '../../../core/jwt/token.ts';
import { type BookingOperation, INTERACTION_PREFIX } from '../call.ts';
import { refuse } from '../errors.ts';

const SSP_NAMES = new Set<string>(outboundNames);

const THROUGH_SSP = 'Call the provider through the SSP: https://proxy.dev.spine2.ncrs.nhs.uk/https://...';

export function checkCertificate({ certificate }: HttpExchange, settings: CareConnectSettings): void {
  if (!certificate && settings.certificate === 'optional') return;
  if (!certificate) refuse('certificateMissing', 'A client certificate is required', THROUGH_SSP);
  if (!certificate.trusted || !SSP_NAMES.has(certificate.cn.toLowerCase())) {
    refuse('certificateRefused', 'The client certificate is not that of the SSP', THROUGH_SSP);
  }
}

/** All four headers of the SSP and X-Request-ID, which is returned. */
export function checkHeaders(exchange: HttpExchange, asid: string, operation: BookingOperation): string {
  const header = (name: string) => {
    const value = exchange.header(name)?.trim();
    return value || refuse('badRequest', `The header ${name} is missing or empty`, `Send the header ${name}.`);
  };
  header('Ssp-TraceID');
  header('Ssp-From');
  const to = header('Ssp-To');
  if (to !== asid) refuse('badRequest', `Ssp-To is ${to}, which is not the ASID of this provider`, `It is ${asid}.`);
  const interaction = header('Ssp-InteractionID');
  const expected = INTERACTION_PREFIX + operation.interaction;
  if (interaction !== expected) {
    refuse('badRequest', `Ssp-InteractionID ${interaction} does not fit ${operation.name}`, `Send ${expected}.`);
  }
  return header('X-Request-ID');
}

/** 501 for an answer in another form, of which `_format` says more than Accept; 415 for a body in one. */
export function checkMediaTypes(exchange: HttpExchange): void {
  const accept = exchange.header('Accept');
  const parameter = formatParameter(exchange.rawUrl.slice(exchange.path.length + 1));
  if (parameter !== undefined && !formatOf(parameter))
    refuse('notImplemented', `_format is ${parameter}`, 'Ask for application/fhir+json.');
  const { format, any } = readAccept(accept);
  if (parameter === undefined && !format && !any)
    refuse('notImplemented', `Accept is ${accept}`, 'Ask for application/fhir+json.');
  const sent = exchange.header('Content-Type');
  if (exchange.body.length > 0 && !formatOf(sent)) {
    refuse('unsupportedMediaType', `Content-Type is ${sent ?? 'missing'}`, 'Send application/fhir+json.');
  }
}

/** 400 for a token that is broken, 403 for one that gives no right to the operation. */
export function checkToken(exchange: HttpExchange, operation: BookingOperation, settings: CareConnectSettings): void {
  const report = settings.token === 'report';
  const reading = readToken(exchange.header('Authorization'));
  if ('fault' in reading) {
    exchange.step('token rule', report ? 'info' : 'failed', reading.fault);
    if (report) return;
    refuse('badRequest', `Authorization: ${reading.fault}`, 'Send "Bearer" and an unsigned JWT.');
  }
  const { claims, json } = reading.token;
  exchange.step('token decoded', 'info', json);
  const rules = {
    flavour: 'care-connect' as const,
    now: exchange.space.clock.now(),
    ignoreExpiry: settings.token !== 'enforce',
  };
  const broken = brokenRules(reading.token, rules);
  for (const rule of broken) exchange.step('token rule', report ? 'info' : 'failed', rule);
  const scopes = typeof claims.requested_scope === 'string' ? claims.requested_scope.split(' ') : [];
  const entitled = operation.scopes.some((scope) => scopes.includes(scope));
  if (report) return;
  if (broken.length > 0)
    refuse('badRequest', `Authorization: ${broken[0]}`, 'The steps of this entry list every broken rule.');
  if (!entitled)
    refuse(
      'forbidden',
      `requested_scope is ${shown(claims.requested_scope)}`,
      `Ask for ${operation.scopes.join(' or ')}.`,
    );
}
