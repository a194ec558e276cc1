/**
 * What follows a birth: the child health department that the notification names is told of it (PRPA_IN000208UK03), at whichever of
 * its systems the directory lists for that. Which versions of the birth notification lead to it, and that a department without
 * such a system is told nothing, is assumed.
 */
import type { InteractionRequest } from '../../../core/interactions/registry.ts';
import { svcIa } from '../../../core/world/kinds.ts';
import type { Patient } from '../../../core/world/types.ts';
import type { World } from '../../../core/world/world.ts';
import { MIM63 } from '../generation.ts';
import { renderNotification } from '../render/notification.ts';
import { settingsOf } from '../settings.ts';
import type { Birth } from './birth.ts';

const INTERACTION = 'PRPA_IN000208UK03';
const SVC_IA = `urn:nhs:names:services:pds:${INTERACTION}`;

/** Sends the notification in one with the answer to the request. */
export function notifyChildHealth(request: InteractionRequest, birth: Birth, baby: Patient): void {
  if (settingsOf(request).birthNotification === 'none') return;
  const { exchange } = request;
  const { world } = exchange.space;
  const toAsid = receiverOf(world, birth.recipient);
  if (toAsid === undefined) {
    exchange.step('birth notification', 'info', `no system of ${birth.recipient} receives ${INTERACTION}: not sent`);
    return;
  }
  const subject = renderNotification({ baby, birth, practice: world.organisations.get(birth.practice) });
  const content = { versionCode: MIM63.versionCode, subject, subjectConduction: true };
  request.send({ service: 'pds', interaction: INTERACTION, toAsid, content });
  exchange.step('birth notification', 'ok', `to ${birth.recipient}, ASID ${toAsid}`);
}

/** ASID of a system of the organisation that takes birth notifications. */
function receiverOf({ handlers, systems }: World, ods: string): string | undefined {
  const receives = handlers.byOds(ods).find((handler) => svcIa(handler) === SVC_IA);
  const party = receives && systems.byPartyKey(receives.partyKey);
  return (party?.find(({ asid }) => systems.isAccredited(asid, SVC_IA)) ?? party?.[0])?.asid;
}
