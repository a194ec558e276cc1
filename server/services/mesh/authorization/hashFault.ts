/** Why a hash is wrong: the mistakes that clients are seen to make are tried out, so that the journal can name the one. */
import { createHash, createHmac } from 'node:crypto';
import { isHash, type Token } from './token.ts';

/** Passwords and shared keys that published clients and stand-ins come with. */
const KNOWN_PASSWORDS = ['password', 'pwd123456'];
const KNOWN_KEYS = ['TestKey', 'BackBone'];

const HASH_CHARACTERS = 64;

/** In words for the journal. The hash is known to be wrong. */
export function hashFault(token: Token, password: string, sharedKey: string): string {
  const given = token.hash.trim();
  const lower = given.toLowerCase();
  const { mailbox, nonce, nonceCount, timestamp } = token;
  const right = [mailbox, nonce, nonceCount, password, timestamp];
  const hmac = (parts: string[]) => createHmac('sha256', sharedKey).update(parts.join(':'));
  const isOver = (parts: string[]) => hmac(parts).digest('hex') === lower;

  if (isOver([mailbox, nonce, nonceCount, timestamp])) return 'the password is missing from what was hashed';
  if (isOver([mailbox, nonce, nonceCount, timestamp, password])) {
    return 'the password was hashed behind the timestamp, and stands before it';
  }
  if (isOver([`NHSMESH ${mailbox}`, ...right.slice(1)])) return 'the word NHSMESH was hashed too';
  if (isOver([mailbox.toLowerCase(), ...right.slice(1)])) return 'the mailbox was hashed in lower case';
  for (const count of [String(BigInt(nonceCount)), nonceCount.padStart(3, '0')]) {
    if (count !== nonceCount && isOver([mailbox, nonce, count, password, timestamp])) {
      return `the nonce count was hashed as "${count}" and sent as "${nonceCount}"`;
    }
  }
  if (isHash(token, sharedKey, password)) return 'the password and the shared key have changed places';
  if (createHash('sha256').update(right.join(':')).digest('hex') === lower)
    return 'it is SHA-256 without the shared key';
  if (hmac(right).digest('base64') === given) return 'it is written in base64, not in hexadecimal';
  for (const other of KNOWN_PASSWORDS) {
    if (isHash(token, other, sharedKey)) return `it is made with the password "${other}", and ${mailbox} has another`;
  }
  for (const other of KNOWN_KEYS) {
    if (isHash(token, password, other))
      return `it is made with the shared key "${other}", and this environment has another`;
  }
  if (given.length !== HASH_CHARACTERS)
    return `it has ${given.length} characters, and HMAC-SHA256 has ${HASH_CHARACTERS}`;
  return `it is not that of the password of ${mailbox} and the shared key`;
}
