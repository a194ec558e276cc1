/** Who a message is for: the mailbox of Mex-To, or that of a patient's practice, if the workflow may go there. */

import type { Mailbox } from '../../../core/world/types.ts';
import type { MailboxCall } from '../call.ts';
import { ERRORS, type MeshError, REPORTS } from '../errors.ts';
import { mailboxOf, nearMailbox, workflowOf } from '../mailbox/directory.ts';
import { GP_PROVIDER, patientAddress, routeToPractice } from '../mailbox/gpProvider.ts';
import type { Finding } from '../mailbox/report.ts';
import type { MexHeaders } from '../mexHeaders.ts';

/** A mailbox, with what stands in the way of delivery; an address that a report will be about; or a refusal. */
export type Addressee =
  | { mailbox: Mailbox; finding?: Finding }
  | { address: string; finding: Finding }
  | { address: string; error: MeshError; why: string };

export async function addressee(call: MailboxCall, { to, workflow }: MexHeaders): Promise<Addressee> {
  const { exchange, mesh, space } = call;
  const patient = mesh.rules.routeByPatient ? patientAddress(to) : undefined;
  if (patient) {
    const found = await routeToPractice(space, patient, workflow);
    if (!('id' in found)) {
      const { finding, why } = found;
      exchange.step('route', 'failed', `${finding.code} ${finding.description}: ${why}`);
      return { address: storedAddress(to), finding };
    }
    exchange.step('route', 'ok', `the practice ${found.ods} receives ${workflow} at ${found.id}`);
    return checked(call, found, workflow);
  }
  const mailbox = mailboxOf(space, to);
  if (mailbox) return checked(call, mailbox, workflow);
  const near = nearMailbox(space, to);
  if (near !== undefined) exchange.nearMiss({ kind: 'mailbox', candidate: near, reason: `is the nearest to ${to}` });
  const hint = to.startsWith(GP_PROVIDER) ? `; ${patientHint(to)}` : '';
  const why = `there is no mailbox ${to} in space ${space.name}${hint}`;
  return { address: storedAddress(to), error: ERRORS.unregisteredRecipient, why };
}

/** Why an address of the delivery by patient was taken for a mailbox. */
function patientHint(to: string): string {
  if (patientAddress(to)) return 'delivery by patient is off (`mesh.routeByPatient`)';
  return `for delivery by patient send ${GP_PROVIDER}_<NHS number>_<date of birth>_<surname>`;
}

/** An address as it is kept with a message: one that names a patient is not. */
export function storedAddress(to: string): string {
  return patientAddress(to) ? GP_PROVIDER : to;
}

function checked(call: MailboxCall, mailbox: Mailbox, workflow: string): Addressee {
  const { exchange, mesh, space } = call;
  const known = mesh.rules.restrictWorkflows ? workflowOf(space, workflow) : undefined;
  if (known?.restricted) {
    const sends = known.senders.includes(call.mailbox.id);
    const outsider = sends ? mailbox.id : call.mailbox.id;
    if (!sends || !known.receivers.includes(mailbox.id)) {
      const why = `${outsider} is not one of the ${sends ? 'receivers' : 'senders'} of the restricted workflow ${workflow}`;
      return { address: mailbox.id, error: ERRORS.workflowNotRegistered, why };
    }
  }
  exchange.step('recipient', 'ok', mailbox.name);
  if (mailbox.active || !mesh.rules.refuseInactive) return { mailbox };
  exchange.step('recipient', 'failed', `${mailbox.id} is not active: the sender gets a report`);
  return { mailbox, finding: REPORTS.deactivated };
}
