/** A certificate authority of the simulator: made once, then kept for as long as its file is there. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { type AuthorityName, type AuthorityRecipe, authorities } from '../../../certs/recipes.ts';
import { PkiError, reasonOf } from './errors.ts';
import type { PkiFolder } from './files.ts';
import { generateKey, type KeyType, pkcs8Pem } from './keys.ts';
import { pemBlocks } from './pem.ts';
import { type Clocks, DAY_MS, periodFrom } from './period.ts';
import { freshSerial } from './serial.ts';

export interface Authority {
  name: AuthorityName;
  recipe: AuthorityRecipe;
  key: KeyObject;
  certificate: X509Certificate;
  pem: string;
  /** Undefined for a root. */
  parent: Authority | undefined;
}

const DAYS_A_YEAR = 365.25;

/** What to do about a file of an authority that cannot be used. */
export const RESTORE_OR_DELETE =
  'Restore the file, or delete the whole folder to start with new authorities, which every client must then be told to trust';

/** File of an authority's certificate and private key. */
export const authorityFile = (name: AuthorityName): string => `${name}.private.pem`;

/**
 * The authority as it lies in the folder, made first if its file is not there.
 * `key` gives the key for a new one; an existing authority keeps its own type of key.
 * Throws PkiError (`PKI_FILE`) when a file is there but cannot be used: an authority is never replaced silently, since
 * every client would have to be told to trust the new one.
 */
export async function openAuthority(
  folder: PkiFolder,
  name: AuthorityName,
  parent: Authority | undefined,
  clocks: Clocks,
  key: () => Promise<KeyObject>,
): Promise<Authority> {
  const found = await folder.read(authorityFile(name));
  if (found !== undefined) return parse(folder, name, parent, found);
  const text = await make(name, parent, clocks, await key());
  const made = await folder.writeNew(authorityFile(name), text);
  // Another process was quicker: its authority is the one.
  return parse(folder, name, parent, made ? text : ((await folder.read(authorityFile(name))) ?? ''));
}

/** An authority that is kept nowhere and trusted by nobody, under the recipe's shape but another name. */
export async function strangeAuthority(cn: string, type: KeyType, clocks: Clocks): Promise<Authority> {
  const recipe: AuthorityRecipe = {
    ...authorities.root,
    subject: [...authorities.root.subject.filter(([attribute]) => attribute !== 'CN'), ['CN', cn]],
  };
  const key = await generateKey(type);
  const pem = await selfSigned(recipe, key, clocks);
  return { name: 'root', recipe, key, certificate: new X509Certificate(pem), pem, parent: undefined };
}

async function selfSigned(recipe: AuthorityRecipe, key: KeyObject, clocks: Clocks): Promise<string> {
  const { authorityCertificate } = await import('./certificate.ts');
  const period = periodFrom(clocks, recipe.years * DAYS_A_YEAR * DAY_MS);
  return authorityCertificate({ recipe, subjectKey: key, signer: { key }, period, serial: freshSerial(key, period) });
}

async function make(
  name: AuthorityName,
  parent: Authority | undefined,
  clocks: Clocks,
  key: KeyObject,
): Promise<string> {
  const recipe = authorities[name];
  if (!parent) return (await selfSigned(recipe, key, clocks)) + pkcs8Pem(key);
  const { authorityCertificate } = await import('./certificate.ts');
  const period = periodFrom(clocks, recipe.years * DAYS_A_YEAR * DAY_MS);
  const serial = freshSerial(key, period);
  const pem = await authorityCertificate({ recipe, subjectKey: key, signer: parent, period, serial });
  return pem + pkcs8Pem(key);
}

function parse(folder: PkiFolder, name: AuthorityName, parent: Authority | undefined, text: string): Authority {
  const refuse = (reason: string, cause?: unknown): never => {
    throw new PkiError(
      'PKI_FILE',
      `${folder.path(authorityFile(name))} cannot be used as certificate authority: ${reason}. ${RESTORE_OR_DELETE}`,
      { cause },
    );
  };
  const blocks = pemBlocks(text);
  const keyBlock = blocks.find((block) => block.label === 'PRIVATE KEY');
  const certificateBlock = blocks.find((block) => block.label === 'CERTIFICATE');
  if (!keyBlock || !certificateBlock) return refuse('it does not hold a certificate and a private key');
  try {
    const key = createPrivateKey({ key: keyBlock.der, format: 'der', type: 'pkcs8' });
    const certificate = new X509Certificate(certificateBlock.der);
    if (!certificate.ca) refuse('its certificate is not that of an authority');
    if (!certificate.checkPrivateKey(key)) refuse('its private key does not belong to its certificate');
    if (!certificate.verify((parent?.certificate ?? certificate).publicKey)) {
      refuse(parent ? `${folder.path(authorityFile(parent.name))} did not sign it` : 'it did not sign itself');
    }
    return { name, recipe: authorities[name], key, certificate, pem: certificateBlock.text, parent };
  } catch (error) {
    if (error instanceof PkiError) throw error;
    return refuse(reasonOf(error), error);
  }
}
