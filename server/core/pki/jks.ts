/**
 * Writes Java's own keystore format (JKS, version 2): a private key with its chain, and trusted certificates. Java reads PKCS#12
 * as well, but message handlers configured years ago name a `.jks` or `.keystore` file and its type.
 */
import { createHash } from 'node:crypto';
import { nil, objectId, octets, sequence } from './der.ts';

const MAGIC = 0xfeedfeed;
const VERSION = 2;
const PRIVATE_KEY_ENTRY = 1;
const TRUSTED_ENTRY = 2;

/** The proprietary algorithm by which a key in a JKS is protected. */
const KEY_PROTECTOR = '1.3.6.1.4.1.42.2.17.1.1';
const SALT_BYTES = 20;
const DIGEST_BYTES = 20;

/** What JavaSoft's implementation puts before the entries when it signs the file. */
const WHITENER = 'Mighty Aphrodite';

export interface JksContent {
  alias: string;
  /** PKCS#8 DER. */
  privateKey: Buffer;
  /** DER, leaf first, root last. */
  chain: Buffer[];
  trusted: { alias: string; certificate: Buffer }[];
  password: string;
  /** Time of the entries, milliseconds since 1970. */
  createdAt: number;
}

const sha1 = (...parts: Uint8Array[]): Buffer => createHash('sha1').update(Buffer.concat(parts)).digest();

const u32 = (value: number): Buffer => {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
};

const u64 = (value: number): Buffer => {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(value));
  return out;
};

/** Java's writeUTF. Aliases are lower case: `keytool` looks them up that way. */
const utf = (text: string): Buffer => {
  const bytes = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const certificate = (der: Buffer): Buffer => Buffer.concat([utf('X.509'), u32(der.length), der]);

/** Two bytes a character, high byte first. */
const passwordBytes = (password: string): Buffer => Buffer.from(password, 'utf16le').swap16();

/** The key XORed with a chain of SHA-1 digests over password and salt, then a check of password and key. */
function protect(key: Buffer, password: Buffer): Buffer {
  // The key is secret and random, so its digest serves as salt.
  const salt = sha1(Buffer.from('jks salt'), key).subarray(0, SALT_BYTES);
  const hidden = Buffer.alloc(key.length);
  let digest = salt;
  for (let at = 0; at < key.length; at += DIGEST_BYTES) {
    digest = sha1(password, digest);
    for (let i = 0; i < DIGEST_BYTES && at + i < key.length; i++) hidden[at + i] = key[at + i]! ^ digest[i]!;
  }
  return sequence(sequence(objectId(KEY_PROTECTOR), nil()), octets(Buffer.concat([salt, hidden, sha1(password, key)])));
}

/** The bytes of the keystore file; store and key share one password, as in the keystores that were handed out. */
export function writeJks(content: JksContent): Buffer {
  const password = passwordBytes(content.password);
  const key = protect(content.privateKey, password);
  const when = u64(content.createdAt);
  const parts = [u32(MAGIC), u32(VERSION), u32(1 + content.trusted.length)];
  parts.push(u32(PRIVATE_KEY_ENTRY), utf(content.alias.toLowerCase()), when, u32(key.length), key);
  parts.push(u32(content.chain.length), ...content.chain.map(certificate));
  for (const entry of content.trusted) {
    parts.push(u32(TRUSTED_ENTRY), utf(entry.alias.toLowerCase()), when, certificate(entry.certificate));
  }
  const store = Buffer.concat(parts);
  return Buffer.concat([store, sha1(password, Buffer.from(WHITENER), store)]);
}
