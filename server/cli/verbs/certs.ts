/** `spine-sim certs`: the certificates of the running simulator, and those that it makes and signs for others. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { adminJson, callAdmin } from '../adminClient.ts';
import { type Invocation, textFlag, UsageError, type Verb, VerbError } from '../verb.ts';

interface IssuedView {
  cn: string;
  serial: string;
  certificate: string;
  privateKey: string;
  rsaPrivateKey?: string;
  chain: string;
  pkcs12: string;
  pkcs12Password: string;
  jks: string;
}

interface RecordView {
  serial: string;
  issuer: string;
  cn: string;
  purpose: string;
  notAfter: string;
  revoked?: { at: string; reason: string };
}

/** Files of the authorities that a client may need. */
const AUTHORITY_FILES = ['root.pem', 'root.der', 'sub.pem', 'sub.der', 'chain.pem', 'chain.p12', 'card-chain.pem'];
const LISTS = ['root.crl', 'sub.crl', 'card.crl'];

/** Of the older chain, which is made when it is first asked for; `all` has both chains. */
const SHA1_FILES = ['sha1-root.pem', 'sha1-sub.pem', 'sha1-chain.pem', 'sha1-chain.p12', 'all.pem'];
const SHA1_LISTS = ['sha1-root.crl', 'sha1-sub.crl'];

/** Writes files into `--out`, saying where. */
function writer(invocation: Invocation) {
  const folder = textFlag(invocation, 'out') ?? '.';
  mkdirSync(folder, { recursive: true });
  return (name: string, content: string | Buffer, mode = 0o644): void => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode });
    // A file that was there before keeps its mode otherwise.
    chmodSync(path, mode);
    invocation.print(path);
  };
}

async function issue(invocation: Invocation, cn: string): Promise<number> {
  const days = textFlag(invocation, 'days');
  const wish = {
    cn,
    purpose: invocation.flags.server ? 'server' : 'client',
    san: textFlag(invocation, 'san')?.split(','),
    days: days === undefined ? undefined : Number(days),
    chain: textFlag(invocation, 'chain'),
    variant: textFlag(invocation, 'variant'),
  };
  const issued = await adminJson<IssuedView>(invocation, 'POST', '/api/certificates', wish);
  const write = writer(invocation);
  write(`${cn}.crt`, issued.certificate);
  write(`${cn}.key`, issued.privateKey, 0o600);
  if (issued.rsaPrivateKey) write(`${cn}.rsa.key`, issued.rsaPrivateKey, 0o600);
  write(`${cn}.chain.pem`, issued.chain);
  write(`${cn}.p12`, Buffer.from(issued.pkcs12, 'base64'), 0o600);
  write(`${cn}.jks`, Buffer.from(issued.jks, 'base64'), 0o600);
  invocation.print(`the password of the keystores (PKCS#12 and JKS) is "${issued.pkcs12Password}"`);
  return 0;
}

/** `-` reads the request from standard input. */
async function sign(invocation: Invocation, file: string): Promise<number> {
  let csr: string;
  try {
    csr = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`can't read ${file}: ${(error as Error).message}`);
  }
  const days = textFlag(invocation, 'days');
  const wish = { csr, chain: textFlag(invocation, 'chain'), days: days === undefined ? undefined : Number(days) };
  const signed = await adminJson<Pick<IssuedView, 'cn' | 'serial' | 'certificate' | 'chain'>>(
    invocation,
    'POST',
    '/api/certificates/sign',
    wish,
  );
  const name = file === '-' ? signed.cn : basename(file).replace(/\.(csr|pem|req|p10)$/, '');
  const write = writer(invocation);
  write(`${name}.crt`, signed.certificate);
  write(`${name}.chain.pem`, signed.chain);
  invocation.complain(`${signed.cn}, serial number ${signed.serial}`);
  return 0;
}

async function list(invocation: Invocation): Promise<number> {
  const records = await adminJson<RecordView[]>(invocation, 'GET', '/api/certificates');
  if (invocation.flags.json) {
    invocation.print(JSON.stringify(records, null, 2));
    return 0;
  }
  for (const { serial, cn, purpose, notAfter, revoked } of records) {
    const state = revoked ? `revoked ${revoked.at.slice(0, 10)} (${revoked.reason})` : `until ${notAfter.slice(0, 10)}`;
    invocation.print(`${serial.padEnd(8)}  ${purpose.padEnd(8)}  ${cn}  ${state}`);
  }
  return 0;
}

async function revoke(invocation: Invocation, serial: string): Promise<number> {
  const path = `/api/certificates/${encodeURIComponent(serial)}/revoke`;
  const { cn } = await adminJson<RecordView>(invocation, 'POST', path, { reason: textFlag(invocation, 'reason') });
  invocation.print(`${serial} (${cn}) is revoked; the listeners refuse it from now on`);
  return 0;
}

async function ca(invocation: Invocation): Promise<number> {
  if (textFlag(invocation, 'out') === undefined) {
    invocation.print((await callAdmin(invocation, 'GET', '/ca.pem')).text.trimEnd());
    return 0;
  }
  const write = writer(invocation);
  const sha1 = textFlag(invocation, 'chain') === 'sha1';
  for (const file of [...AUTHORITY_FILES, ...(sha1 ? SHA1_FILES : [])]) {
    write(file, await download(invocation, `/ca/${file}`));
  }
  for (const file of [...LISTS, ...(sha1 ? SHA1_LISTS : [])]) write(file, await download(invocation, `/crl/${file}`));
  return 0;
}

async function download(invocation: Invocation, path: string): Promise<Buffer> {
  const { status, bytes } = await callAdmin(invocation, 'GET', path);
  if (status !== 200) throw new VerbError(`GET ${path}: ${status}`);
  return bytes;
}

async function mesh(invocation: Invocation): Promise<number> {
  const wish = {
    environment: textFlag(invocation, 'environment'),
    format: textFlag(invocation, 'format'),
    chain: textFlag(invocation, 'chain'),
    cn: textFlag(invocation, 'cn'),
  };
  const { file, alias, password, content } = await adminJson<Record<string, string>>(
    invocation,
    'POST',
    '/api/certificates/mesh-keystore',
    wish,
  );
  writer(invocation)(file!, Buffer.from(content!, 'base64'), 0o600);
  invocation.complain(`alias ${alias}, password ${password}`);
  return 0;
}

export const certs: Verb = {
  name: 'certs',
  usage:
    'certs issue <fqdn> [--server] [--variant <what is wrong>] [--out <folder>] | certs sign <file.csr> [--chain sha1] [--days <n>] [--out <folder>] | certs list [--json] | certs revoke <serial> [--reason <word>] | certs mesh [--environment <DEV|INT>] [--format <jks|p12>] [--out <folder>] | certs ca [--chain sha1] [--out <folder>]',
  summary:
    'make a certificate with key and keystores, sign a request, list, revoke, make a MESH keystore; print or write the CA certificates and lists',
  async run(invocation) {
    const [action, subject] = invocation.words;
    if (action === 'ca') return ca(invocation);
    if (action === 'list') return list(invocation);
    if (action === 'mesh') return mesh(invocation);
    if (subject !== undefined && action === 'issue') return issue(invocation, subject);
    if (subject !== undefined && action === 'sign') return sign(invocation, subject);
    if (subject !== undefined && action === 'revoke') return revoke(invocation, subject);
    throw new UsageError(`use: spine-sim ${certs.usage}`);
  },
};
