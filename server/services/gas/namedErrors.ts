/** The errors of GAS as rules name them; on the wire all of them are one of two pages. */
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import type { RaiseError } from '../../core/rules/http.ts';
import type { NamedError } from '../../core/rules/namedErrors.ts';
import { GAS_ERRORS, type GasErrorCode, refuse, TEXTS } from './errors.ts';

/** Users that there are not; the login names them in the parameter uid. */
const TEST_DATA: Partial<Record<GasErrorCode, string>> = {
  'gas-expired': '999900000001',
  'gas-replayed': '999900000002',
  'gas-signature': '999900000003',
  'gas-certificate': '999900000004',
  'gas-card': '999900000005',
  'gas-series': '999900000006',
  'gas-user': '999900000007',
};

export const NAMED_ERRORS: readonly NamedError[] = Object.entries(GAS_ERRORS).map(([name, { text }]) => {
  const value = TEST_DATA[name as GasErrorCode];
  const error = { service: 'gas', name, code: name, text: TEXTS[text] };
  return value === undefined ? error : { ...error, testData: { field: 'user' as const, value } };
});

/** For `exchange.decide`. */
export function raiseIn(exchange: HttpExchange): RaiseError {
  return (name, text) => {
    if (!Object.hasOwn(GAS_ERRORS, name)) return undefined;
    return refuse(exchange, { code: name as GasErrorCode, message: text ?? 'asked for by name' });
  };
}
