/** What GAS answers when it does not do what was asked: two texts, whatever the cause, and the cause for the journal. */
import type { HttpAnswer } from '../../core/http/answer.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import { statusPage } from '../../core/sessions/statusPage.ts';

/**
 * Texts that a known client tells apart (the wording of the real service is not public). Neither text may hold a word that
 * agents search answers for: `sso_ticket`, `challenge`, `signature`.
 */
export const TEXTS = {
  input: 'Invalid input request',
  validation: 'Failed To Validate',
} as const;

interface GasError {
  text: keyof typeof TEXTS;
  /** What the person at the other end can do. */
  advice: string;
}

const ACTIVATION = 'Begin again with /login/authactivate and answer the challenge that it gives.';

export const GAS_ERRORS = {
  'gas-malformed': {
    text: 'input',
    advice: 'Send one gpOBJECT document with gpPARAM elements and no internal DTD subset.',
  },
  'gas-parameter': {
    text: 'input',
    advice: 'Send every parameter of this call once, with the value that the call asks for.',
  },
  'gas-too-large': {
    text: 'input',
    advice: 'A login is a few kilobytes: send the card certificate alone, not a chain.',
  },
  'gas-challenge': { text: 'validation', advice: ACTIVATION },
  'gas-expired': { text: 'validation', advice: ACTIVATION },
  'gas-replayed': { text: 'validation', advice: `A challenge can be answered once. ${ACTIVATION}` },
  'gas-response': {
    text: 'validation',
    advice:
      'Send in "response" the base64 of an S/MIME SignedData with the card certificate and the challenge as content.',
  },
  'gas-signature': {
    text: 'validation',
    advice: 'Sign the base64-decoded challenge itself with the key of the certificate that is in the message.',
  },
  'gas-certificate': {
    text: 'validation',
    advice: 'Use a smartcard certificate that the card CA of this simulator issued, in date and not revoked.',
  },
  'gas-uid': { text: 'validation', advice: "Send as uid the common name of the card's certificate." },
  'gas-card': { text: 'validation', advice: 'Set the card to active in the world, or use another card of the user.' },
  'gas-series': {
    text: 'validation',
    advice: 'Use a card of series 8 or above, set the clock back, or switch the policy rule off.',
  },
  'gas-agent': {
    text: 'validation',
    advice: 'Update the Identity Agent, set the clock back, or switch the policy rule off.',
  },
  'gas-ticket': { text: 'validation', advice: 'Log in again: the ticket is unknown, logged out or expired.' },
  'gas-not-found': { text: 'input', advice: 'Call one of the paths below /login; they are case sensitive.' },
  'gas-user': { text: 'validation', advice: 'Add the user to the world of this space, or set the user to active.' },
} as const satisfies Record<string, GasError>;

export type GasErrorCode = keyof typeof GAS_ERRORS;

export const inputPage = (): HttpAnswer => statusPage(TEXTS.input);
export const validationPage = (): HttpAnswer => statusPage(TEXTS.validation);

/** Thrown by whatever finds a reason to refuse; the message is the cause, for the journal. */
export class GasRefusal extends Error {
  readonly code: GasErrorCode;
  constructor(code: GasErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Notes the cause and gives the answer. The status is 200 as for a success: agents look at the body alone. */
export function refuse(exchange: HttpExchange, { code, message }: Pick<GasRefusal, 'code' | 'message'>): HttpAnswer {
  const { text, advice } = GAS_ERRORS[code];
  exchange.refuse(code, message, advice);
  return text === 'input' ? inputPage() : validationPage();
}

/** Runs an operation; a GasRefusal becomes its answer, anything else goes on to the service's own boundary. */
export async function orRefuse(
  exchange: HttpExchange,
  run: () => Promise<HttpAnswer> | HttpAnswer,
): Promise<HttpAnswer> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof GasRefusal) return refuse(exchange, error);
    throw error;
  }
}
