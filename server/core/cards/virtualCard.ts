/** A smartcard in a reader: what the identity agent's middleware would do with it. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { type SignOptions, signMessage } from '../cms/sign.ts';
import { wrapSmime } from '../cms/smime.ts';

export interface CardIdentity {
  /** PEM. */
  certificate: string;
  /** PKCS#8 PEM. */
  privateKey: string;
}

export class VirtualCard {
  /** The user, as the certificate's common name says. */
  readonly uid: string;
  readonly certificate: X509Certificate;
  readonly #key: KeyObject;

  constructor({ certificate, privateKey }: CardIdentity) {
    this.certificate = new X509Certificate(certificate);
    this.#key = createPrivateKey(privateKey);
    this.uid = /(?:^|\n)CN=(.*)$/.exec(this.certificate.subject)?.[1] ?? '';
  }

  /** DER of the signed message over a challenge, given in base64 as GAS sends it. */
  sign(challenge: string, options?: SignOptions): Buffer {
    return signMessage(Buffer.from(challenge, 'base64'), this.#key, this.certificate, options);
  }

  /** The same as it goes into the parameter `response`: S/MIME text in base64. */
  respond(challenge: string, options?: SignOptions): string {
    return wrapSmime(this.sign(challenge, options));
  }
}
