/** POST /login/authvalidate: from the card's answer to a ticket. */
import { CmsError } from '../../../core/cms/error.ts';
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { directoryName } from '../../../core/sessions/personName.ts';
import { GasRefusal, orRefuse } from '../errors.ts';
import type { Gas } from '../gas.ts';
import { authenticated } from '../messages/authenticated.ts';
import { type LoginRequest, readLoginRequest } from '../messages/loginRequest.ts';
import { raiseIn } from '../namedErrors.ts';
import { publicUrls } from '../publicUrls.ts';
import { checkChallenge, useChallenge } from '../validation/challengeSteps.ts';
import { checkAgent } from '../validation/policySteps.ts';
import { checkCard, checkContent, checkSignature, checkUid, readResponse } from '../validation/responseSteps.ts';
import { findUser, listRoles } from '../validation/userSteps.ts';
import type { Validation, ValidationStep } from '../validation/validation.ts';

const STEPS: ValidationStep[] = [
  ['challenge is ours and fresh', checkChallenge],
  ['response is a signed message', readResponse],
  ['content is the challenge', checkContent],
  ['signature', checkSignature],
  ['uid is that of the certificate', checkUid],
  ['user', findUser],
  ['card is in force', checkCard],
  ['roles', listRoles],
  ['challenge is answered once', useChallenge],
];

export function authValidate(gas: Gas) {
  return async (exchange: HttpExchange): Promise<HttpAnswer> => {
    const arrival = exchange.space;
    let request: LoginRequest;
    try {
      request = readLoginRequest(exchange.body, 'AUTHENTICATION');
    } catch (error) {
      return exchange.decide(() => orRefuse(exchange, () => Promise.reject(error)));
    }
    const uid = request.parameters.get('uid')!;
    exchange.identify({ user: uid });
    exchange.step('parameters');
    return exchange.decide(
      () => orRefuse(exchange, () => login({ gas, exchange, request, arrival, uid } as Validation)),
      raiseIn(exchange),
    );
  };
}

async function login(state: Validation): Promise<HttpAnswer> {
  const { gas, exchange, request } = state;
  checkAgent(gas, exchange);
  for (const step of STEPS) await take(step, state);
  const session = await openSession(state);
  return authenticated({
    request,
    session,
    roles: state.roles,
    organisationName: (ods) => exchange.space.world.organisations.get(ods)?.name ?? ods,
    urls: publicUrls(exchange),
    serverIp: gas.settings.serverIp,
    escapeRoles: gas.settings.escapeRoles,
  });
}

async function take([name, run]: ValidationStep, state: Validation): Promise<void> {
  try {
    await run(state);
    state.exchange.step(name);
  } catch (error) {
    const refusal = error instanceof CmsError ? refusalOf(error) : error;
    state.exchange.step(name, 'failed', refusal instanceof Error ? refusal.message : undefined);
    throw refusal;
  }
}

function refusalOf({ code, message }: CmsError): GasRefusal {
  const unreadable = code === 'encoding' || code === 'structure' || code === 'certificate';
  return new GasRefusal(unreadable ? 'gas-response' : 'gas-signature', message);
}

/** Agents ask the user for a role only when there are several, so a single one is selected here. */
async function openSession({ gas, exchange, request, uid, person, roles, cardId }: Validation) {
  const roleId = roles.length === 1 ? roles[0]!.role.id : undefined;
  const session = await gas.sessions.start(exchange.space, {
    uid,
    cn: directoryName(person),
    deviceId: request.deviceId,
    clientIp: request.clientIp ?? exchange.request.socket.remoteAddress ?? '',
    ...(cardId === undefined ? {} : { card: cardId }),
    ...(roleId === undefined ? {} : { roleId }),
  });
  exchange.identify({ ticket: session.ticket, role: roleId });
  exchange.step('session opened', 'ok', `${roles.length} roles${roleId ? `, ${roleId} selected` : ''}`);
  return session;
}
