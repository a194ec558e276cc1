/** The bearer token: first its form, then, after the media types, its claims. */
import type { GpConnectSettings } from '../../../config/proxySettings.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { brokenRules, flavourOf, reasonOf } from '../../../core/jwt/rules.ts';
import { readToken, type Token } from '../../../core/jwt/token.ts';
import { refuse } from '../errors.ts';
import type { ProviderOperation } from '../providerCall.ts';

export function readBearer(exchange: HttpExchange): Token {
  const reading = readToken(exchange.header('Authorization'));
  if ('fault' in reading) refuse('badRequest', `Authorization: ${reading.fault}`, 'Send "Bearer" and an unsigned JWT.');
  return reading.token;
}

/** Every broken rule is a step in the journal; the client is told the first. */
export function checkClaims(
  exchange: HttpExchange,
  token: Token,
  interaction: string,
  operation: ProviderOperation,
  settings: GpConnectSettings,
): void {
  const broken = brokenRules(token, {
    flavour: flavourOf(interaction),
    now: exchange.space.clock.now(),
    ignoreExpiry: settings.ignoreExpiry,
    allowSigned: settings.allowSignedTokens,
    scope: operation.scope,
    reason: reasonOf(interaction),
  });
  for (const rule of broken) exchange.step('token rule', 'failed', rule);
  const [first] = broken;
  if (first)
    refuse('badRequest', `Authorization: ${first}`, 'The steps of this entry list every broken rule of the token.');
}
