/** Smartcards: making them, their state, and their keys and certificates for agents and test rigs. */
import { X509Certificate } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { keystorePassword } from '../../../certs/recipes.ts';
import { cardFiles } from '../../core/cards/cardFiles.ts';
import { makeUser, type NewUser } from '../../core/cards/newUser.ts';
import { PkiError, type RevocationReason } from '../../core/pki/pki.ts';
import type { Space } from '../../core/space/space.ts';
import { WorldError } from '../../core/world/errors.ts';
import type { Card } from '../../core/world/types.ts';
import { type AdminContext, AdminError, spaceOf } from '../context.ts';

interface Wanted {
  user?: string;
  card?: string;
}

interface NewCard {
  user?: string;
  newUser?: NewUser;
  series?: Card['series'];
  id?: string;
  passcode?: string;
}

type CardRequest = FastifyRequest<{ Params: { id: string } }>;

const DEFAULT_SERIES = 8;
const DEFAULT_PASSCODE = '1234';
/** Digits after `SC<series>` in the number of a card that was not given one. */
const NUMBER_DIGITS = 9;

const NEW_CARD = {
  type: 'object',
  additionalProperties: false,
  properties: {
    user: { type: 'string', description: 'uid of a user of the world' },
    newUser: {
      type: 'object',
      description: 'or a user to be made up',
      additionalProperties: false,
      required: ['givenName', 'familyName', 'ods'],
      properties: {
        title: { type: 'string' },
        givenName: { type: 'string' },
        familyName: { type: 'string' },
        ods: { type: 'string', description: 'ODS code of the employer' },
        jobRole: { type: 'string', description: 'three quoted parts joined by colons' },
        jobRoleCode: { type: 'string', description: 'such as S8000:G8000:R8003' },
      },
    },
    series: { type: 'integer', enum: [4, 5, 6, 8, 9], default: DEFAULT_SERIES },
    id: { type: 'string', description: 'number printed on the card' },
    passcode: { type: 'string', default: DEFAULT_PASSCODE },
  },
};

export function cardRoutes(app: FastifyInstance, context: AdminContext): void {
  const { cards, pki, policy } = context.core;

  /** What there is to know of a card without making its key. */
  const view = async (space: Space, card: Card) => {
    const made = await cards.made(space, card);
    const certificate = made && new X509Certificate(made.certificate);
    const blocked = policy.refusesCard(card.series, { role: 'gas' }, space.clock.now());
    return {
      ...card,
      ...(blocked ? { blockedBy: blocked.id } : {}),
      ...(certificate ? { certificateSerial: certificate.serialNumber, notAfter: certificate.validToDate } : {}),
    };
  };

  app.get('/api/cards', { schema: { summary: 'all smartcards with their state' } }, async (request) => {
    const space = spaceOf(context.core, request);
    return Promise.all([...space.world.cards.values()].map((card) => view(space, card)));
  });
  app.post<{ Body: NewCard }>(
    '/api/cards',
    {
      schema: {
        summary: 'make a smartcard for a user of the world or a new one; the card that the user had is revoked',
        body: NEW_CARD,
      },
    },
    async (request, reply) => {
      const space = spaceOf(context.core, request);
      const card = await told(() => newCard(context, space, request.body));
      return reply.code(201).send(await view(space, card));
    },
  );
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
      const card = find(space, request.body);
      const { certificate, privateKey } = await cards.material(space, card);
      return { ...card, certificate, privateKey, cardCa: pki.cardCaPem };
    },
  );
  app.get(
    '/api/cards/:id/files',
    { schema: { summary: 'certificate, key, PKCS#12 and a script that puts the card into SoftHSM, in base64' } },
    async (request: CardRequest) => {
      const space = spaceOf(context.core, request);
      const card = find(space, { card: request.params.id });
      const files = cardFiles(card, await cards.material(space, card), pki.cardBundlePem);
      return {
        pkcs12Password: keystorePassword,
        files: files.map(({ name, content, secret }) => ({ name, secret, content: content.toString('base64') })),
      };
    },
  );

  const change = (name: string, summary: string, act: (space: Space, card: Card) => Promise<void>) => {
    app.post(`/api/cards/:id/${name}`, { schema: { summary } }, async (request: CardRequest) => {
      const space = spaceOf(context.core, request);
      await told(() => act(space, find(space, { card: request.params.id })));
      return view(space, find(space, { card: request.params.id }));
    });
  };
  change('expire', 'give the card a certificate that is over', (space, card) => cards.expire(space, card));
  change('lock', 'lock the card, as after too many wrong passcodes', (space, card) => cards.lock(space, card));
  change('unlock', 'put the card in force again', (space, card) => cards.unlock(space, card));
  change('renew', 'a new key and certificate, and the card in force', (space, card) => cards.renew(space, card));
  app.post<{ Params: { id: string }; Body: { reason?: RevocationReason } | null }>(
    '/api/cards/:id/revoke',
    {
      schema: {
        summary: "put the card's certificate on the list of the card CA; there is no way back but a renewal",
        body: { type: ['object', 'null'], properties: { reason: { type: 'string' } } },
      },
    },
    async (request) => {
      const space = spaceOf(context.core, request);
      const card = find(space, { card: request.params.id });
      await told(() => cards.revoke(space, card, request.body?.reason ?? 'unspecified'));
      return view(space, { ...card, status: 'revoked' });
    },
  );
}

async function newCard({ core }: AdminContext, space: Space, wish: NewCard): Promise<Card> {
  const { series = DEFAULT_SERIES, passcode = DEFAULT_PASSCODE } = wish;
  if ((wish.user === undefined) === (wish.newUser === undefined)) {
    throw new AdminError(400, 'name either a user of the world or a newUser');
  }
  if (wish.user !== undefined && !space.world.people.get(wish.user)) {
    throw new AdminError(404, `there is no user ${wish.user}; /api/world/people lists them`);
  }
  const id = wish.id ?? `SC${series}${space.ids.digits(NUMBER_DIGITS)}`;
  if (space.world.cards.get(id)) throw new AdminError(409, `there is a card ${id} already`);
  const person = wish.newUser && makeUser(space, wish.newUser);
  const uid = wish.user ?? person!.uid;
  const before = activeCard(space, uid);
  const card: Card = { id, uid, series, status: 'active', passcode };
  // One write: whatever ends the process, no user is without a card, and none has two.
  await space.world.putAll([
    ...(person ? [{ kind: 'people' as const, value: person }] : []),
    ...(before ? [{ kind: 'cards' as const, value: { ...before, status: 'revoked' } }] : []),
    { kind: 'cards', value: card },
  ]);
  if (before) await core.cards.revoke(space, before, 'superseded');
  return card;
}

const activeCard = ({ world }: Space, uid: string): Card | undefined =>
  world.cards.where('uid', uid).find(({ status }) => status === 'active');

/** A card that is locked or revoked is handed out too, when asked for by its number: logins with it are worth testing. */
function find(space: Space, { card, user }: Wanted): Card {
  if (card !== undefined) {
    const found = space.world.cards.get(card);
    if (found) return found;
    throw new AdminError(404, `there is no card ${card}; /api/cards lists them`);
  }
  if (user === undefined) throw new AdminError(400, 'name a card or a user');
  const found = activeCard(space, user);
  if (found) return found;
  throw new AdminError(404, `the user ${user} has no active card; make one with "spine-sim cards make --user ${user}"`);
}

/** The refusals of world and PKI as answers of the admin API. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WorldError) throw new AdminError(422, error.message, error.problems);
    if (error instanceof PkiError) throw new AdminError(400, error.message);
    throw error;
  }
}
