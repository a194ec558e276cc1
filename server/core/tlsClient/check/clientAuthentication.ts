/** Whether the server knows Spine by its certificate, and only Spine. Messaging and the SSP are mutual TLS in both directions. */
import type { ProbeResult } from '../probe.ts';
import { type Finding, mend, note, ok } from './finding.ts';
import type { Observed, Stranger } from './observe.ts';

const TRUST_US =
  'Trust root and sub CA of the environment for clients ("spine-sim certs ca"), and the name of the certificate if the server compares names.';

/** `authorities`: subjects (DER) of the authorities that sign Spine's certificate. `cn`: the name in it. */
export function clientFindings(observed: Observed, authorities: Buffer[], cn: string): Finding[] {
  const { asSpine, inClear, withoutCertificate } = observed;
  if (!asSpine.accepted && !inClear.accepted) return [refusal(asSpine, cn)];
  if (asSpine.closedAfter) {
    const text = `the server ends the connection of ${cn} right after the handshake`;
    return [mend('Spine', text, `So do servers that do not accept the certificate. ${TRUST_US}`)];
  }
  const findings = [ok('Spine', `the handshake with the certificate of ${cn} succeeds`)];
  const named = inClear.flight.clientAuthorities;
  const asked = named !== undefined || whyRefused(withoutCertificate, asSpine, '') !== undefined;
  // What TLS 1.2 says in clear; of a server with TLS 1.3 alone nothing but refusals can be seen.
  if (!asked && inClear.accepted) {
    const advice = 'Turn on mutual TLS: ask for a client certificate and require it.';
    return [...findings, mend('client certificate', 'the server does not ask for one', advice)];
  }
  if (!asked) return [...findings, note('client certificate', 'whether the server asks for one can not be seen')];
  if (named && named.length > 0 && !named.some((name) => authorities.some((own) => own.equals(name)))) {
    const advice = `${TRUST_US} Clients that go by the list would send nothing.`;
    findings.push(mend('acceptable authorities', 'the list that the server sends has none of ours', advice));
  }
  findings.push(whyRefused(withoutCertificate, asSpine, 'no certificate') ?? optional());
  return [...findings, ...strangers(observed)];
}

function refusal({ alert, reason = '' }: ProbeResult, cn: string): Finding {
  const text = `the server refuses the handshake of ${cn}: ${reason}`;
  if (alert === 'protocol_version') return mend('Spine', text, 'Enable TLS 1.2 or 1.3.');
  if (alert === 'unrecognized_name')
    return mend('Spine', text, 'Configure a virtual host for the name that Spine asks for.');
  if (alert === 'handshake_failure')
    return mend('Spine', text, `Enable ECDHE with AES-GCM. If the suites are right: ${TRUST_US}`);
  return mend('Spine', text, TRUST_US);
}

const optional = (): Finding =>
  note(
    'no certificate',
    'neither the handshake nor HTTP refuses a client without one',
    'Require it, unless the server tells its clients by other means.',
  );

const STRANGER_FINDINGS: Record<Stranger, [who: string, outcome: 'mend' | 'note', advice: string]> = {
  'unknown-ca': [
    'of an unknown authority',
    'mend',
    'Check the chain of client certificates against the CAs of the environment.',
  ],
  expired: ['that has expired', 'mend', 'Check the dates of client certificates.'],
  revoked: ['that is revoked', 'note', 'Load the revocation list of http://crl.nhs.uk/int/1c/crlc2.crl.'],
};

function strangers({ strangers: results, asSpine }: Observed): Finding[] {
  return Object.entries(STRANGER_FINDINGS).map(([stranger, [who, outcome, advice]]) => {
    const result = results[stranger as Stranger];
    const refused = whyRefused(result, asSpine, `a certificate ${who}`);
    if (refused) return refused;
    const text = `is accepted${result.status === undefined ? '' : `: HTTP status ${result.status}`}`;
    return outcome === 'mend' ? mend(`a certificate ${who}`, text, advice) : note(`a certificate ${who}`, text, advice);
  });
}

/** What web servers answer to a client certificate that they do not want: nginx 400 (495 and 496 within), others 401 or 403. */
const REFUSALS = [400, 401, 403, 495, 496];

/** By the handshake, or by what follows it, if Spine itself gets something else. */
function whyRefused(
  { accepted, reason, status }: ProbeResult,
  asSpine: ProbeResult,
  check: string,
): Finding | undefined {
  if (!accepted) return ok(check, `refused: ${reason}`);
  if (asSpine.status === undefined || status === asSpine.status) return undefined;
  // Node, Java and others end the connection when the handshake is over.
  if (status === undefined) return ok(check, 'refused: the connection is closed after the handshake');
  if (!REFUSALS.includes(status)) return undefined;
  return ok(check, `refused over HTTP with status ${status}`);
}
