/** What the directory says of consumer and provider. */

import type { World } from '../../../core/world/world.ts';
import {
  asidCheckFailed,
  endpointVaries,
  partyKeyCheckFailed,
  receiverUnknown,
  sharingCheckFailed,
} from '../errors.ts';
import { type Check, handlerOf, type ProxyCall, passed, refused, registeredInteraction } from '../proxyCall.ts';
import { isUnder } from '../targetUrl.ts';
import { nearestOf } from './nearest.ts';

/** Names registered for an ASID: its own, and those of the message handlers under its party key. */
function namesOf(world: World, asid: string): string[] {
  const system = world.systems.get(asid);
  if (!system) return [];
  const handlers = world.handlers.byPartyKey(system.partyKey).map(({ fqdn }) => fqdn);
  return [...new Set([...(system.fqdn ? [system.fqdn] : []), ...handlers])];
}

/** The common name of the certificate is a name registered for Ssp-From; compared without regard to case. */
export const certificateName: Check = ({ exchange, headers: { from = '' } }) => {
  const { certificate } = exchange;
  if (!certificate) return passed('no certificate was shown, so there is nothing to compare');
  const { world } = exchange.space;
  if (!world.systems.has(from)) return passed('left to the check of the sender');
  const names = namesOf(world, from);
  if (names.some((name) => name.toLowerCase() === certificate.cn.toLowerCase())) return passed(certificate.cn);
  for (const name of names) exchange.nearMiss({ kind: 'fqdn', candidate: name, reason: `is registered for ${from}` });
  for (const { asid } of world.systems.byFqdn(certificate.cn.toLowerCase())) {
    exchange.nearMiss({ kind: 'asid', candidate: asid, reason: `is the system of the certificate ${certificate.cn}` });
  }
  const message = `the certificate is for ${certificate.cn}, which is not registered for Ssp-From ${from}`;
  const advice = names.length
    ? `Use a certificate for ${names.join(' or ')}, or send the ASID that belongs to ${certificate.cn}.`
    : `Register fqdn: ${certificate.cn} with the system ${from}.`;
  return refused(asidCheckFailed(from, message, advice));
};

/** Lines of one name are read as one with commas, which no ASID and no interaction has. */
function once(header: string, value: string, otherwise: { message: string; advice: string }) {
  if (!value.includes(',')) return otherwise;
  return { message: `${header} is sent more than once: ${value}`, advice: `Send ${header} once.` };
}

export const sender: Check = (call) => {
  const { exchange, settings } = call;
  const { from = '', interaction = '' } = call.headers;
  const { systems } = exchange.space.world;
  const system = systems.get(from);
  if (!system) {
    nearestOf(
      exchange,
      'asid',
      from,
      [...systems.values()].map(({ asid }) => asid),
    );
    const { message, advice } = once('Ssp-From', from, {
      message: `nobody has the ASID ${from}`,
      advice: 'Send the ASID of a registered system in Ssp-From.',
    });
    return refused(asidCheckFailed(from, message, advice));
  }
  if (systems.isAccredited(from, interaction) || systems.isAccredited(from, registeredInteraction(call)))
    return passed();
  nearestOf(exchange, 'interaction', interaction, system.interactions);
  const { message, advice } = once('Ssp-InteractionID', interaction, {
    message: `${from} is not registered for ${interaction}`,
    advice: `Send an interaction that ${from} is registered for, or add this one to its interactions.`,
  });
  return refused(asidCheckFailed(from, message, advice, Number(settings.unregisteredInteractionStatus)));
};

export const receiver: Check = (call) => {
  const { exchange, settings } = call;
  const { to = '' } = call.headers;
  const { systems, handlers } = exchange.space.world;
  const interaction = registeredInteraction(call);
  const system = systems.get(to);
  if (!system) {
    nearestOf(
      exchange,
      'asid',
      to,
      handlers
        .bySvcIa(interaction)
        .flatMap(({ partyKey }) => systems.byPartyKey(partyKey))
        .map(({ asid }) => asid),
    );
    const { message, advice } = once('Ssp-To', to, {
      message: `nobody has the ASID ${to}`,
      advice: 'Send the ASID of a provider in Ssp-To; the directory has it under its party key.',
    });
    if (settings.unknownReceiver === 'bad-request') return refused(receiverUnknown(message, advice));
    return refused(partyKeyCheckFailed(to, message, advice));
  }
  const handler = handlers.contract(system.partyKey, interaction);
  if (handler) return passed(`${handler.partyKey}, CPA ${handler.cpaId}`);
  const others = handlers.byPartyKey(system.partyKey).map((other) => `${other.service}:${other.interaction}`);
  nearestOf(exchange, 'interaction', interaction, others);
  const message = `the party ${system.partyKey} of ${to} has no endpoint for ${interaction}`;
  const { from = '' } = call.headers;
  const swapped = handlers.contract(systems.get(from)?.partyKey ?? '', interaction) !== undefined;
  const advice = swapped
    ? `Swap Ssp-From and Ssp-To: it is ${from} that has an endpoint for the interaction.`
    : 'Register an endpoint of this party for the interaction, or correct the interaction.';
  return refused(partyKeyCheckFailed(to, message, advice));
};

