/** Users: sessions of GAS with their roles, and what SSO says of their tickets; users that come with a card. */
import { VirtualCard } from '../../server/core/cards/virtualCard.ts';
import { Agent } from '../services/gas/agent.ts';
import { failing, type Ledger } from './ledger.ts';
import type { Running } from './process.ts';
import { inSpace } from './process.ts';

const USER = '555000000101';

interface Known {
  ticket: string;
  role?: string;
  ended?: boolean;
}

/** Logins of one user in one space; every third selects a role, every fifth logs out. */
export function sessions(space: string): Ledger {
  const known = new Map<string, Known>();
  const twice: string[] = [];
  let card: VirtualCard | undefined;
  const agentOf = ({ spine }: Running) => new Agent(inSpace(spine, space));
  return {
    name: `sessions of ${space}`,
    async begin({ spine }) {
      const { body } = await inSpace(spine, space).admin('POST', '/api/cards/insert', { user: USER });
      card = new VirtualCard(body);
    },
    async work(running, n) {
      const agent = agentOf(running);
      const login = await agent.login(card!);
      const { ticket } = login;
      if (known.has(ticket)) twice.push(ticket);
      known.set(ticket, { ticket });
      const role = login.roles[n % login.roles.length]!.id;
      if ((await agent.selectRole(ticket, role)).text.includes('OK')) known.set(ticket, { ticket, role });
      if (n % 5 > 0) return;
      // From here on it is not known, until it is known.
      known.delete(ticket);
      if ((await agent.logout(login, USER)).status === 200) known.set(ticket, { ticket, ended: true });
    },
    count: () => known.size,
    async faults(running) {
      const agent = agentOf(running);
      const { body: card } = await inSpace(running.spine, space).admin('POST', '/api/cards/insert', { user: USER });
      if (typeof card.certificate !== 'string') return ['the card'];
      const wrong = await failing(known.values(), async ({ ticket, role, ended }) => {
        const { text } = await agent.assertion(ticket);
        const live = text.includes('samlp:Success');
        return ended ? !live : live && (role === undefined || text.includes(role));
      });
      return [...wrong, ...twice.map((ticket) => `${ticket} was given twice`)];
    },
  };
}

interface CardView {
  id: string;
  uid: string;
  status: string;
}

/** Users made up for a card, every other of whom is given another one. */
export function newUsers(space: string): Ledger {
  const known = new Map<string, string>();
  const made = async (running: Running, wish: object): Promise<CardView> => {
    const { status, body } = await inSpace(running.spine, space).admin('POST', '/api/cards', wish);
    if (status !== 201) throw new Error(`refused: ${JSON.stringify(body)}`);
    return body;
  };
  return {
    name: 'cards of new users',
    async work(running, n) {
      const newUser = { givenName: 'Testgiven', familyName: `Testfamily${n}`, ods: 'Z99901' };
      const { uid, id } = await made(running, { newUser });
      known.set(uid, id);
      if (n % 2 > 0) return;
      known.delete(uid);
      known.set(uid, (await made(running, { user: uid })).id);
    },
    count: () => known.size,
    async faults(running) {
      const { admin } = inSpace(running.spine, space);
      const { body: cards } = await admin('GET', '/api/cards');
      const { body: people } = await admin('GET', '/api/world/people?limit=1000');
      const active = (uid: string) =>
        (cards as CardView[]).filter((card) => card.uid === uid && card.status === 'active').map(({ id }) => id);
      const invented: string[] = people.map(({ uid }: CardView) => uid).filter((uid: string) => /^5559/.test(uid));
      const half = await failing(invented, async (uid) => active(uid).length === 1 || `cards ${active(uid)}`);
      const lost = await failing(known, async ([uid, id]) => active(uid).includes(id));
      return [...half, ...lost];
    },
  };
}
