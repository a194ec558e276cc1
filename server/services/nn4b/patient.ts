/** The record that a birth makes. */
import { nextNumber } from '../../core/demographics/register/numbers.ts';
import { OID } from '../../core/hl7/oid.ts';
import { isNhsNumber } from '../../core/world/nhsNumber.ts';
import type { World } from '../../core/world/world.ts';
import type { XmlElement } from '../../core/xml/element.ts';
import { NS } from '../../core/xml/namespaces.ts';
import { textAt, textsAt } from './payload.ts';

/** PDS keeps the birth to the minute. */
const MINUTE_DIGITS = 12;

/** The number that the record will have: the one sent, or a free one. Undefined when the one sent is no NHS number. */
export async function numberFor(payload: XmlElement, world: World): Promise<string | undefined> {
  const sent = textAt(payload, 'patient/id/extension')!;
  if (textAt(payload, 'patient/id/root') === OID.nhsNumber) return isNhsNumber(sent) ? sent : undefined;
  return nextNumber(world);
}

/** The record as the world takes it; what is wrong with it, the world says. */
export function patientOf(payload: XmlElement, nhsNumber: string, source: string): Record<string, unknown> {
  const birthTime = textAt(payload, 'patient/birthTime/value')!.slice(0, MINUTE_DIGITS);
  const from = birthTime.slice(0, 8);
  const practice = textAt(payload, 'patientCareProvision/id/extension');
  return {
    nhsNumber,
    scn: 1,
    purpose: 'born by a birth notification',
    names: payload.children('personName', NS.nasp).map((name) => nameOf(name, { from, source })),
    gender: textAt(payload, 'patient/administrativeGenderCode'),
    dateOfBirth: birthTime,
    birthOrder: Number(textAt(payload, 'babyTracing/birthOrder')),
    birthWeight: Number(textAt(payload, 'babyTracing/birthWeight')),
    multipleBirth: Number(textAt(payload, 'clinical/noOfBirthsInConfinement')) > 1,
    addresses: payload.children('personAddress', NS.nasp).map((address) => addressOf(address, { from, source })),
    telecoms: [],
    gp: practice === undefined ? undefined : { ods: practice, from, source },
    mother: textAt(payload, 'babyTracing/mothersNHSNumber/extension'),
    dateOfDeath: textAt(payload, 'patient/deceasedTime/value'),
    deathStatus: textAt(payload, 'deathNotification/status'),
  };
}

interface Recorded {
  from: string;
  source: string;
}

function nameOf(name: XmlElement, recorded: Recorded): object {
  return {
    ...recorded,
    use: textAt(name, 'use') ?? 'L',
    prefix: textAt(name, 'prefix'),
    given: textsAt(name, 'given').filter(Boolean),
    family: textAt(name, 'family') ?? '',
    suffix: textAt(name, 'suffix'),
  };
}

function addressOf(address: XmlElement, recorded: Recorded): object {
  const lines = textsAt(address, 'addressLine').slice(0, 5);
  return {
    ...recorded,
    use: textAt(address, 'use') ?? 'H',
    lines: lines.length > 0 ? lines : [''],
    postcode: textAt(address, 'postalCode'),
    pafKey: textAt(address, 'addressKey'),
    description: textAt(address, 'description'),
  };
}
