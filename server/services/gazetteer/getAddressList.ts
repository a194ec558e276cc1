/** The one operation of the gazetteer. */
import type { HttpAnswer } from '../../core/http/answer.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import type { Handler } from '../../core/http/service.ts';
import { ERRORS, type Refusal } from './errors.ts';
import { addressList, errorList } from './messages/response.ts';
import { type AddressListRequest, readRequest } from './request.ts';
import { findAddresses } from './search.ts';

export interface Gazetteer {
  settings: {
    /** More matches than these are refused. */
    maxMatches: number;
  };
}

export function getAddressList(gazetteer: Gazetteer): Handler {
  return (exchange) => {
    const request = readRequest(exchange);
    if ('error' in request) {
      exchange.step('request', 'failed', request.detail);
      return exchange.decide(() => refuse(exchange, request));
    }
    exchange.identify({ messageId: request.messageId });
    exchange.step('request', 'ok', request.wanted.postcode ? 'OPTIMAL' : 'ALTERNATIVE');
    return exchange.decide(() => answer(gazetteer, exchange, request));
  };
}

function answer({ settings }: Gazetteer, exchange: HttpExchange, request: AddressListRequest): HttpAnswer {
  const found = findAddresses(exchange.space.world.addresses.values(), request.wanted);
  exchange.step('search', 'ok', `${found.length} addresses fit`);
  if (found.length > settings.maxMatches) {
    return refuse(exchange, {
      error: ERRORS.tooMany,
      detail: `${found.length} addresses fit, more than ${settings.maxMatches}`,
      advice: 'Say more of the address, or raise the setting gazetteer.maxMatches.',
    });
  }
  return written(exchange, addressList(newId(exchange), found.slice(0, request.maxno), found.length));
}

/** Errors have HTTP 200: they are part of the message. */
export function refuse(exchange: HttpExchange, { error, detail, advice, location }: Refusal): HttpAnswer {
  exchange.refuse(error.code, detail, advice);
  return written(exchange, errorList(newId(exchange), error, location));
}

/** Ids of the gazetteer are seen as 32 hexadecimal digits. */
function newId(exchange: HttpExchange): string {
  return exchange.space.ids.uuid().replaceAll('-', '').toLowerCase();
}

function written(exchange: HttpExchange, xml: string): HttpAnswer {
  const body = Buffer.from(xml, 'utf8');
  return {
    status: 200,
    headers: [
      ['Server', 'nginx'],
      ['Date', exchange.space.clock.date().toUTCString()],
      ['Content-Type', 'text/xml'],
      ['Content-Length', String(body.length)],
      ['Connection', 'close'],
    ],
    body,
  };
}
