/** `spine-sim agent`: a built-in identity agent that logs in with a smartcard of the running simulator. */
import type { AddressInfo } from 'node:net';
import { VirtualCard } from '../../core/cards/virtualCard.ts';
import { SPACE_HEADER } from '../../core/space/space.ts';
import { adminJson, adminUrl, callAdmin } from '../adminClient.ts';
import type { GasAddress } from '../agent/gasCalls.ts';
import { type AgentLogin, LoginRefused, login, logout } from '../agent/login.ts';
import { type Invocation, textFlag, UsageError, type Verb } from '../verb.ts';

interface CardView {
  id: string;
  certificate: string;
  privateKey: string;
}

/** The running simulator's own GAS, reached at the address of its admin API whatever DNS says. */
async function gasAddress(invocation: Invocation): Promise<GasAddress> {
  const { text: ca } = await callAdmin(invocation, 'GET', '/ca.pem');
  const space = textFlag(invocation, 'space');
  const headers = space === undefined ? undefined : { [SPACE_HEADER]: space };
  const named = textFlag(invocation, 'gas');
  if (named !== undefined) return { baseUrl: named, ca, headers };
  const services = await adminJson<{ name: string; url: string }[]>(invocation, 'GET', '/api/services');
  const gas = services.find(({ name }) => name === 'gas');
  if (!gas) throw new UsageError('the simulator has no GAS; name one with --gas <url>');
  return { baseUrl: new URL(gas.url).origin, connectTo: new URL(adminUrl(invocation)).hostname, ca, headers };
}

async function cardOf(invocation: Invocation): Promise<VirtualCard> {
  const user = textFlag(invocation, 'user');
  const card = textFlag(invocation, 'card');
  if (user === undefined && card === undefined) throw new UsageError(`use: spine-sim ${agent.usage}`);
  const view = await adminJson<CardView>(invocation, 'POST', '/api/cards/insert', { user, card });
  return new VirtualCard(view);
}

async function logIn(invocation: Invocation): Promise<number> {
  const card = await cardOf(invocation);
  const gas = await gasAddress(invocation);
  const done = await login({ ...gas, card, role: textFlag(invocation, 'role') });
  if (invocation.flags.json) invocation.print(JSON.stringify(done, null, 2));
  else show(invocation, done);
  return 0;
}

/** The ticket alone goes to standard output, so that a script can take it. */
function show(invocation: Invocation, { ticket, cn, roles, role }: AgentLogin): void {
  invocation.complain(`logged in: ${cn}`);
  for (const { id, text } of roles) invocation.complain(`${id === role ? '*' : ' '} ${id}  ${text}`);
  if (roles.length > 1 && role === undefined) invocation.complain('no role is selected: choose one with --role <id>');
  invocation.print(ticket);
}

const DEFAULT_PORT = 8950;

/** Serves the ticket until SIGINT or SIGTERM, then logs out. */
async function serve(invocation: Invocation): Promise<number> {
  const { TicketServer } = await import('../agent/ticketServer.ts');
  const tickets = new TicketServer({
    ...(await gasAddress(invocation)),
    card: await cardOf(invocation),
    role: textFlag(invocation, 'role'),
  });
  show(invocation, await tickets.session());
  const server = tickets.server();
  const port = Number(textFlag(invocation, 'port') ?? DEFAULT_PORT);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  invocation.complain(`the ticket is at http://127.0.0.1:${(server.address() as AddressInfo).port}/ticket`);
  await new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });
  server.closeAllConnections();
  server.close();
  await tickets.end();
  return 0;
}

export const agent: Verb = {
  name: 'agent',
  usage:
    'agent login --user <uid> [--card <id>] [--role <id>] [--json] | agent serve --user <uid> [--role <id>] [--port <port>] | agent logout <ticket>',
  summary: 'log in with a smartcard and print the SSO ticket, or serve it on loopback; end its session',
  async run(invocation) {
    const [action, ticket] = invocation.words;
    try {
      if (action === 'login') return await logIn(invocation);
      if (action === 'serve') return await serve(invocation);
      if (action === 'logout' && ticket !== undefined) {
        await logout(await gasAddress(invocation), ticket);
        return 0;
      }
    } catch (error) {
      if (!(error instanceof LoginRefused)) throw error;
      invocation.complain(`${error.message}; "spine-sim journal" says why`);
      return 1;
    }
    throw new UsageError(`use: spine-sim ${agent.usage}`);
  },
};
