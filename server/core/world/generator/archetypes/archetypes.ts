/** Every archetype, in the order of their numbers. */
import { ANSWERS } from './answers.ts';
import type { Archetype } from './archetype.ts';
import { DETAILS } from './details.ts';
import { LIVES } from './lives.ts';
import { NAMES } from './names.ts';
import { PEOPLE } from './people.ts';
import { STATES } from './states.ts';

export const ARCHETYPES: Archetype[] = [...PEOPLE, ...STATES, ...NAMES, ...DETAILS, ...ANSWERS, ...LIVES].sort(
  (a, b) => a.number - b.number,
);
