/** Revocation lists (RFC 5280 5), written without a library so that a start with everything made stays quick. */
import { createHash, sign, type X509Certificate } from 'node:crypto';
import type { Hash } from '../../../certs/recipes.ts';
import type { Authority } from './authority.ts';
import {
  bits,
  element,
  elementsOf,
  integer,
  nil,
  objectId,
  octets,
  sequence,
  tagged,
  taggedBytes,
  time,
} from './der.ts';
import { type IssuedRecord, REASON_CODES } from './issued.ts';
import { spkiDer } from './keys.ts';
import type { Period } from './period.ts';

const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';
const CRL_NUMBER = '2.5.29.20';
const REASON_CODE = '2.5.29.21';

const SIGNATURE: Record<string, Buffer> = {
  'rsa SHA-256': sequence(objectId('1.2.840.113549.1.1.11'), nil()),
  'rsa SHA-1': sequence(objectId('1.2.840.113549.1.1.5'), nil()),
  'ec SHA-256': sequence(objectId('1.2.840.10045.4.3.2')),
  'ec SHA-1': sequence(objectId('1.2.840.10045.4.1')),
};

const NODE_HASH: Record<Hash, string> = { 'SHA-1': 'sha1', 'SHA-256': 'sha256' };

/** The subject of a certificate as encoded in it: the sixth element of the part that is signed. */
export function subjectOf(certificate: X509Certificate): Buffer {
  const [body] = elementsOf(certificate.raw);
  const [signed] = elementsOf(body!.content);
  return elementsOf(signed!.content)[5]!.whole;
}

/** SHA-1 of the public key's bits (RFC 5280 4.2.1.2, method 1). */
function keyIdentifier(authority: Authority): Buffer {
  const [info] = elementsOf(spkiDer(authority.key));
  const key = elementsOf(info!.content)[1]!;
  return createHash('sha1').update(key.content.subarray(1)).digest();
}

const extension = (id: string, value: Buffer): Buffer => sequence(objectId(id), octets(value));

function entry({ serial, revoked }: IssuedRecord): Buffer {
  const { at, reason } = revoked!;
  const number = integer(Buffer.from(serial.padStart(serial.length + (serial.length % 2), '0'), 'hex'));
  const when = time(Date.parse(at));
  // RFC 5280 5.3.1: "unspecified" is said by leaving the reason out.
  if (reason === 'unspecified') return sequence(number, when);
  const code = element(0x0a, Buffer.of(REASON_CODES[reason]));
  return sequence(number, when, sequence(extension(REASON_CODE, code)));
}

/** DER of the list of `revoked` certificates of an authority, thisUpdate and nextUpdate being the period. */
export function buildCrl(authority: Authority, revoked: readonly IssuedRecord[], period: Period): Buffer {
  const { hash } = authority.recipe;
  const type = authority.key.asymmetricKeyType === 'ec' ? 'ec' : 'rsa';
  const algorithm = SIGNATURE[`${type} ${hash}`]!;
  const signed = sequence(
    integer(1),
    algorithm,
    subjectOf(authority.certificate),
    time(period.notBefore),
    time(period.notAfter),
    // RFC 5280 5.1.2.6: absent, not empty, when nothing is revoked.
    ...(revoked.length > 0 ? [sequence(...revoked.map(entry))] : []),
    tagged(
      0,
      sequence(
        extension(AUTHORITY_KEY_IDENTIFIER, sequence(taggedBytes(0, keyIdentifier(authority)))),
        // Grows from list to list as 5.2.3 asks, without a counter to keep: the second in which it was made, then what is on it.
        extension(CRL_NUMBER, integer(Math.floor(period.notBefore / 1000) * 65_536 + Math.min(revoked.length, 65_535))),
      ),
    ),
  );
  return sequence(signed, algorithm, bits(sign(NODE_HASH[hash], signed, authority.key)));
}
