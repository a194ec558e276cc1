/** /saml/RoleAssertion?token=...: who the ticket's user is and may do. Application servers call it, without a client certificate. */
import { londonDay } from '../../../core/clock/london.ts';
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { deadTicket, note, type SsoErrorCode } from '../errors.ts';
import { assertionAttributes } from '../messages/assertionAttributes.ts';
import { CallParameters } from '../messages/parameters.ts';
import { samlFailure, samlSuccess } from '../messages/samlResponse.ts';
import { isErrorCode } from '../namedErrors.ts';
import type { Sso } from '../sso.ts';

/** Assumed; a client looks only for the absence of Success. */
const REFUSED = 'Invalid or expired SSO session';

export function roleAssertion(sso: Sso) {
  return (exchange: HttpExchange): Promise<HttpAnswer> => {
    const ticket = new CallParameters(exchange).ticket(sso.settings.lenientTickets);
    exchange.identify({ ticket });
    return exchange.decide(
      () => assertion(sso, exchange, ticket),
      (name, text) => (isErrorCode(name) ? refused(sso, exchange, name, text ?? 'asked for by name') : undefined),
    );
  };
}

function refused({ settings }: Sso, exchange: HttpExchange, code: SsoErrorCode, message: string): HttpAnswer {
  note(exchange, code, message);
  return samlFailure(settings, exchange.space.clock.now(), 'Requester', REFUSED);
}

async function assertion(sso: Sso, exchange: HttpExchange, ticket: string | undefined): Promise<HttpAnswer> {
  const { sessions, settings } = sso;
  const { space } = exchange;
  const refuse = (code: SsoErrorCode, message: string) => refused(sso, exchange, code, message);
  if (!ticket) return refuse('sso-no-ticket', 'there is no ticket in the request');
  const found = settings.assertionResetsIdle ? await sessions.use(space, ticket) : await sessions.find(space, ticket);
  if (found.state !== 'unknown') exchange.identify({ user: found.session.uid, role: found.session.roleId });
  if (found.state !== 'valid') return refuse(...(await deadTicket(sso, ticket, found)));
  const { session } = found;
  const person = space.world.people.get(session.uid);
  if (!person) return refuse('sso-ticket', `the user ${session.uid} is not in the world any more`);
  const attributes = assertionAttributes(space.world, person, session, londonDay(space.clock.now()));
  exchange.step('assertion', 'ok', `${attributes.filter(({ name }) => name === 'nhsIdCode').length} roles`);
  const answer = samlSuccess(settings, space.ids, space.clock.now(), session, attributes);
  if (!settings.signAssertions) return answer;
  const { signResponse } = await import('../messages/signature.ts');
  return { ...answer, body: await signResponse(answer.body as string, sso.signer()) };
}
