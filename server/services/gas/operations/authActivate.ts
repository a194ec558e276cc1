/** POST /login/authactivate: a challenge for the card. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { agentVersion } from '../agentVersion.ts';
import { orRefuse } from '../errors.ts';
import type { Gas } from '../gas.ts';
import { activated } from '../messages/activated.ts';
import { readLoginRequest } from '../messages/loginRequest.ts';
import { raiseIn } from '../namedErrors.ts';
import { publicUrls } from '../publicUrls.ts';
import { checkAgent } from '../validation/policySteps.ts';

export function authActivate(gas: Gas) {
  return (exchange: HttpExchange): Promise<HttpAnswer> =>
    exchange.decide(
      () =>
        orRefuse(exchange, () => {
          const request = readLoginRequest(exchange.body, 'ACTIVATION');
          exchange.step('parameters');
          const agent = agentVersion(exchange);
          if (agent) exchange.step('agent', 'info', agent);
          checkAgent(gas, exchange);
          const { clock, ids } = exchange.space;
          const challenge = gas.challenges.issue(ids, clock.now());
          return activated(request, challenge, publicUrls(exchange), gas.settings.serverIp);
        }),
      raiseIn(exchange),
    );
}
