/** Why a number leads to no record that could be shown, in a sentence for developers. */
import { isNhsNumber } from '../hl7/nhsNumber.ts';
import type { World } from '../world/world.ts';

/** For a number whose `patients.live` is undefined or invalid. */
export async function whyAbsent({ patients }: World, nhsNumber: string): Promise<string> {
  const live = await patients.live(nhsNumber);
  if (live) {
    const own = live.patient.nhsNumber;
    if (live.via.length === 0) return `the record ${own} was invalidated`;
    return `${nhsNumber} is superseded by ${own}, which was invalidated`;
  }
  if (await patients.get(nhsNumber)) return `the merges of ${nhsNumber} lead in a circle, or to nobody`;
  if (isNhsNumber(nhsNumber)) return `there is no patient ${nhsNumber}`;
  return /^\d{10}$/.test(nhsNumber)
    ? `there is no patient ${nhsNumber}, and its check digit is wrong`
    : `there is no patient "${nhsNumber.slice(0, 20)}", which is no number of ten digits`;
}
