/** Faults of MESH's own, as a rule may ask for them: what the service does wrong, in place of the network. */
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import type { MailboxCall } from './call.ts';
import { type MeshError, REFUSALS, REPORTS } from './errors.ts';
import type { Message } from './mailbox/message.ts';
import type { Finding } from './mailbox/report.ts';

export const ORDERED = 'a rule asks for it';

/** `mesh-refuse`: the error to refuse this request with. */
export function orderedRefusal(exchange: HttpExchange): MeshError | undefined {
  const fault = exchange.takeFault('mesh-refuse');
  return fault && REFUSALS[String(fault.options.error)];
}

/** `mesh-lose-chunk`: true when the body of this send is to be lost. */
export function isLossOrdered(exchange: HttpExchange): boolean {
  return exchange.takeFault('mesh-lose-chunk') !== undefined;
}

/** `mesh-expire` with a send: what the message's report is going to say. */
export function orderedExpiry({ exchange, mesh }: MailboxCall): Finding | undefined {
  return exchange.takeFault('mesh-expire') && REPORTS.notCollected(mesh.rules.inboxDays);
}

/** `mesh-expire` with a download: the message as it is when it has expired, else as it was. */
export async function unlessExpiryOrdered(call: MailboxCall, message: Message): Promise<Message> {
  const finding = orderedExpiry(call);
  if (!finding) return message;
  const { mesh, space } = call;
  return (await mesh.delivery.bounce(space, message.id, space.clock.now(), finding)) ?? message;
}
