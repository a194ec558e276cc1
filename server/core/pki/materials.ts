/** What lies in the folder of the PKI beside the authorities: the simulator's own certificates, and copies for people. */
import type { KeyObject } from 'node:crypto';
import { leaves, outboundNames } from '../../../certs/recipes.ts';
import { authorityFile } from './authority.ts';
import type { PkiFolder } from './files.ts';
import { generateKey, type KeyType } from './keys.ts';
import type { LeafPlan } from './listenerLeaf.ts';
import { isFqdn, listenerNames } from './names.ts';

const SERVER_FILE = 'server.private.pem';
const SERVER_EC_FILE = 'server-ec.private.pem';
const OUTBOUND_FILE = 'outbound.private.pem';

/** Gives the key for a file that is to be made. */
export type KeySource = (file: string) => Promise<KeyObject>;

export interface ListenerPlans {
  server: LeafPlan;
  /** The very same plan when all keys are EC: a TLS context holds one key of a kind. */
  serverEc: LeafPlan;
  outbound: LeafPlan;
}

/** The host that names the certificate: the first that fits a common name. */
const serverCn = (hosts: readonly string[]): string => hosts.find(isFqdn) ?? 'localhost';

export function plansFor(hosts: readonly string[], keyType: KeyType): ListenerPlans {
  const forHosts = {
    purpose: 'server' as const,
    recipe: leaves.server,
    cns: [serverCn(hosts)],
    names: listenerNames(hosts),
  };
  const server: LeafPlan = { ...forHosts, file: SERVER_FILE, keyType };
  const serverEc: LeafPlan = keyType === 'ec' ? server : { ...forHosts, file: SERVER_EC_FILE, keyType: 'ec' };
  const cns = outboundNames;
  return {
    server,
    serverEc,
    outbound: { purpose: 'outbound', recipe: leaves.client, cns, names: [], file: OUTBOUND_FILE, keyType },
  };
}

/**
 * Begins to make the keys of all files that are missing, at once, since each RSA key takes 0.2 s of a core; the source hands them
 * out one by one. The X.509 library is loaded meanwhile.
 */
export async function keysAhead(folder: PkiFolder, plans: ListenerPlans, keyType: KeyType): Promise<KeySource> {
  const wanted: [file: string, type: KeyType][] = [
    ...(['root', 'sub', 'card'] as const).map((name): [string, KeyType] => [authorityFile(name), keyType]),
    ...[plans.server, plans.serverEc, plans.outbound].map((plan): [string, KeyType] => [plan.file, plan.keyType]),
  ];
  const types = new Map(wanted);
  const begun = new Map<string, Promise<KeyObject>>();
  for (const [file, type] of types) {
    if ((await folder.read(file)) !== undefined) continue;
    const key = generateKey(type);
    // Whoever asks for the key meets the failure; a key that nobody comes to ask for must not end the process.
    key.catch(() => {});
    begun.set(file, key);
  }
  if (begun.size > 0) await import('./certificate.ts');
  return (file) => begun.get(file) ?? generateKey(types.get(file) ?? keyType);
}

/** The files that people copy out of the folder: certificates only. */
export async function writePublicCopies(folder: PkiFolder, copies: Record<string, string>): Promise<void> {
  for (const [file, text] of Object.entries(copies)) {
    if ((await folder.read(file)) !== text) await folder.write(file, text);
  }
}
