/** The certificate that a server shows: its name, dates, chain, key and purpose. */
import { X509Certificate } from 'node:crypto';
import type { ProbeResult } from '../probe.ts';
import { type Finding, mend, note, ok } from './finding.ts';
import type { Observed } from './observe.ts';

const DAY_MS = 86_400_000;
/** Less than this left is worth a word: a new one takes days to be ordered. */
const SOON_DAYS = 30;
/** The least that the authority signs. */
const LEAST_RSA_BITS = 2048;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

const NEW_ONE = 'Get one with "spine-sim certs sign <file.csr>" or "spine-sim certs issue <fqdn> --server".';

/** By OpenSSL's code: what is wrong, and what to do. */
const TROUBLES: Record<string, [text: string, advice: string]> = {
  CERT_HAS_EXPIRED: ['it has expired', `Renew it. ${NEW_ONE}`],
  CERT_NOT_YET_VALID: ['it is not valid yet', 'Check the clock of the machine that made it.'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['it signed itself', NEW_ONE],
  SELF_SIGNED_CERT_IN_CHAIN: ['its root is not trusted', `${NEW_ONE} Or name its CA in the setting outbound.caFile.`],
  ERR_TLS_CERT_ALTNAME_INVALID: ['it is for another name', 'Show one for the name that the directory has.'],
};
const UNTRUSTED: [text: string, advice: string] = [
  'it does not lead to an authority that is trusted',
  'Use a certificate of this environment, and let the server send the sub CA with it.',
];

export function certificateFindings(observed: Observed, name: string, now: number): Finding[] {
  const shown = [observed.asSpine, observed.inClear].find(({ certificate }) => certificate?.raw);
  const chain = observed.inClear.flight.certificates;
  const leaf = chain[0] ?? (shown?.certificate ? new X509Certificate(shown.certificate.raw) : undefined);
  if (!leaf) return [];
  return [trust(shown, name), ...sent(chain, shown), ...dates(leaf, now), ...substance(leaf)];
}

function trust(shown: ProbeResult | undefined, name: string): Finding {
  const code = shown?.certificateError;
  if (!shown) return note('certificate', 'could not be judged: the server broke off before');
  if (code === undefined) return ok('certificate', `is trusted and is for ${name}`);
  const [text, advice] = TROUBLES[code] ?? UNTRUSTED;
  return mend('certificate', `${text} (${code})`, advice);
}

/** RFC 5246 7.4.2: each certificate certifies the one before it; only the root may be left out. */
function sent(chain: X509Certificate[], shown: ProbeResult | undefined): Finding[] {
  const [leaf, ...rest] = chain;
  if (!leaf || leaf.checkIssued(leaf)) return [];
  const broken = chain.findIndex((certificate, at) => at > 0 && !chain[at - 1]!.checkIssued(certificate));
  if (!rest.some((certificate) => leaf.checkIssued(certificate))) {
    const advice =
      'Put the sub CA after the leaf in the file of the certificate, so that clients which know the root alone find the way.';
    return [mend('chain', `the server sends ${chain.length === 1 ? 'the leaf alone' : 'no sub CA of it'}`, advice)];
  }
  if (broken > 0)
    return [note('chain', 'the order is not leaf, sub CA, root', 'Put them in this order; some clients insist.')];
  return shown?.certificateError === undefined
    ? [ok('chain', `${chain.length} certificates, each signed by the next`)]
    : [];
}

function dates({ validToDate }: X509Certificate, now: number): Finding[] {
  const days = Math.floor((validToDate.getTime() - now) / DAY_MS);
  if (days < 0 || days >= SOON_DAYS) return [];
  return [note('validity', `the certificate ends in ${days} days`, 'Order a new one now.')];
}

function substance(leaf: X509Certificate): Finding[] {
  const findings: Finding[] = [];
  const { asymmetricKeyType, asymmetricKeyDetails } = leaf.publicKey;
  const bits = asymmetricKeyDetails?.modulusLength;
  if (asymmetricKeyType === 'rsa' && bits !== undefined && bits < LEAST_RSA_BITS) {
    findings.push(mend('key', `RSA with ${bits} bits`, `Make one with at least ${LEAST_RSA_BITS} bits.`));
  }
  // Node 24.9 and later.
  const { signatureAlgorithm } = leaf as { signatureAlgorithm?: string };
  if (signatureAlgorithm && /sha1|md5/i.test(signatureAlgorithm)) {
    findings.push(
      mend(
        'signature',
        `the certificate is signed with ${signatureAlgorithm}`,
        `Use one of the SHA-256 chain. ${NEW_ONE}`,
      ),
    );
  }
  const purposes = leaf.keyUsage as string[] | undefined;
  if (purposes && purposes.length > 0 && !purposes.includes(SERVER_AUTH)) {
    findings.push(
      mend('purpose', 'the certificate is not made for servers', 'Its extended key usage must have serverAuth.'),
    );
  }
  return findings;
}
