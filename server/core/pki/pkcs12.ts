/**
 * Writes PKCS#12 (RFC 7292). Triple DES and SHA-1 throughout: of the protections of the standard this is the one that every reader has,
 * Java 8 and Windows Server 2016 as well as OpenSSL 3 without its legacy provider; the password guards nothing anyway.
 */
import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { element, integer, nil, objectId, octets, sequence, set, tagged, taggedBytes } from './der.ts';

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const FRIENDLY_NAME = '1.2.840.113549.1.9.20';
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';
const PBE_SHA1_3DES = '1.2.840.113549.1.12.1.3';
const SHA1 = '1.3.14.3.2.26';
/** Java takes a certificate as trusted only with this attribute, so that the same file serves as key store and trust store. */
const TRUSTED_KEY_USAGE = '2.16.840.1.113894.746875.1.1';
const ANY_EXTENDED_KEY_USAGE = '2.5.29.37.0';

/** What OpenSSL and Windows use for these algorithms; more would only cost time. */
const ITERATIONS = 2048;
const SALT_BYTES = 8;
/** Block of SHA-1, RFC 7292 appendix B. */
const HASH_BLOCK = 64;
const HASH_BYTES = 20;
const DES3_KEY_BYTES = 24;
const DES3_IV_BYTES = 8;

const ID_KEY = 1;
const ID_IV = 2;
const ID_MAC = 3;

export interface Pkcs12Content {
  /** Name under which Java and Windows show the key. */
  alias: string;
  /** PKCS#8 DER. */
  privateKey: Buffer;
  /** DER. */
  leaf: Buffer;
  /** Certificates of the chain above the leaf; Java trusts them as well. */
  authorities: { alias: string; certificate: Buffer }[];
  password: string;
}

const sha1 = (...parts: Uint8Array[]): Buffer => createHash('sha1').update(Buffer.concat(parts)).digest();

const bigEndianText = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

function fill(pattern: Buffer): Buffer {
  return Buffer.alloc(Math.ceil(pattern.length / HASH_BLOCK) * HASH_BLOCK, pattern);
}

/** RFC 7292 appendix B.2: `length` bytes for a purpose (key, IV or MAC) out of password and salt. */
function derive(password: Buffer, salt: Buffer, purpose: number, length: number): Buffer {
  const diversifier = Buffer.alloc(HASH_BLOCK, purpose);
  const input = Buffer.concat([fill(salt), fill(password)]);
  const out: Buffer[] = [];
  for (let made = 0; made < length; made += HASH_BYTES) {
    let block = sha1(diversifier, input);
    for (let i = 1; i < ITERATIONS; i++) block = createHash('sha1').update(block).digest();
    out.push(block);
    const addend = Buffer.alloc(HASH_BLOCK, block);
    for (let start = 0; start < input.length; start += HASH_BLOCK) {
      let carry = 1;
      for (let i = HASH_BLOCK - 1; i >= 0; i--) {
        carry += input[start + i]! + addend[i]!;
        input[start + i] = carry & 0xff;
        carry >>= 8;
      }
    }
  }
  return Buffer.concat(out).subarray(0, length);
}

/** Algorithm identifier and ciphertext. */
function encrypt(plain: Buffer, password: Buffer, salt: Buffer): { algorithm: Buffer; encrypted: Buffer } {
  const key = derive(password, salt, ID_KEY, DES3_KEY_BYTES);
  const cipher = createCipheriv('des-ede3-cbc', key, derive(password, salt, ID_IV, DES3_IV_BYTES));
  return {
    algorithm: sequence(objectId(PBE_SHA1_3DES), sequence(octets(salt), integer(ITERATIONS))),
    encrypted: Buffer.concat([cipher.update(plain), cipher.final()]),
  };
}

const attribute = (id: string, value: Buffer): Buffer => sequence(objectId(id), set(value));
const friendlyName = (text: string): Buffer => attribute(FRIENDLY_NAME, element(0x1e, bigEndianText(text)));

function certificateBag(certificate: Buffer, attributes: Buffer[]): Buffer {
  const value = sequence(objectId(X509_CERTIFICATE), tagged(0, octets(certificate)));
  return sequence(objectId(CERTIFICATE_BAG), tagged(0, value), set(...attributes));
}

const dataContent = (content: Buffer): Buffer => sequence(objectId(DATA), tagged(0, octets(content)));

/** The bytes of the file: the encrypted certificates, the encrypted key, and a MAC over both. Takes some 20 ms. */
export function writePkcs12(content: Pkcs12Content): Buffer {
  const password = passwordBytes(content.password);
  // The key is secret and random, so digests of it serve as salts.
  const salt = (use: string): Buffer => sha1(Buffer.from(use), content.privateKey).subarray(0, SALT_BYTES);
  const keyId = attribute(LOCAL_KEY_ID, octets(sha1(content.leaf)));
  const leaf = certificateBag(content.leaf, [friendlyName(content.alias), keyId]);
  const certificates = sealed([leaf, ...content.authorities.map(trustedBag)], password, salt('certificates'));

  const shrouded = encrypt(content.privateKey, password, salt('key'));
  const keyBag = sequence(
    objectId(KEY_BAG),
    tagged(0, sequence(shrouded.algorithm, octets(shrouded.encrypted))),
    set(friendlyName(content.alias), keyId),
  );
  return authenticated(sequence(certificates, dataContent(sequence(keyBag))), password, salt('mac'));
}

/** The same with trusted certificates and no key: a Java trust store. */
export function writeTrustStore(authorities: Pkcs12Content['authorities'], text: string): Buffer {
  const password = passwordBytes(text);
  // Nothing in it is secret.
  const salt = sha1(...authorities.map(({ certificate }) => certificate)).subarray(0, SALT_BYTES);
  return authenticated(sequence(sealed(authorities.map(trustedBag), password, salt)), password, salt);
}

/** RFC 7292 B.1: the password in two-byte characters with a final zero. */
const passwordBytes = (text: string): Buffer => bigEndianText(`${text}\0`);

const trustedBag = ({ alias, certificate }: Pkcs12Content['authorities'][number]): Buffer =>
  certificateBag(certificate, [friendlyName(alias), attribute(TRUSTED_KEY_USAGE, objectId(ANY_EXTENDED_KEY_USAGE))]);

function sealed(bags: Buffer[], password: Buffer, salt: Buffer): Buffer {
  const { algorithm, encrypted } = encrypt(sequence(...bags), password, salt);
  return sequence(
    objectId(ENCRYPTED_DATA),
    tagged(0, sequence(integer(0), sequence(objectId(DATA), algorithm, taggedBytes(0, encrypted)))),
  );
}

function authenticated(safe: Buffer, password: Buffer, salt: Buffer): Buffer {
  const mac = createHmac('sha1', derive(password, salt, ID_MAC, HASH_BYTES))
    .update(safe)
    .digest();
  const macData = sequence(sequence(sequence(objectId(SHA1), nil()), octets(mac)), octets(salt), integer(ITERATIONS));
  return sequence(integer(3), dataContent(safe), macData);
}
