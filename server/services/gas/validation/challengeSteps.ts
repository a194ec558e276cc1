/** The challenge that the card answered: ours, fresh, and answered once. */
import { GasRefusal } from '../errors.ts';
import type { Validation } from './validation.ts';

const MINUTE_MS = 60_000;

export function checkChallenge(login: Validation): void {
  const { gas, request, arrival } = login;
  const opened = gas.challenges.open(request.parameters.get('challenge')!, request.parameters.get('signature')!);
  if (!opened)
    throw new GasRefusal('gas-challenge', 'the challenge and its signature are not what this server gave out');
  const age = arrival.clock.now() - opened.issuedAt;
  // Either side: the clock may have been set back meanwhile.
  if (Math.abs(age) > gas.settings.challengeMinutes * MINUTE_MS) {
    throw new GasRefusal('gas-expired', `the challenge is ${Math.round(age / 1000)} seconds old`);
  }
  login.challenge = opened;
}

/** The last step, so that a login that fails for another reason can be tried again with the same challenge. */
export async function useChallenge({ gas, challenge, arrival }: Validation): Promise<void> {
  if (gas.settings.challengeReplay) return;
  const first = await gas.used.use(arrival.name, challenge.bytes, challenge.issuedAt, arrival.clock.now());
  if (!first) throw new GasRefusal('gas-replayed', 'the challenge was answered before');
}
