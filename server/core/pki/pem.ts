/** PEM text (RFC 7468): the blocks of a file, and one block from its DER. */

export interface PemBlock {
  label: string;
  der: Buffer;
  /** The block as a text of its own, with a line feed at the end. */
  text: string;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\s]*?)-----END \1-----/g;

/** All blocks in order; text between them is passed over. */
export function pemBlocks(text: string): PemBlock[] {
  return [...text.matchAll(BLOCK)].map(([, label = '', body = '']) => {
    const der = Buffer.from(body, 'base64');
    return { label, der, text: toPem(label, der) };
  });
}

export function toPem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
