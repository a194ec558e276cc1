/** `spine-sim mesh client`: what the MESH client application (the Java client) needs on disk to work with this simulator. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { escapeText } from '../../core/xml/escape.ts';
import { adminJson } from '../adminClient.ts';
import type { Invocation } from '../verb.ts';
import { meshServer } from './address.ts';

/** Folders of the application itself. */
const OWN_FOLDERS = { LogPath: 'log', WorkPath: 'working', ProxyPath: 'proxy', SignalPath: 'signal' };

/** Folders of a mailbox, in the application's upper case. */
const MAILBOX_FOLDERS = ['IN', 'OUT', 'SENT', 'FAILED', 'TEMP'];

interface Mailbox {
  id: string;
  password: string;
}

interface Keystore {
  file: string;
  password: string;
  content: string;
}

/** Writes configuration, keystore and folders. The keystore also trusts the simulator's authorities. */
export async function clientFiles(invocation: Invocation, mailboxes: string[], folder: string): Promise<number> {
  const root = resolve(folder);
  const found: Mailbox[] = [];
  for (const id of mailboxes) {
    const path = `/api/world/mailboxes/${encodeURIComponent(id.toUpperCase())}`;
    found.push(await adminJson<Mailbox>(invocation, 'GET', path));
  }
  const { sharedKey } = await adminJson<{ sharedKey: string }>(invocation, 'GET', '/api/mesh');
  const { baseUrl } = await meshServer(invocation);
  const keystore = await adminJson<Keystore>(invocation, 'POST', '/api/certificates/mesh-keystore', {});
  for (const name of Object.values(OWN_FOLDERS)) mkdirSync(join(root, name), { recursive: true });
  for (const { id } of found) {
    for (const name of MAILBOX_FOLDERS) mkdirSync(join(root, 'data', id, name), { recursive: true });
  }
  writeFileSync(join(root, keystore.file), Buffer.from(keystore.content, 'base64'), { mode: 0o600 });
  const config = join(root, 'meshclient.cfg');
  writeFileSync(config, configuration(root, baseUrl, sharedKey, keystore, found), { mode: 0o600 });
  invocation.print(config);
  return 0;
}

function configuration(
  root: string,
  url: string,
  sharedKey: string,
  keystore: Keystore,
  mailboxes: readonly Mailbox[],
): string {
  const folders = Object.entries(OWN_FOLDERS).map(([element, name]) => [element, join(root, name)] as const);
  const settings: (readonly [string, string])[] = [
    ['PrimaryURL', url],
    ...folders.slice(0, 1),
    ['KeyStorePath', join(root, keystore.file)],
    ['KeyStorePassword', keystore.password],
    ...folders.slice(1),
    // Seconds; the shortest that the application takes, since nobody wants to wait for a simulator.
    ['PollPeriod', '1'],
    ['ServerRetry', '3'],
    ['MaxMessages', '100'],
    ['MaxConnections', '4'],
    ['AutoUpgrade', 'N'],
    ['AuthenticationKey', sharedKey],
    ['ProcessingDelay', '1'],
  ];
  const clients = mailboxes.flatMap(({ id, password }) => [
    '  <Client>',
    ...lines(
      [
        ['ClientIdentity', id],
        ['ClientAuthentication', password],
        ['MailboxType', 'MESH'],
        ['InterfaceRoot', join(root, 'data', id)],
        ['CollectReport', 'Y'],
        ['TransferReport', 'Y'],
        ['PollReport', 'N'],
        ['SaveSent', 'Y'],
      ],
      '    ',
    ),
    '  </Client>',
  ]);
  return ['<?xml version="1.0"?>', '<MESHConfig>', ...lines(settings, '  '), ...clients, '</MESHConfig>', ''].join(
    '\n',
  );
}

function lines(settings: readonly (readonly [string, string])[], indent: string): string[] {
  return settings.map(([name, value]) => `${indent}<${name}>${escapeText(value)}</${name}>`);
}
