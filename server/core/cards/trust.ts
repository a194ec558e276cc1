/** Whether a certificate is that of a smartcard in force. */
import { X509Certificate } from 'node:crypto';

/** What is wrong with a card's certificate, for the journal. */
export interface CardFault {
  code: 'untrusted' | 'not-in-date' | 'revoked';
  message: string;
}

export interface Verdict {
  fault?: CardFault;
  /** Number printed on the card that the certificate was made for, as far as the index of issued certificates knows. */
  cardId?: string | undefined;
}

export interface TrustSource {
  readonly cardCaPem: string;
  issued(): readonly { serial: string; issuer: string; card?: string; revoked?: unknown }[];
}

export class CardTrust {
  readonly #source: TrustSource;
  #authority: { pem: string; certificate: X509Certificate } | undefined;

  constructor(source: TrustSource) {
    this.#source = source;
  }

  /** No fault if the card CA signed the certificate, `now` (milliseconds since 1970) is in its period, and it is not revoked. */
  judge(certificate: X509Certificate, now: number): Verdict {
    const authority = this.#cardAuthority();
    if (certificate.ca || !certificate.checkIssued(authority) || !certificate.verify(authority.publicKey)) {
      return { fault: { code: 'untrusted', message: 'the certificate was not issued by the card CA' } };
    }
    if (now < certificate.validFromDate.getTime() || now > certificate.validToDate.getTime()) {
      const { validFrom, validTo } = certificate;
      return { fault: { code: 'not-in-date', message: `the certificate is valid from ${validFrom} to ${validTo}` } };
    }
    const serial = certificate.serialNumber.replace(/^0+(?=.)/, '').toUpperCase();
    const record = this.#source.issued().find((issued) => issued.serial === serial && issued.issuer === 'card');
    if (record?.revoked) return { fault: { code: 'revoked', message: 'the certificate is revoked' } };
    return { cardId: record?.card };
  }

  #cardAuthority(): X509Certificate {
    const pem = this.#source.cardCaPem;
    if (this.#authority?.pem !== pem) this.#authority = { pem, certificate: new X509Certificate(pem) };
    return this.#authority.certificate;
  }
}

/**
 * The user that a card's certificate names. Cards have exactly three parts in their subject, the common name third
 * (`O=nhs, OU=people, CN=<uid>`); agents read it by its place. Undefined for any other subject.
 */
export function uidOf(certificate: X509Certificate): string | undefined {
  const parts = certificate.subject.split('\n');
  const last = parts.at(-1);
  return parts.length === 3 && last?.startsWith('CN=') ? last.slice(3) : undefined;
}
