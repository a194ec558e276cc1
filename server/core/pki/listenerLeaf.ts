/** The simulator's own certificates: kept in the folder, made again when something they depend on has changed. */
import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { LeafRecipe } from '../../../certs/recipes.ts';
import type { Authority } from './authority.ts';
import type { PkiFolder } from './files.ts';
import type { Purpose } from './issued.ts';
import { backdateOf, type Issuer } from './issuer.ts';
import { type KeyType, pkcs8Pem } from './keys.ts';
import { pemBlocks } from './pem.ts';
import { type Clocks, DAY_MS, isDue, periodFrom, RENEWAL_MARGIN_MS } from './period.ts';

/** What a kept file is to hold: one key, and a certificate for each common name. */
export interface LeafPlan {
  file: string;
  keyType: KeyType;
  purpose: Purpose;
  recipe: LeafRecipe;
  cns: readonly string[];
  names: readonly string[];
}

export interface KeptLeaf {
  /** PKCS#8 PEM. */
  key: string;
  /** PEM of the leaf by common name. */
  certificates: ReadonlyMap<string, string>;
  /** False when it was there and good. */
  made: boolean;
}

interface Found {
  key: KeyObject | undefined;
  pems: string[];
  madeFrom: string | undefined;
}

/** Stands on the first line of the file: changes with the recipe, the names and the authority. */
function fingerprintOf(plan: LeafPlan, issuer: Authority): string {
  const { keyType, recipe, cns, names } = plan;
  const parts = JSON.stringify([keyType, recipe, cns, names, issuer.certificate.fingerprint256]);
  return createHash('sha256').update(parts).digest('hex');
}

function parse(text: string): Found {
  const blocks = pemBlocks(text);
  const pems = blocks.filter(({ label }) => label === 'CERTIFICATE').map((block) => block.text);
  const madeFrom = /^Made from ([0-9a-f]{64})$/m.exec(text)?.[1];
  const keyBlock = blocks.find(({ label }) => label === 'PRIVATE KEY');
  try {
    const key = keyBlock && createPrivateKey({ key: keyBlock.der, format: 'der', type: 'pkcs8' });
    return { key, pems, madeFrom };
  } catch {
    // Nobody has been told to trust a leaf: a broken one is simply made again.
    return { key: undefined, pems: [], madeFrom: undefined };
  }
}

function isGood({ key, pems }: Found, plan: LeafPlan, issuer: Authority, clocks: Clocks): boolean {
  if (!key || pems.length !== plan.cns.length) return false;
  try {
    return pems.every((pem) => {
      const certificate = new X509Certificate(pem);
      const period = { notBefore: certificate.validFromDate.getTime(), notAfter: certificate.validToDate.getTime() };
      return (
        certificate.checkPrivateKey(key) &&
        certificate.verify(issuer.certificate.publicKey) &&
        !isDue(clocks, period, RENEWAL_MARGIN_MS)
      );
    });
  } catch {
    return false;
  }
}

/**
 * The certificates of a plan, made first if they are missing, broken, near expiry, or of another recipe, list of names or
 * authority. A readable key is kept, for clients that have pinned it.
 */
export async function keepLeaf(
  folder: PkiFolder,
  plan: LeafPlan,
  issuer: Authority,
  clocks: Clocks,
  signer: Issuer,
  newKey: () => Promise<KeyObject>,
): Promise<KeptLeaf> {
  const madeFrom = fingerprintOf(plan, issuer);
  const text = await folder.read(plan.file);
  const found = text === undefined ? undefined : parse(text);
  if (found?.madeFrom === madeFrom && isGood(found, plan, issuer, clocks))
    return kept(plan, found.key!, found.pems, false);

  const key = found?.key?.asymmetricKeyType === plan.keyType ? found.key : await newKey();
  const period = periodFrom(clocks, plan.recipe.days * DAY_MS, backdateOf(plan.recipe));
  const { recipe, purpose, names } = plan;
  const leaves = await Promise.all(
    plan.cns.map((cn) => signer.sign({ cn, names, purpose, recipe, issuer, key, period })),
  );
  const pems = leaves.map(({ pem }) => pem);
  await folder.write(plan.file, `Made from ${madeFrom}\n${pems.join('')}${pkcs8Pem(key)}`);
  return kept(plan, key, pems, true);
}

function kept(plan: LeafPlan, key: KeyObject, pems: string[], made: boolean): KeptLeaf {
  return { key: pkcs8Pem(key), certificates: new Map(plan.cns.map((cn, i) => [cn, pems[i]!])), made };
}
