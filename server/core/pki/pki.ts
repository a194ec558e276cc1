/** The simulator's public key infrastructure: its authorities, its own certificates, and what it issues to others. */
import { type AuthorityName, crlPaths, outboundNames } from '../../../certs/recipes.ts';
import { Authorities } from './authorities.ts';
import { PkiError, reasonOf } from './errors.ts';
import { PkiFolder } from './files.ts';
import { chainPem, type Identity } from './identity.ts';
import { IssuedIndex, type IssuedRecord, REASON_CODES, type RevocationReason } from './issued.ts';
import { Issuer } from './issuer.ts';
import type { KeyType } from './keys.ts';
import { type KeptLeaf, keepLeaf } from './listenerLeaf.ts';
import { type KeySource, keysAhead, type ListenerPlans, plansFor, writePublicCopies } from './materials.ts';
import { checkAlternativeNames } from './names.ts';
import type { Credentials, PkiChange, PkiLog, PkiOptions } from './options.ts';
import { toPem } from './pem.ts';
import { type Clocks, DAY_MS, isDue } from './period.ts';
import {
  type CardRequest,
  type Chain,
  type ClientRequest,
  Registration,
  type ServerRequest,
  type SignedCertificate,
} from './registration.ts';
import { RevocationLists } from './revocation.ts';
import { normalSerial } from './serial.ts';

export { subjectOf } from './crl.ts';
export { PkiError } from './errors.ts';
export type { Identity } from './identity.ts';
export type { IssuedRecord, RevocationReason } from './issued.ts';
export { listenerNames } from './names.ts';
export type { Credentials, PkiChange, PkiLog, PkiOptions } from './options.ts';
export { pemBlocks } from './pem.ts';
export { writePkcs12, writeTrustStore } from './pkcs12.ts';
export type { CardRequest, ClientRequest, ServerRequest, SignedCertificate } from './registration.ts';

/** From this long before its end an authority is complained about at every start. */
const AUTHORITY_WARNING_MS = 90 * DAY_MS;

const QUIET: PkiLog = { info: () => {}, warn: () => {} };

/** How the parts of a PKI come to its constructor. */
interface Parts {
  folder: PkiFolder;
  clocks: Clocks;
  log: PkiLog;
  plans: ListenerPlans;
  keys: KeySource;
  keyType: KeyType;
  authorities: Authorities;
  index: IssuedIndex;
}

/**
 * Opens the PKI: at the first start makes root, sub CA, card CA, the listeners' certificates and the outbound identity (most of a second,
 * nearly all of it RSA keys on the thread pool); later reads them in a few milliseconds without loading the X.509 library.
 * Whenever the process is killed, the next start takes up what is complete and makes the rest.
 * Throws PkiError: `PKI_FILE` names the file that cannot be used or written, `REQUEST_INVALID` a host that is no name.
 */
export async function openPki(options: PkiOptions): Promise<Pki> {
  const { dir, now, machineNow = now, hosts, keyType = 'rsa', log = QUIET } = options;
  checkAlternativeNames(hosts);
  const clocks = { now, machineNow };
  const folder = new PkiFolder(dir);
  await folder.make();
  const index = await IssuedIndex.open(folder);
  const plans = plansFor(hosts, keyType);
  const keys = await keysAhead(folder, plans, keyType);
  const authorities = await Authorities.open(folder, clocks, keyType, keys);
  const pki = new Pki({ folder, clocks, log, plans, keys, keyType, authorities, index });
  await pki.renewIfDue();
  await writePublicCopies(folder, {
    'root.pem': pki.rootPem,
    'ca-bundle.pem': pki.caBundlePem,
    'card-ca.pem': pki.cardCaPem,
  });
  pki.warnOfAuthorities();
  return pki;
}

export class Pki {
  readonly #parts: Parts;
  readonly #issuer: Issuer;
  readonly #registration: Registration;
  readonly #lists: RevocationLists;
  readonly #listeners = new Set<(change: PkiChange) => void>();
  #leaves: Record<keyof ListenerPlans, KeptLeaf> | undefined;
  #renewing: Promise<boolean> | undefined;

