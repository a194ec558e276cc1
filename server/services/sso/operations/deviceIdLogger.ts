/** /ssb/DeviceIDLogger: an agent reports that its workstation has another device id than before. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { okPage } from '../../../core/sessions/statusPage.ts';
import { deadTicket, refusePage } from '../errors.ts';
import { CallParameters } from '../messages/parameters.ts';
import type { Sso } from '../sso.ts';

const FIELDS = ['ipaddress', 'latestdeviceid', 'storeddeviceid'];

/** The journal is the log that it is written to. Behaviour and answer are assumed. */
export function deviceIdLogger(sso: Sso) {
  return (exchange: HttpExchange): Promise<HttpAnswer> => {
    const parameters = new CallParameters(exchange);
    const ticket = parameters.ticket(sso.settings.lenientTickets);
    exchange.identify({ ticket });
    return exchange.decide(async () => {
      if (!ticket) return refusePage(exchange, 'sso-no-ticket', 'there is no ticket in the request');
      const found = await sso.sessions.find(exchange.space, ticket);
      if (found.state !== 'valid') return refusePage(exchange, ...(await deadTicket(sso, ticket, found)));
      exchange.identify({ user: found.session.uid });
      const values = FIELDS.map((name) => `${name} ${JSON.stringify(parameters.get(name) ?? '')}`);
      exchange.step('device logged', 'ok', values.join(', '));
      return okPage();
    });
  };
}
