/** A user made up for a new card: one employment with one role. */
import type { Space } from '../space/space.ts';
import { WorldError } from '../world/errors.ts';
import type { Person } from '../world/types.ts';

export interface NewUser {
  givenName: string;
  familyName: string;
  title?: string | undefined;
  /** ODS code of the employer. */
  ods: string;
  /** Three quoted parts, as GAS lists them. */
  jobRole?: string | undefined;
  jobRoleCode?: string | undefined;
}

/** What a clinician of the seed has. */
const JOB_ROLE = '"Clinical":"Clinical Provision":"Health Professional Access Role"';
const JOB_ROLE_CODE = 'S8000:G8000:R8003';

/** Ids of made-up users begin with this and end in 01; employment and role have 02 and 03, as in the seed. */
const UID_PREFIX = '5559';
const UID_DIGITS = 6;

/** The user, to be put into the space's world together with the card. Throws WorldError for names or codes that the world does not take. */
export function makeUser(space: Space, { ods, title, ...wish }: NewUser): Person {
  const { world, ids } = space;
  let stem: string;
  do stem = UID_PREFIX + ids.digits(UID_DIGITS);
  while (world.people.get(`${stem}01`));
  const person: Person = {
    uid: `${stem}01`,
    givenName: wish.givenName,
    familyName: wish.familyName,
    ...(title === undefined ? {} : { title }),
    active: true,
    employments: [
      {
        id: `${stem}02`,
        ods,
        roles: [
          {
            id: `${stem}03`,
            jobRole: wish.jobRole ?? JOB_ROLE,
            jobRoleCode: wish.jobRoleCode ?? JOB_ROLE_CODE,
          },
        ],
      },
    ],
  };
  const faults = world.check('people', person).filter(({ severity }) => severity === 'error');
  if (faults.length > 0) throw new WorldError('people', faults);
  return person;
}