  /** Use `openPki`. */
  constructor(parts: Parts) {
    const { index, clocks, keyType, authorities } = parts;
    this.#parts = parts;
    this.#issuer = new Issuer(index, clocks, keyType);
    this.#registration = new Registration(authorities, this.#issuer, index, clocks, keyType);
    this.#lists = new RevocationLists(index, clocks);
    authorities.onSha1 = () => this.#tell('authorities');
  }

  get rootPem(): string {
    return this.#parts.authorities.root.pem;
  }

  get subCaPem(): string {
    return this.#parts.authorities.sub.pem;
  }

  /** Sub CA, then root: the order in which real bundles have them. */
  get caBundlePem(): string {
    return chainPem(this.#parts.authorities.sub);
  }

  get cardCaPem(): string {
    return this.#parts.authorities.card.pem;
  }

  /** Card CA, then root. */
  get cardBundlePem(): string {
    return chainPem(this.#parts.authorities.card);
  }

  /** Every authority that a client certificate may chain to: for `ca` of a TLS context. */
  clientCaPems(): string[] {
    return this.#parts.authorities.forDevices().map(({ pem }) => pem);
  }

  /** Root and sub CA of the SHA-1 chain, sub first; made when first asked for. */
  async sha1BundlePem(): Promise<string> {
    return chainPem((await this.#parts.authorities.sha1()).sub);
  }

  /** PEM of an authority; those of the SHA-1 chain are made when first asked for. */
  async authorityPem(name: AuthorityName): Promise<string> {
    const { authorities } = this.#parts;
    if (name === 'sha1Root' || name === 'sha1Sub') await authorities.sha1();
    return authorities.get(name)!.pem;
  }

  /** The listeners' certificate, for all hosts; `ec` is a second one on P-256 that a TLS context can hold beside it. */
  serverCredentials(): Credentials & { ec: Credentials } {
    const { server, serverEc } = this.#kept();
    const { plans } = this.#parts;
    return {
      ...this.#credentials(server, plans.server.cns[0]!),
      ec: this.#credentials(serverEc, plans.serverEc.cns[0]!),
    };
  }

  /**
   * What the simulator shows when it calls a partner: by default as `msg-out.dev.spine2.ncrs.nhs.uk`, or as another of the recipe's outbound
   * names. Throws PkiError (`REQUEST_INVALID`) for any other name.
   */
  outboundCredentials(cn: string = outboundNames[0]): Credentials {
    return this.#credentials(this.#kept().outbound, cn);
  }

  issueClient(request: ClientRequest): Promise<Identity> {
    return this.#tellOfRevoked(request, this.#registration.client(request));
  }

  issueServer(request: ServerRequest): Promise<Identity> {
    return this.#tellOfRevoked(request, this.#registration.server(request));
  }

  issueCard(request: CardRequest): Promise<Identity> {
    return this.#tellOfRevoked(request, this.#registration.card(request));
  }

  signCsr(pem: string, options?: { days?: number | undefined; chain?: Chain | undefined }): Promise<SignedCertificate> {
    return this.#registration.csr(pem, options);
  }

  /** What was issued, newest last. */
  issued(): readonly IssuedRecord[] {
    return this.#parts.index.list();
  }

  /** `serial` in hexadecimal, colons allowed. Throws PkiError: `SERIAL_UNKNOWN`, or `REQUEST_INVALID` for the reason. */
  async revoke(serial: string, reason: RevocationReason = 'unspecified'): Promise<IssuedRecord> {
    if (!Object.hasOwn(REASON_CODES, reason)) {
      throw new PkiError('REQUEST_INVALID', `the reason is not one of ${Object.keys(REASON_CODES).join(', ')}`);
    }
    const record = await this.#parts.index.revoke(normalSerial(serial), reason, this.#parts.clocks.now());
    this.#tell('revocations');
    return record;
  }

  /** DER of an authority's revocation list as of now. */
  crl(name: AuthorityName): Buffer {
    const authority = this.#parts.authorities.get(name);
    if (!authority) throw new PkiError('REQUEST_INVALID', `there is no authority ${JSON.stringify(name)}`);
    return this.#lists.der(authority);
  }

  /** The same in PEM. */
  crlPem(name: AuthorityName): string {
    return toPem('X509 CRL', this.crl(name));
  }

  /** The list that lies at a path of crl.nhs.uk; undefined for any other path. */
  crlAt(path: string): Buffer | undefined {
    return Object.hasOwn(crlPaths, path) ? this.crl(crlPaths[path]!) : undefined;
  }

  /** A list of every authority of `clientCaPems`, which is what `crl` of a TLS context needs: one missing list refuses all. */
  clientCrlPems(): string[] {
    return this.#parts.authorities.forDevices().map((authority) => this.#lists.pem(authority));
  }

  /**
   * Makes the listeners' and outbound certificates again that are missing, near expiry or outdated. To be called from time to time and when the
   * clock was set; tells the listeners of `onRenewed`. Resolves to true if anything was made.
   */
  renewIfDue(): Promise<boolean> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** Calls back when TLS contexts are to be built anew. Returns how to stop. */
  onRenewed(listener: (change: PkiChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Authorities are never replaced by themselves, so their end is announced. */
  warnOfAuthorities(): void {
    const { authorities, clocks, log } = this.#parts;
    for (const { name, certificate } of [...authorities.forDevices(), authorities.card]) {
      const period = { notBefore: certificate.validFromDate.getTime(), notAfter: certificate.validToDate.getTime() };
      if (!isDue(clocks, period, AUTHORITY_WARNING_MS)) continue;
      const dates = { notBefore: certificate.validFrom, notAfter: certificate.validTo };
      log.warn(
        { authority: name, ...dates },
        'certificate authority is not, or not for much longer, valid at this time',
      );
    }
  }

  async #renew(): Promise<boolean> {
    const { folder, plans, authorities, clocks, log } = this.#parts;
    const keep = (plan: ListenerPlans[keyof ListenerPlans]) =>
      keepLeaf(folder, plan, authorities.sub, clocks, this.#issuer, () => this.#parts.keys(plan.file));
    const ofServer = keep(plans.server);
    const ofServerEc = plans.serverEc === plans.server ? ofServer : keep(plans.serverEc);
    const [server, serverEc, outbound] = await Promise.all([ofServer, ofServerEc, keep(plans.outbound)]);
    this.#leaves = { server, serverEc, outbound };
    const made = new Set([server, serverEc, outbound].filter((leaf) => leaf.made));
    if (made.size === 0) return false;
    log.info({ certificates: [...made].flatMap((leaf) => [...leaf.certificates.keys()]) }, 'certificates made');
    this.#tell('certificates');
    return true;
  }

  #kept(): Record<keyof ListenerPlans, KeptLeaf> {
    return this.#leaves!;
  }

  #credentials(leaf: KeptLeaf, cn: string): Credentials {
    const certificate = leaf.certificates.get(cn);
    if (!certificate) {
      throw new PkiError(
        'REQUEST_INVALID',
        `${JSON.stringify(cn)} is not one of ${[...leaf.certificates.keys()].join(', ')}`,
      );
    }
    return { key: leaf.key, cert: certificate + this.subCaPem };
  }

  async #tellOfRevoked(request: { variant?: string | undefined }, issued: Promise<Identity>): Promise<Identity> {
    const identity = await issued;
    if (request.variant === 'revoked') this.#tell('revocations');
    return identity;
  }

  #tell(change: PkiChange): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(change);
      } catch (error) {
        this.#parts.log.warn({ change, reason: reasonOf(error) }, 'a listener could not take up new certificates');
      }
    }
  }
}
