/** A card as files: for test rigs that sign with a key file, and for SoftHSM, which stands in for a card in a reader (PKCS#11). */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { keystorePassword } from '../../../certs/recipes.ts';
import { pemBlocks, writePkcs12 } from '../pki/pki.ts';
import type { Card } from '../world/types.ts';
import type { CardMaterial } from './cards.ts';

/** Keeps the security officer's PIN of a token that guards nothing. */
const OFFICER_PIN = '00000000';

export interface CardFile {
  name: string;
  content: Buffer;
  /** True for what holds the key. */
  secret: boolean;
}

/** `authorities`: PEM of card CA and root. */
export function cardFiles(card: Card, material: CardMaterial, authorities: string): CardFile[] {
  const { id } = card;
  const leaf = new X509Certificate(material.certificate).raw;
  const key = createPrivateKey(material.privateKey);
  const chain = pemBlocks(authorities).map(({ der }, at) => ({
    alias: at === 0 ? 'card ca' : 'root',
    certificate: der,
  }));
  const pkcs12 = writePkcs12({
    alias: id,
    privateKey: key.export({ format: 'der', type: 'pkcs8' }),
    leaf,
    authorities: chain,
    password: keystorePassword,
  });
  const open = (name: string, content: Buffer | string) => ({ name, content: Buffer.from(content), secret: false });
  const secret = (name: string, content: Buffer | string) => ({ name, content: Buffer.from(content), secret: true });
  return [
    open(`${id}.crt`, material.certificate),
    open(`${id}.der`, leaf),
    open(`${id}.chain.pem`, authorities),
    secret(`${id}.key`, material.privateKey),
    secret(`${id}.p12`, pkcs12),
    secret(`${id}.softhsm.sh`, softHsmScript(card)),
  ];
}

/** For a shell; id and passcode are digits and letters (world schema). */
function softHsmScript({ id, uid, passcode }: Card): string {
  return `#!/bin/sh
# Makes a SoftHSM token of the smartcard ${id} of user ${uid}: PIN ${passcode}, key and certificate under id 01.
# Needs softhsm2 and opensc. PKCS11_MODULE names the module where it lies elsewhere; SOFTHSM2_CONF is heeded.
set -e
here=$(cd "$(dirname "$0")" && pwd)
module=\${PKCS11_MODULE:-/usr/lib/softhsm/libsofthsm2.so}
softhsm2-util --init-token --free --label '${id}' --so-pin ${OFFICER_PIN} --pin ${passcode}
softhsm2-util --import "$here/${id}.key" --token '${id}' --label '${uid}' --id 01 --pin ${passcode}
pkcs11-tool --module "$module" --token-label '${id}' --login --pin ${passcode} \\
  --write-object "$here/${id}.der" --type cert --label '${uid}' --id 01
`;
}
