/** GAS, the gateway authentication service: smartcard challenge and response. Wiring only. */
import type { Core } from '../../core/core.ts';
import type { HttpService, Route } from '../../core/http/service.ts';
import { Challenges } from './challenge.ts';
import { inputPage, validationPage } from './errors.ts';
import type { Gas } from './gas.ts';
import { authActivate } from './operations/authActivate.ts';
import { authLogout } from './operations/authLogout.ts';
import { authValidate } from './operations/authValidate.ts';
import { notFound } from './operations/notFound.ts';
import { dtd, errorPage } from './operations/pages.ts';
import { sessionUpdate } from './operations/sessionUpdate.ts';
import { UsedChallenges } from './usedChallenges.ts';

/** A login with three certificates is 20 KB; agents send far less. */
const BODY_LIMIT = 128 * 1024;

const MINUTE_MS = 60_000;

export function createGasService(core: Core): HttpService {
  const settings = core.config.gas;
  const gas: Gas = {
    settings,
    challenges: new Challenges(() => core.pki.serverCredentials().key),
    used: new UsedChallenges(core.store, settings.challengeMinutes * MINUTE_MS),
    cards: core.cards,
    sessions: core.sessions,
    policy: core.policy,
  };
  const gasRoutes = routes(gas);
  return {
    name: 'gas',
    title: 'GAS: smartcard authentication',
    hosts: ['gas', 'sbapi'],
    paths: ['/login', '/sessionmanager'],
    bodies: 'buffer',
    bodyLimit: BODY_LIMIT,
    routes: gasRoutes,
    notFound: (exchange) => notFound(exchange, gasRoutes),
    // The exchange has noted the cause already.
    tooLarge: () => inputPage(),
    failure: () => validationPage(),
    coverage: [
      { item: 'POST /login/authactivate', status: 'faithful' },
      { item: 'POST /login/authvalidate', status: 'faithful' },
      { item: 'POST and GET /login/authlogout', status: 'faithful' },
      { item: 'refusal of old Identity Agents and card series, by date', status: 'shaped', note: 'texts assumed' },
      { item: '/login/ssoupdate, /sessionmanager/session/update', status: 'shaped', note: 'behaviour assumed' },
      { item: 'GET /login/dtd, /login/error', status: 'shaped', note: 'named in answers; content assumed' },
    ],
  };
}

function routes(gas: Gas): Route[] {
  const both = ['GET', 'POST'];
  return [
    { method: 'POST', url: '/login/authactivate', operation: 'authactivate', handler: authActivate(gas) },
    { method: 'POST', url: '/login/authvalidate', operation: 'authvalidate', handler: authValidate(gas) },
    // A real agent sends the body of a POST with GET.
    { method: both, url: '/login/authlogout', operation: 'authlogout', handler: authLogout(gas) },
    { method: both, url: '/login/ssoupdate', operation: 'ssoupdate', handler: sessionUpdate(gas) },
    { method: both, url: '/sessionmanager/session/update', operation: 'ssoupdate', handler: sessionUpdate(gas) },
    { method: both, url: '/login/dtd', operation: 'dtd', handler: dtd },
    { method: both, url: '/login/error', operation: 'error', handler: errorPage },
  ];
}