export const endpoint: Check = (call) => {
  const handler = handlerOf(call);
  if (handler) {
    const { endpoint: registered, cpaId } = handler;
    if (isUnder(call.url, registered)) return passed(registered);
    const message = `the directory has ${registered} for ${handler.partyKey}, and the target is not under it`;
    call.exchange.nearMiss({ kind: 'endpoint', candidate: registered, reason: difference(call.url, registered) });
    ownersOf(call);
    const meant = interactionMeant(call, handler.partyKey);
    const written = isUnder(call.url.replace(/^(https:\/\/[^/?]*):443(?=[/?]|$)/i, '$1'), registered);
    const advice = written
      ? `Leave out :443, which the directory does not have: ${registered}`
      : `Begin the target with ${registered}, letter by letter${meant ? `; or send ${meant} in Ssp-InteractionID, to which this target belongs` : ''}.`;
    return refused(endpointVaries(registered, cpaId, call.url, message, advice));
  }
  return anyEndpoint(call);
};

/** Notes the systems to which the target does belong: Ssp-To may be what is wrong. */
function ownersOf(call: ProxyCall): void {
  const { exchange, url } = call;
  const { systems, handlers } = exchange.space.world;
  for (const handler of handlers.bySvcIa(registeredInteraction(call))) {
    if (!isUnder(url, handler.endpoint)) continue;
    for (const { asid } of systems.byPartyKey(handler.partyKey)) {
      exchange.nearMiss({
        kind: 'asid',
        candidate: asid,
        reason: 'has the endpoint of this target; is it meant by Ssp-To?',
      });
    }
  }
}

/** The same operation of another capability or version, when it is that which has its endpoint where the target is. */
function interactionMeant({ exchange, url, headers }: ProxyCall, partyKey: string): string | undefined {
  const bare = (name: string) => name.replace(/-\d+$/, '').replace(/:(structured|documents):/, ':');
  const asked = bare(headers.interaction ?? '');
  const meant = exchange.space.world.handlers
    .byPartyKey(partyKey)
    .filter(({ endpoint: registered }) => isUnder(url, registered))
    .map(({ service, interaction }) => `${service}:${interaction}`)
    .find((name) => bare(name) === asked);
  if (meant) exchange.nearMiss({ kind: 'interaction', candidate: meant, reason: 'has the endpoint of this target' });
  return meant;
}

/** Without a record for the addressee (checks: open) any registered endpoint will do. */
function anyEndpoint({ exchange, url }: ProxyCall) {
  const { handlers } = exchange.space.world;
  for (const { endpoint: registered } of handlers.values()) if (isUnder(url, registered)) return passed(registered);
  const message = 'no registered endpoint has this target under it';
  return refused(endpointVaries('', '', url, message, 'Register the endpoint of the provider as a message handler.'));
}

function difference(url: string, registered: string): string {
  let at = 0;
  while (at < registered.length && registered[at] === url[at]) at++;
  if (at === registered.length) return `goes on with "${url[at]}" where only "/" and "?" may follow`;
  return `differs from the target at character ${at + 1}: "${registered.slice(at, at + 20)}", not "${url.slice(at, at + 20)}"`;
}

export const sharing: Check = ({ exchange, headers: { from = '', to = '' } }) => {
  const pair = exchange.space.world.sharing.decide(from, to);
  if (pair?.allowed) return passed(`pair "${pair.id}"`);
  const why = pair ? `the pair "${pair.id}" forbids it` : 'no pair allows it';
  if (pair)
    exchange.nearMiss({ kind: 'sharing', candidate: pair.id, reason: `from ${pair.from} to ${pair.to}: not allowed` });
  const message = `${from} may not ask ${to}: ${why}`;
  return refused(
    sharingCheckFailed(from, to, message, 'Choose another provider, or add a data-sharing pair to the world.'),
  );
};
