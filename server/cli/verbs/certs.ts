/** `spine-sim certs issue <fqdn>`: a client certificate with key, chain and PKCS#12 as files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adminJson, callAdmin } from '../adminClient.ts';
import { type Invocation, textFlag, UsageError, type Verb } from '../verb.ts';

interface IssuedView {
  cn: string;
  certificate: string;
  privateKey: string;
  chain: string;
  pkcs12: string;
  pkcs12Password: string;
}

async function issue(invocation: Invocation, cn: string): Promise<number> {
  const issued = await adminJson<IssuedView>(invocation, 'POST', '/api/certificates', { cn });
  const dir = textFlag(invocation, 'out') ?? '.';
  mkdirSync(dir, { recursive: true });
  const write = (suffix: string, content: string | Buffer, mode: number) => {
    const path = join(dir, `${cn}${suffix}`);
    writeFileSync(path, content, { mode });
    invocation.print(path);
  };
  write('.crt', issued.certificate, 0o644);
  write('.key', issued.privateKey, 0o600);
  write('.chain.pem', issued.chain, 0o644);
  write('.p12', Buffer.from(issued.pkcs12, 'base64'), 0o600);
  invocation.print(`the password of the PKCS#12 file is "${issued.pkcs12Password}"`);
  return 0;
}

export const certs: Verb = {
  name: 'certs',
  usage: 'certs issue <fqdn> [--out <folder>] | certs ca',
  summary: 'make a client certificate, key, chain and PKCS#12; or print the CA certificates',
  async run(invocation) {
    const [action, cn] = invocation.words;
    if (action === 'ca') {
      invocation.print((await callAdmin(invocation, 'GET', '/ca.pem')).text.trimEnd());
      return 0;
    }
    if (action !== 'issue' || cn === undefined) throw new UsageError(`use: spine-sim ${certs.usage}`);
    return issue(invocation, cn);
  },
};
