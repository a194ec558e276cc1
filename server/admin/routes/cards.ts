/** Smartcards: their keys and certificates, for agents and test rigs. The cards themselves are a kind of the world. */
import type { FastifyInstance } from 'fastify';
import type { Card } from '../../core/world/types.ts';
import type { World } from '../../core/world/world.ts';
import { type AdminContext, AdminError, spaceOf } from '../context.ts';

interface Wanted {
  user?: string;
  card?: string;
}

export function cardRoutes(app: FastifyInstance, context: AdminContext): void {
  app.post<{ Body: Wanted }>(
    '/api/cards/insert',
    {
      schema: {
        summary: "a card's certificate and key (PEM), made by the card CA on first use",
        body: {
          type: 'object',
          properties: {
            card: { type: 'string', description: 'number of the card' },
            user: { type: 'string', description: 'uid; the active card of that user is taken' },
          },
        },
      },
    },
    async (request) => {
      const space = spaceOf(context.core, request);
      const card = find(space.world, request.body);
      const { certificate, privateKey } = await context.core.cards.material(space, card);
      return { ...card, certificate, privateKey, cardCa: context.core.pki.cardCaPem };
    },
  );
}

/** A card that is locked or revoked is handed out too, when asked for by its number: logins with it are worth testing. */
function find(world: World, { card, user }: Wanted): Card {
  if (card !== undefined) {
    const found = world.cards.get(card);
    if (found) return found;
    throw new AdminError(404, `there is no card ${card}; /api/world/cards lists them`);
  }
  if (user === undefined) throw new AdminError(400, 'name a card or a user');
  const found = world.cards.where('uid', user).find(({ status }) => status === 'active');
  if (found) return found;
  throw new AdminError(404, `the user ${user} has no active card; add one with PUT /api/world/cards/<number>`);
}
