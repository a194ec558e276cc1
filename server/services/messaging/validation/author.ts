/** The person a message is sent for: whether the directory has this user in this role, and the user is logged in with it. */
import { londonDay } from '../../../core/clock/london.ts';
import type { Exchange } from '../../../core/exchange/exchange.ts';
import type { Transmission } from '../../../core/hl7/transmission.ts';
import { type HeldRole, isOpen, rolesOf } from '../../../core/world/tables/people.ts';
import { REJECTS, type Refusal } from '../errors.ts';
import type { Messaging } from '../messaging.ts';
import { shown } from './check.ts';

const NAME = 'CONTROL_ACT_AUTHOR';

interface Finding {
  detail: string;
  advice: string;
}

/**
 * Nothing to find for a message without an author: the system acts for itself. Unless `messaging.userCheck` is `enforce` a finding
 * is a remark in the journal, for test systems send users of their own invention.
 */
export async function checkAuthor(
  { settings, sessions }: Pick<Messaging, 'settings' | 'sessions'>,
  exchange: Exchange,
  { authors }: Transmission,
): Promise<Refusal | undefined> {
  const [author] = authors;
  if (!author || settings.userCheck === 'ignore') return undefined;
  const { user, roleProfile, jobRole } = author;
  const uid = user?.extension ?? '';
  const roleId = roleProfile?.extension ?? '';
  const finding =
    findInDirectory(exchange, uid, roleId, jobRole?.extension ?? '') ??
    (await findInSessions(sessions, exchange, uid, roleId));
  if (!finding) {
    exchange.step(NAME, 'ok', `${uid}, role profile ${roleId}`);
    return undefined;
  }
  const enforced = settings.userCheck === 'enforce';
  exchange.step(NAME, enforced ? 'failed' : 'info', finding.detail);
  return enforced ? { error: REJECTS.access, ...finding } : undefined;
}

function findInDirectory(exchange: Exchange, uid: string, roleId: string, jobRole: string): Finding | undefined {
  const { world, clock } = exchange.space;
  const person = world.people.get(uid);
  if (!person?.active) {
    return {
      detail: person ? `the user ${shown(uid)} is not active` : `the user ${shown(uid)} is not in the directory`,
      advice: "Send the uid of an active user of the world in author's agentPersonSDS.",
    };
  }
  const day = londonDay(clock.now());
  const open = rolesOf(person).filter((held) => isOpen(held, day));
  const held = open.find(({ role }) => role.id === roleId);
  if (!held) {
    for (const { role, employment } of open) {
      exchange.nearMiss({ kind: 'role', candidate: role.id, reason: `is a role of the user at ${employment.ods}` });
    }
    return {
      detail: `${shown(roleId)} is not an open role profile of the user ${uid}`,
      advice: "Send in author's AgentPersonSDS the id of a role profile that the user has; the near misses list them.",
    };
  }
  if (fits(held, jobRole)) return undefined;
  return {
    detail: `the job role is ${shown(jobRole)}, that of the role profile ${roleId} ${held.role.jobRoleCode}`,
    advice: "Send in partSDSRole the job role code that the user's role profile has.",
  };
}

/** Senders write the whole code, `S8000:G8000:R8001`, or its last part alone. */
function fits({ role }: HeldRole, jobRole: string): boolean {
  return jobRole === role.jobRoleCode || jobRole === role.jobRoleCode.split(':').at(-1);
}

async function findInSessions(
  sessions: Messaging['sessions'],
  exchange: Exchange,
  uid: string,
  roleId: string,
): Promise<Finding | undefined> {
  const live = await sessions.ofUser(exchange.space, uid);
  if (live.some((session) => session.roleId === roleId)) return undefined;
  return {
    detail:
      live.length === 0
        ? `the user ${uid} has no session`
        : `the user ${uid} is logged in, but with the role profile ${live[0]!.roleId ?? 'not chosen yet'}`,
    advice: `Log the user in with that role: \`spine-sim agent login --user ${uid} --role ${roleId}\`.`,
  };
}
