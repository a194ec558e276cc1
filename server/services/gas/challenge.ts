/**
 * The challenge: 48 bytes, 20 random, 8 of time (big-endian milliseconds since 1970), 20 of MAC. So it needs no memory and
 * expires by itself. Its length is part of the protocol: early agents patch the message at offsets that fit 48 bytes only.
 * The split is read from a recorded challenge; keys and algorithms (HMAC-SHA1, RSA with SHA-1) are assumed.
 */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import type { Ids } from '../../core/ids/ids.ts';

const RANDOM_BYTES = 20;
const TIME_BYTES = 8;
const MAC_BYTES = 20;
export const CHALLENGE_BYTES = RANDOM_BYTES + TIME_BYTES + MAC_BYTES;

export interface Challenge {
  /** Base64 in one line. */
  challenge: string;
  /** Signature over the 48 bytes, base64 in one line; agents only send it back. */
  signature: string;
}

export class Challenges {
  readonly #keyPem: () => string;
  #keys: { pem: string; mac: Buffer; key: KeyObject; publicKey: KeyObject } | undefined;

  /** `keyPem`: private key of the simulator, which may change when its certificate is renewed. */
  constructor(keyPem: () => string) {
    this.#keyPem = keyPem;
  }

  /** A new challenge, `now` in milliseconds since 1970. */
  issue(ids: Ids, now: number): Challenge {
    const { mac, key } = this.#current();
    const time = Buffer.alloc(TIME_BYTES);
    time.writeBigUInt64BE(BigInt(Math.max(0, Math.floor(now))));
    const head = Buffer.concat([ids.bytes(RANDOM_BYTES), time]);
    const bytes = Buffer.concat([head, createHmac('sha1', mac).update(head).digest()]);
    return { challenge: bytes.toString('base64'), signature: sign('sha1', bytes, key).toString('base64') };
  }

  /** The bytes of a challenge that was issued here, and when; undefined if challenge or signature is not ours. */
  open(challenge: string, signature: string): { bytes: Buffer; issuedAt: number } | undefined {
    const { mac, publicKey } = this.#current();
    const bytes = Buffer.from(challenge, 'base64');
    if (bytes.length !== CHALLENGE_BYTES) return undefined;
    const head = bytes.subarray(0, RANDOM_BYTES + TIME_BYTES);
    const expected = createHmac('sha1', mac).update(head).digest();
    if (!timingSafeEqual(expected, bytes.subarray(head.length))) return undefined;
    if (!verify('sha1', bytes, publicKey, Buffer.from(signature, 'base64'))) return undefined;
    return { bytes, issuedAt: Number(bytes.readBigUInt64BE(RANDOM_BYTES)) };
  }

  #current() {
    const pem = this.#keyPem();
    if (this.#keys?.pem !== pem) {
      const mac = createHash('sha256').update('gas challenge\0').update(pem).digest();
      const key = createPrivateKey(pem);
      this.#keys = { pem, mac, key, publicKey: createPublicKey(key) };
    }
    return this.#keys;
  }
}
