/** The card's answer: a signed message over the challenge, made with the key of a card of this user. */
import { uidOf } from '../../../core/cards/trust.ts';
import { readSignedData } from '../../../core/cms/signedData.ts';
import { signerCertificate } from '../../../core/cms/signer.ts';
import { unwrapSmime } from '../../../core/cms/smime.ts';
import { verifySignature } from '../../../core/cms/verify.ts';
import { GasRefusal } from '../errors.ts';
import { checkSeries } from './policySteps.ts';
import type { Validation } from './validation.ts';

export function readResponse(login: Validation): void {
  login.message = readSignedData(unwrapSmime(login.request.parameters.get('response')!));
  login.certificate = signerCertificate(login.message);
}

/** Detached content is taken to be the challenge: the signature tells. */
export function checkContent({ message, challenge }: Validation): void {
  if (message.content !== undefined && !message.content.equals(challenge.bytes)) {
    throw new GasRefusal('gas-signature', 'what was signed is not the challenge');
  }
}

export function checkSignature({ message, challenge, certificate }: Validation): void {
  verifySignature(message, challenge.bytes, certificate);
}

export function checkUid({ certificate, uid }: Validation): void {
  const named = uidOf(certificate);
  if (named === undefined) {
    throw new GasRefusal('gas-uid', 'the subject of the certificate is not O=nhs, OU=people, CN=<uid>');
  }
  if (named !== uid) throw new GasRefusal('gas-uid', `uid is ${uid}, the certificate is that of ${named}`);
}

export function checkCard(login: Validation): void {
  const { gas, exchange, certificate, uid } = login;
  const { card, fault } = gas.cards.recognise(exchange.space, certificate);
  if (fault) throw new GasRefusal('gas-certificate', fault.message);
  if (card && card.status !== 'active') throw new GasRefusal('gas-card', `the card ${card.id} is ${card.status}`);
  if (card && card.uid !== uid) throw new GasRefusal('gas-card', `the card ${card.id} now belongs to another user`);
  if (card) checkSeries(gas, exchange, card);
  login.cardId = card?.id;
}
