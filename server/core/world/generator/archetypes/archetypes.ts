/** Every archetype, in the order of their numbers. */
import type { Archetype } from './archetype.ts';
import { DETAILS } from './details.ts';
import { NAMES } from './names.ts';
import { PEOPLE } from './people.ts';
import { STATES } from './states.ts';

export const ARCHETYPES: Archetype[] = [...PEOPLE, ...STATES, ...NAMES, ...DETAILS].sort((a, b) => a.number - b.number);
