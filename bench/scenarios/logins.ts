/** CIS: a login (activation and validation, the client signs the challenge), and the role assertion for its ticket. */
import { type CardIdentity, VirtualCard } from '../../server/core/cards/virtualCard.ts';
import { ACTIVATION, GAS_HOST, gpObject } from '../../test/services/gas/agent.ts';
import type { Ask } from '../lib/connection.ts';
import { expect, type Scenario } from '../lib/scenario.ts';
import type { Simulator } from '../lib/simulator.ts';

const CARD = 'SC8000000401';

const cards = new Map<string, VirtualCard>();

/** A key is read once, as an agent does when the card is inserted. */
function cardOf(identity: CardIdentity): VirtualCard {
  let card = cards.get(identity.certificate);
  if (!card) {
    card = new VirtualCard(identity);
    cards.set(identity.certificate, card);
  }
  return card;
}

const insert = (simulator: Simulator) => simulator.admin<CardIdentity>('POST', '/api/cards/insert', { card: CARD });

const parameter = (text: string, name: string) => new RegExp(`name="${name}">([^<]*)<`).exec(text)![1]!;

/** Gives the ticket. */
export async function logIn(ask: Ask, card: VirtualCard): Promise<string> {
  const post = (path: string, values: Record<string, string | undefined>) =>
    ask({ method: 'POST', path, headers: { 'Content-Type': 'text/xml' }, body: gpObject(values) });
  const activated = expect(await post('/login/authactivate', ACTIVATION), 200, 'challenge').body.toString();
  const challenge = parameter(activated, 'challenge');
  const signature = parameter(activated, 'signature');
  const response = card.respond(challenge);
  const values = { ...ACTIVATION, service: 'AUTHENTICATION', challenge, signature, uid: card.uid, response };
  const validated = expect(await post('/login/authvalidate', values), 200, 'sso_ticket').body.toString();
  return parameter(validated, 'sso_ticket');
}

export const LOGIN: Scenario<CardIdentity> = {
  title: 'Login: activate and validate',
  host: GAS_HOST,
  count: 600,
  setUp: insert,
  async work(ask, identity) {
    await logIn(ask, cardOf(identity));
  },
};

/** State: the ticket. */
export const ROLE_ASSERTION: Scenario<string> = {
  title: 'Role assertion',
  host: GAS_HOST,
  count: 2_000,
  setUp: async (simulator, ask) => await logIn(ask, cardOf(await insert(simulator))),
  async work(ask, ticket) {
    const path = `/saml/RoleAssertion?token=${encodeURIComponent(ticket)}`;
    expect(await ask({ method: 'GET', path }), 200, 'samlp:Success');
  },
};
