/** Search parameters that are left aside: FHIR has a server ignore what it does not know, and a client never learns of a slip. */
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { nearest } from '../../../core/yaml/nearest.ts';
import type { ProviderOperation } from '../providerCall.ts';

/** Of every operation (FHIR STU3, RESTful API 2.21.0.6). */
const GENERAL = ['_format', '_pretty', '_summary', '_elements'];

/** More slips than that are none; nor is a name that is longer. */
const MAX_NOTED = 20;
const MAX_SHOWN = 100;

/** Notes each in the journal, with what it was probably meant to be. */
export function noteUnknownParameters(exchange: HttpExchange, { parameters = [] }: ProviderOperation): void {
  const unknown = new Set(exchange.query.keys());
  for (const name of [...parameters, ...GENERAL]) unknown.delete(name);
  for (const name of [...unknown].slice(0, MAX_NOTED)) {
    const shown = JSON.stringify(name.slice(0, MAX_SHOWN));
    exchange.step('search parameter', 'info', `${shown} is not known here, and left aside`);
    const candidate = nearest(name, [...parameters, ...GENERAL]);
    if (candidate !== undefined)
      exchange.nearMiss({ kind: 'search parameter', candidate, reason: `is known, and the nearest to ${name}` });
  }
}
