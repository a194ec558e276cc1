/** Every path of MESH with its operation. */
import type { Route } from '../../core/http/service.ts';
import { authorized, type MailboxOperation, type Operation, open } from './call.ts';
import type { Mesh } from './mesh.ts';
import { acknowledge } from './operations/acknowledge.ts';
import * as admin from './operations/admin.ts';
import { download, headMessage } from './operations/download.ts';
import { handshake, update } from './operations/handshake.ts';
import { countInbox, listInbox } from './operations/listInbox.ts';
import { endpointLookup, workflowSearch } from './operations/lookup.ts';
import { ping } from './operations/ping.ts';
import { richInbox, richOutbox } from './operations/richList.ts';
import { send } from './operations/send.ts';
import { sendChunk } from './operations/sendChunk.ts';
import { trackLocalId, trackMessage } from './operations/track.ts';

export const PREFIX = '/messageexchange';
const MAILBOX = `${PREFIX}/:mailbox`;

type MailboxRoute = [method: string, path: string, operation: string, run: MailboxOperation];
type OpenRoute = [method: string, url: string, operation: string, run: Operation];

/** For the mailbox of the path, with its token. */
const MAILBOX_ROUTES: MailboxRoute[] = [
  ['GET', '', 'handshake', handshake],
  ['POST', '', 'handshake', handshake],
  ['POST', '/update', 'update', update],
  ['GET', '/inbox', 'list-inbox', listInbox],
  ['GET', '/count', 'count-inbox', countInbox],
  ['GET', '/inbox/rich', 'rich-inbox', richInbox],
  ['HEAD', '/inbox/:message', 'head-message', headMessage],
  ['GET', '/inbox/:message', 'download-message', download],
  ['GET', '/inbox/:message/:chunk', 'download-chunk', download],
  ['PUT', '/inbox/:message/status/acknowledged', 'acknowledge-message', acknowledge],
  ['POST', '/outbox', 'send-message', send],
  ['POST', '/outbox/:message/:chunk', 'send-chunk', sendChunk],
  ['GET', '/outbox/rich', 'rich-outbox', richOutbox],
  ['GET', '/outbox/tracking', 'track-message', trackMessage],
  ['GET', '/outbox/tracking/:local', 'track-local-id', trackLocalId],
];

/** Without a token. */
const OPEN_ROUTES: OpenRoute[] = [
  ['GET', `${PREFIX}/endpointlookup/:ods/:workflow`, 'endpoint-lookup', endpointLookup],
  ['GET', '/endpointlookup/mesh/:ods/:workflow', 'endpoint-lookup', endpointLookup],
  ['GET', `${PREFIX}/workflowsearch/:workflow`, 'workflow-search', workflowSearch],
  ['GET', `${PREFIX}/_ping`, 'ping', ping],
  ['GET', `${PREFIX}/deepping`, 'ping', ping],
  ['GET', '/_ping', 'ping', ping],
  ['GET', '/_status', 'ping', ping],
  ['GET', '/health', 'ping', ping],
  ['GET', '/healthcheck', 'ping', ping],
];

/** Of the public sandbox, behind a switch. */
const ADMIN_ROUTES: OpenRoute[] = [
  ...['/admin', `${PREFIX}/admin`].flatMap((at): OpenRoute[] => [
    ['DELETE', `${at}/reset`, 'admin-reset', admin.reset],
    ['DELETE', `${at}/reset/:mailbox`, 'admin-reset-mailbox', admin.resetOne],
    ['POST', `${at}/message/:message/event`, 'admin-add-event', admin.addEvent],
    ['GET', `${at}/mailbox/:mailbox`, 'admin-show-mailbox', admin.showMailbox],
    ['GET', `${at}/message/:message`, 'admin-show-message', admin.showMessage],
  ]),
  ['POST', `${PREFIX}/admin/report`, 'admin-create-report', admin.createReport],
  ['GET', `${PREFIX}/mailbox/:mailbox`, 'admin-show-mailbox', admin.showMailbox],
];

export function meshRoutes(mesh: Mesh): Route[] {
  const ofMailbox = MAILBOX_ROUTES.map(([method, path, operation, run]): Route => {
    return { method, url: `${MAILBOX}${path}`, operation, handler: authorized(mesh, run) };
  });
  const openRoutes = mesh.rules.adminPaths ? [...OPEN_ROUTES, ...ADMIN_ROUTES] : OPEN_ROUTES;
  return [
    ...openRoutes.map(([method, url, operation, run]): Route => ({ method, url, operation, handler: open(mesh, run) })),
    ...ofMailbox,
  ];
}
