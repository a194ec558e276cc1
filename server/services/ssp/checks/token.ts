/** The bearer token: in the journal with every broken rule; by setting a reason to refuse. */
import { brokenRules, flavourOf, reasonOf, scopeOf } from '../../../core/jwt/rules.ts';
import { readToken } from '../../../core/jwt/token.ts';
import { tokenRefused } from '../errors.ts';
import { type Check, type ProxyCall, passed, refused } from '../proxyCall.ts';

export const token: Check = (call) => {
  const { exchange, settings } = call;
  if (settings.token === 'ignore') return passed('not looked at: ssp.token is ignore');
  const faults = findFaults(call);
  for (const fault of faults) exchange.step('token rule', 'info', fault);
  if (faults.length === 0) return passed();
  if (settings.token === 'enforce') return refused(tokenRefused(faults[0]!));
  return passed(`${faults.length} broken ${faults.length === 1 ? 'rule' : 'rules'}, reported only`);
};

function findFaults({ exchange, headers: { interaction } }: ProxyCall): string[] {
  const reading = readToken(exchange.header('Authorization'));
  if ('fault' in reading) return [reading.fault];
  exchange.step('token decoded', 'info', reading.token.json);
  return brokenRules(reading.token, {
    flavour: flavourOf(interaction),
    now: exchange.space.clock.now(),
    reason: reasonOf(interaction),
    scope: scopeOf(interaction),
  });
}
