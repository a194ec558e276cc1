import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { needs, put } from '../../core/pki/tools.ts';
import { startSpine } from '../../helper.ts';
import { Agent } from './agent.ts';

/** Messages that openssl makes without complaint, and that prove nothing. */

const NURSE = '555000000401';
const GP = '555000000101';
const REFUSED = '<HTML><STATUS>Failed To Validate</STATUS></HTML>';

t.test('forged messages that are sound to openssl are refused', needs('openssl'), async (t) => {
  const spine = await startSpine(t);
  const { cards, spaces, pki } = spine.environment.core;
  const agent = new Agent(spine);
  const dir = t.testdir({});
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  const file = (name: string) => join(dir, name);
  for (const [name, uid] of Object.entries({ nurse: NURSE, gp: GP })) {
    const space = spaces.default;
    const card = space.world.cards.where('uid', uid).find(({ status }) => status === 'active')!;
    const { certificate, privateKey } = await cards.material(space, card);
    put(dir, `${name}.crt`, certificate);
    put(dir, `${name}.key`, privateKey);
  }
  put(dir, 'card-ca.crt', pki.cardCaPem);

  /** Sends what `make` makes of the challenge in the file `content`, as the nurse; gives answer and cause. */
  const send = async (make: string[]): Promise<{ text: string; code: string | undefined }> => {
    const { challenge, signature } = await agent.challenge();
    put(dir, 'content', Buffer.from(challenge, 'base64'));
    const message = openssl('cms', ...make, '-binary', '-in', 'content', '-outform', 'DER');
    const response = message.toString('base64');
    const { text } = await agent.validate({ challenge, signature, uid: NURSE, response });
    const { body } = await spine.admin('GET', '/api/journal?limit=1');
    return { text, code: body.entries[0].error?.code };
  };
  const sign = (signer: string, ...more: string[]) => [
    ...['-sign', '-nodetach', '-signer', `${signer}.crt`, '-inkey', `${signer}.key`],
    ...more,
  ];

  t.match((await send(sign('nurse'))).text, 'sso_ticket', 'the honest one is taken');
  t.match((await send(sign('nurse', '-certfile', 'gp.crt'))).text, 'sso_ticket', 'another certificate beside it too');

  // A certificate signed by a card: its names are right, and its issuer is of the chain, but is no authority.
  const subject = ['-subj', `/O=nhs/OU=people/CN=${NURSE}`];
  openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'sub.key', '-out', 'sub.csr', ...subject);
  const serial = ['-set_serial', '0x4a00bc01', '-days', '2'];
  openssl('x509', '-req', '-in', 'sub.csr', '-CA', 'gp.crt', '-CAkey', 'gp.key', '-out', 'sub.crt', ...serial);
  // An authority of one's own with the name of the card CA.
  const caSubject = ['-subj', '/O=nhs/OU=CA/CN=Simulated SubCA02', '-days', '2'];
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'own.key', '-out', 'own.crt', ...caSubject);
  openssl('x509', '-req', '-in', 'sub.csr', '-CA', 'own.crt', '-CAkey', 'own.key', '-out', 'named.crt', ...serial);
  openssl('x509', '-req', '-in', 'sub.csr', '-signkey', 'sub.key', '-out', 'self.crt', ...serial);
  for (const name of ['named', 'self']) put(dir, `${name}.key`, execFileSync('cat', [file('sub.key')]));

  const forgeries: Record<string, [make: string[], code: string]> = {
    "another user's card": [sign('gp'), 'gas-uid'],
    "another user's card, with the right certificate beside it": [sign('gp', '-certfile', 'nurse.crt'), 'gas-uid'],
    "another user's card by key id": [sign('gp', '-keyid', '-certfile', 'nurse.crt'), 'gas-uid'],
    'two signers': [[...sign('nurse'), '-signer', 'gp.crt', '-inkey', 'gp.key'], 'gas-response'],
    'no certificate': [sign('nurse', '-nocerts'), 'gas-response'],
    'a certificate that a card signed': [sign('sub', '-certfile', 'gp.crt'), 'gas-certificate'],
    'a certificate of an authority with the right name': [sign('named', '-certfile', 'own.crt'), 'gas-certificate'],
    'a certificate that signed itself': [sign('self', '-certfile', 'card-ca.crt'), 'gas-certificate'],
    'a message that is not signed': [['-data_create'], 'gas-response'],
    'a digest alone': [['-digest_create'], 'gas-response'],
    'a message for the card in place of one by it': [['-encrypt', '-aes128', '-recip', 'nurse.crt'], 'gas-response'],
    'a digest that nobody should sign': [sign('nurse', '-md', 'md5'), 'gas-signature'],
    'RSA-PSS, which no card makes': [sign('nurse', '-keyopt', 'rsa_padding_mode:pss'), 'gas-signature'],
  };
  for (const [name, [make, code]] of Object.entries(forgeries)) {
    const answer = await send(make);
    t.equal(answer.text, REFUSED, name);
    t.equal(answer.code, code, `${name}: journal`);
  }

  const other = await agent.challenge();
  put(dir, 'older', Buffer.from(other.challenge, 'base64'));
  const older = openssl('cms', ...sign('nurse'), '-binary', '-in', 'older', '-outform', 'DER').toString('base64');
  const detached = openssl(
    ...['cms', '-sign', '-signer', 'nurse.crt', '-inkey', 'nurse.key'],
    ...['-binary', '-in', 'older', '-outform', 'DER'],
  ).toString('base64');
  for (const response of [older, detached]) {
    const fresh = await agent.challenge();
    const { text } = await agent.validate({ ...fresh, uid: NURSE, response });
    t.equal(text, REFUSED, 'an answer to an older challenge, attached or not');
  }
});
