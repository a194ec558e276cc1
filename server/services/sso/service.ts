/** SSB, the Spine security broker: role selection, role assertions, naming and session services. Wiring only. */
import type { Core } from '../../core/core.ts';
import type { HttpService, Route } from '../../core/http/service.ts';
import { TokenEvents } from './events/tokenEvents.ts';
import { amserver, amserverProbe } from './operations/amserver.ts';
import { deviceIdLogger } from './operations/deviceIdLogger.ts';
import { internalFailure, notFound } from './operations/notFound.ts';
import { roleAssertion } from './operations/roleAssertion.ts';
import { roleSelection } from './operations/roleSelection.ts';
import { MAX_SET_BYTES } from './pll/envelope.ts';
import type { Sso } from './sso.ts';

export function createSsoService(core: Core): HttpService {
  const sso: Sso = {
    settings: core.config.gas,
    sessions: core.sessions,
    signer: () => core.pki.serverCredentials(),
  };
  const events = new TokenEvents(core);
  const ssoRoutes = routes(sso);
  return {
    name: 'sso',
    title: 'SSB: sessions, roles and assertions',
    hosts: ['sbapi', 'gas'],
    paths: ['/saml', '/amserver', '/ssb'],
    bodies: 'buffer',
    bodyLimit: MAX_SET_BYTES,
    routes: ssoRoutes,
    notFound: (exchange) => notFound(exchange, ssoRoutes),
    tooLarge: (exchange) => internalFailure(sso, exchange, 'Requester'),
    failure: (exchange) => internalFailure(sso, exchange, 'Responder'),
    coverage: [
      { item: '/saml/RoleSelectionGP.jsp', status: 'faithful' },
      { item: '/saml/RoleSelectionWT.jsp', status: 'shaped', note: 'look of the page assumed' },
      { item: '/saml/RoleAssertion', status: 'faithful' },
      { item: '/amserver/namingservice', status: 'faithful' },
      { item: '/amserver/sessionservice', status: 'faithful' },
      { item: 'Token events to listeners', status: 'faithful' },
      { item: '/ssb/DeviceIDLogger', status: 'shaped', note: 'behaviour assumed' },
    ],
    close: () => events.close(),
  };
}

/** Everything is asked by GET or POST: agents, browsers and application servers differ. */
function routes(sso: Sso): Route[] {
  const both = ['GET', 'POST'];
  return [
    { method: both, url: '/saml/RoleSelectionGP.jsp', operation: 'RoleSelectionGP', handler: roleSelection(sso) },
    { method: both, url: '/saml/RoleSelectionWT.jsp', operation: 'RoleSelectionWT', handler: roleSelection(sso) },
    { method: both, url: '/saml/RoleAssertion', operation: 'RoleAssertion', handler: roleAssertion(sso) },
    { method: 'POST', url: '/amserver/namingservice', operation: 'namingservice', handler: amserver(sso) },
    { method: 'POST', url: '/amserver/sessionservice', operation: 'sessionservice', handler: amserver(sso) },
    { method: 'GET', url: '/amserver/namingservice', operation: 'namingservice', handler: amserverProbe },
    { method: 'GET', url: '/amserver/sessionservice', operation: 'sessionservice', handler: amserverProbe },
    { method: both, url: '/ssb/DeviceIDLogger', operation: 'DeviceIDLogger', handler: deviceIdLogger(sso) },
  ];
}
