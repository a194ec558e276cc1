/** Runs OpenLDAP's slapd with the directory's schema and given entries: the other side of comparisons. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry } from '../../server/services/sds/directory/entry.ts';
import { writeLdif } from '../../server/services/sds/ldif/write.ts';
import { describeAttribute } from '../../server/services/sds/schema/attributeType.ts';
import { describeClass } from '../../server/services/sds/schema/objectClass.ts';
import { attributeTypes, objectClasses } from '../../server/services/sds/schema/schema.ts';

const SLAPD = '/usr/sbin/slapd';
const SLAPADD = '/usr/sbin/slapadd';

/** slapd has these in the schema files that it brings along. */
const BROUGHT_SCHEMAS = ['core', 'cosine', 'inetorgperson'];

/** Attributes that the look-ups name: what an administrator would index. */
const INDEXES = [
  'objectClass,uniqueIdentifier,uid,nhsIDCode,nhsMHSPartyKey,nhsAsSvcIA,nhsMhsSvcIA,nhsMhsCPAId,nhsMhsManufacturerOrg eq',
];

/** How long slapd may take to open its database and listen, in milliseconds. */
const START_MS = 20_000;

export const slapdInstalled = (): boolean => existsSync(SLAPD);

/** The nhs part of our schema in slapd's form, without the change log, whose attributes another schema of slapd's has. */
function nhsSchema(): string {
  const types = attributeTypes.filter(({ origin }) => origin === 'nhsSDS');
  const classes = objectClasses.filter(({ origin }) => origin === 'nhsSDS');
  return [
    ...types.map((type) => `attributetype ${describeAttribute(type)}`),
    ...classes.map((one) => `objectclass ${describeClass(one)}`),
    '',
  ].join('\n');
}

export interface Slapd {
  pid: number;
  port: number;
  /** Seconds that slapadd took to load the entries. */
  loadSeconds: number;
  stop(): Promise<void>;
}

export interface SlapdOptions {
  /** Most entries of an answer, as slapd.conf writes it. */
  sizeLimit?: string;
}

/** Loads the entries into a fresh database in `folder` and serves them on the port. */
export async function startSlapd(
  folder: string,
  port: number,
  entries: Iterable<Entry>,
  { sizeLimit = '1000' }: SlapdOptions = {},
): Promise<Slapd> {
  const database = join(folder, 'database');
  mkdirSync(database, { recursive: true });
  writeFileSync(join(folder, 'nhs.schema'), nhsSchema());
  const config = join(folder, 'slapd.conf');
  writeFileSync(
    config,
    [
      ...BROUGHT_SCHEMAS.map((name) => `include /etc/ldap/schema/${name}.schema`),
      `include ${join(folder, 'nhs.schema')}`,
      'modulepath /usr/lib/ldap',
      'moduleload back_mdb',
      `pidfile ${join(folder, 'slapd.pid')}`,
      'database mdb',
      `directory ${database}`,
      'suffix "o=nhs"',
      'maxsize 4294967296',
      `sizelimit ${sizeLimit}`,
      ...INDEXES.map((index) => `index ${index}`),
      'access to * by * read',
      '',
    ].join('\n'),
  );
  const ldif = join(folder, 'entries.ldif');
  await writeEntries(ldif, entries);
  const began = performance.now();
  execFileSync(SLAPADD, ['-q', '-f', config, '-l', ldif], { stdio: ['ignore', 'ignore', 'inherit'] });
  const loadSeconds = (performance.now() - began) / 1000;
  const child = spawn(SLAPD, ['-d', '0', '-f', config, '-h', `ldap://127.0.0.1:${port}/`], { stdio: 'ignore' });
  await listening(child, port);
  return { pid: child.pid!, port, loadSeconds, stop: () => stop(child) };
}

/** Writes entries as an LDIF file. */
export async function writeEntries(path: string, entries: Iterable<Entry>): Promise<void> {
  const file = createWriteStream(path);
  for (const entry of entries) if (!file.write(writeLdif(entry))) await once(file, 'drain');
  file.end();
  await once(file, 'finish');
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  const end = performance.now() + START_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`slapd ended with ${child.exitCode}`);
    if (await canConnect(port)) return;
    if (performance.now() > end) throw new Error('slapd does not listen');
    await sleep(50);
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
