/** What an amendment or a cancellation leaves as it is: whatever it does not say that it changes. */
import type { Resource } from '../../../core/fhir/resource.ts';
import { APPOINTMENT_ELEMENTS } from '../messages/appointment.ts';
import { instantOf } from './dates.ts';

/** The first element of an appointment that differs from the one kept, those that are `free` left aside. */
export function changedElement(sent: Resource, kept: Resource, free: readonly string[]): string | undefined {
  return APPOINTMENT_ELEMENTS.find((name) => !free.includes(name) && !sameAs(sent[name], kept[name]));
}

/** In whatever order, with absolute references or relative ones, and moments with any offset. */
export const sameAs = (left: unknown, right: unknown): boolean => canonical(left) === canonical(right);

/** Written anew by every library: says nothing of what is meant. */
const PRESENTATION = new Set(['text', 'meta']);

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`;
  if (typeof value === 'object' && value !== null) {
    const { resourceType } = value as { resourceType?: unknown };
    const entries = Object.entries(value).filter(([name]) => resourceType === undefined || !PRESENTATION.has(name));
    const written = entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`);
    return `{${written.sort().join()}}`;
  }
  if (typeof value !== 'string') return String(JSON.stringify(value));
  const moment = instantOf(value);
  // Of a reference to a server the last two parts name the resource.
  return JSON.stringify(Number.isNaN(moment) ? value.replace(/^https:\/\/.*\/([A-Z]\w+\/[\w.-]+)$/, '$1') : moment);
}
