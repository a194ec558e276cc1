/** Private keys: making them off the main thread, and the texts in which clients want them. */
import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { rsaBits } from '../../../certs/recipes.ts';

export type KeyType = 'rsa' | 'ec';

/** Node runs them on its four pool threads; one stays free so that reading a file never waits for a key. */
const KEYS_AT_ONCE = 3;

const generate = promisify(generateKeyPair);
const waiting: (() => void)[] = [];
let running = 0;

/** A new private key: RSA of the recipe's length (about 0.2 s of one core), or EC on P-256 (under a millisecond). */
export async function generateKey(type: KeyType): Promise<KeyObject> {
  if (running >= KEYS_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    const pair =
      type === 'rsa'
        ? await generate('rsa', { modulusLength: rsaBits })
        : await generate('ec', { namedCurve: 'P-256' });
    return pair.privateKey;
  } finally {
    running--;
    waiting.shift()?.();
  }
}

/** PKCS#8 PEM (`BEGIN PRIVATE KEY`). */
export const pkcs8Pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }) as string;

export const pkcs8Der = (key: KeyObject): Buffer => key.export({ type: 'pkcs8', format: 'der' });

/** PKCS#1 PEM (`BEGIN RSA PRIVATE KEY`), which some .NET clients insist on; undefined for a key that is not RSA. */
export const pkcs1Pem = (key: KeyObject): string | undefined =>
  key.asymmetricKeyType === 'rsa' ? (key.export({ type: 'pkcs1', format: 'pem' }) as string) : undefined;

/** SubjectPublicKeyInfo of a private or public key. */
export const spkiDer = (key: KeyObject): Buffer =>
  (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' });
