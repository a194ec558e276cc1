/** A login on its way from the card's answer to a ticket: each step reads what the ones before it found. */
import type { X509Certificate } from 'node:crypto';
import type { SignedData } from '../../../core/cms/signedData.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { Space } from '../../../core/space/space.ts';
import type { HeldRole } from '../../../core/world/tables/people.ts';
import type { Person } from '../../../core/world/types.ts';
import type { Gas } from '../gas.ts';
import type { LoginRequest } from '../messages/loginRequest.ts';

export interface Validation {
  gas: Gas;
  exchange: HttpExchange;
  request: LoginRequest;
  /**
   * The space in which the request arrived, by host or header: that of the activation too. The user may move the exchange
   * to another one, whose clock did not make the challenge.
   */
  arrival: Space;
  uid: string;
  challenge: { bytes: Buffer; issuedAt: number };
  message: SignedData;
  certificate: X509Certificate;
  person: Person;
  roles: HeldRole[];
  cardId?: string | undefined;
}

/** Throws GasRefusal, or CmsError for a bad signed message. */
export type ValidationStep = [name: string, run: (login: Validation) => void | Promise<void>];
