/** Lets a supplier's own client meet the laboratory's profiles one after the other on one host, by running a command for each. */
import { spawn } from 'node:child_process';
import { adminJson } from '../adminClient.ts';
import { type Invocation, UsageError } from '../verb.ts';

/** must: the command must succeed; mustNot: it must fail; may, mayNot: the contrary is worth knowing. */
type Expectation = 'must' | 'mustNot' | 'may' | 'mayNot';

const MEETINGS: [profile: string, expectation: Expectation, advice: string][] = [
  ['tls12-only', 'must', 'Enable TLS 1.2 with ECDHE and AES-GCM.'],
  ['tls13-only', 'may', 'TLS 1.3 is not spoken.'],
  ['tls11-only', 'mustNot', 'Switch TLS 1.1 off.'],
  ['tls10-only', 'mustNot', 'Switch TLS 1.0 off.'],
  ['expired-server', 'mustNot', 'Check the dates of the server certificate.'],
  ['not-yet-valid', 'mustNot', 'Check the dates of the server certificate.'],
  ['wrong-name', 'mustNot', 'Check the name in the server certificate.'],
  ['unknown-ca', 'mustNot', 'Trust the authorities of the environment and no others.'],
  [
    'no-intermediate',
    'may',
    'Without the sub CA in the handshake it finds no way to the root; install the sub CA too.',
  ],
  ['revoked-server', 'mayNot', 'Revocation lists are not read: http://crl.nhs.uk/int/1c/crlc2.crl.'],
  ['weak-cipher', 'mayNot', 'Suites with CBC and SHA-1 are accepted.'],
  ['sha1-chain', 'mayNot', 'Signatures with SHA-1 are accepted.'],
  ['null-cipher', 'mustNot', 'Remove the suites without encryption.'],
  ['client-certificate-required', 'may', 'It has no client certificate to show, or one that is not accepted.'],
  ['slow-handshake', 'must', 'Give the handshake more time than five seconds.'],
  ['reset-after-hello', 'mustNot', 'A failed handshake must be an error.'],
  ['half-close', 'mustNot', 'A failed handshake must be an error.'],
];

/** A command that does not end by then hangs. */
const COMMAND_MS = 30_000;

export interface Meeting {
  profile: string;
  succeeded: boolean;
  outcome: 'ok' | 'mend' | 'note';
  advice?: string | undefined;
}

/** Throws UsageError when the command fails with the host as it should be: then the rest would say nothing. */
export async function meetProfiles(invocation: Invocation, host: string, command: string): Promise<Meeting[]> {
  const path = `/api/tls/hosts/${encodeURIComponent(host)}`;
  if (!(await succeeds(command, 'default'))) {
    throw new UsageError(
      `"${command}" fails with ${host} as it is; it must succeed before it is tried with bad handshakes`,
    );
  }
  const meetings: Meeting[] = [];
  try {
    for (const [profile, expectation, advice] of MEETINGS) {
      await adminJson(invocation, 'PUT', path, { profile });
      meetings.push(judge(profile, await succeeds(command, profile), expectation, advice));
    }
  } finally {
    await adminJson(invocation, 'DELETE', path);
  }
  return meetings;
}

function judge(profile: string, succeeded: boolean, expectation: Expectation, advice: string): Meeting {
  const right = succeeded === (expectation === 'must' || expectation === 'may');
  if (right) return { profile, succeeded, outcome: 'ok' };
  const outcome = expectation === 'must' || expectation === 'mustNot' ? 'mend' : 'note';
  return { profile, succeeded, outcome, advice };
}

/** The command's own output would bury the result. */
function succeeds(command: string, profile: string): Promise<boolean> {
  return new Promise((resolve) => {
    const env = { ...process.env, SPINE_SIM_PROFILE: profile };
    const child = spawn(command, { shell: true, stdio: 'ignore', env, timeout: COMMAND_MS, killSignal: 'SIGKILL' });
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

export function meetingText(meetings: Meeting[]): string[] {
  const width = Math.max(...meetings.map(({ profile }) => profile.length));
  const words = { ok: 'ok  ', mend: 'MEND', note: 'note' };
  return meetings.map(({ profile, succeeded, outcome, advice }) => {
    const what = `${words[outcome]}  ${profile.padEnd(width)}  ${succeeded ? 'succeeded' : 'failed   '}`;
    return advice === undefined ? what.trimEnd() : `${what}  ${advice}`;
  });
}
