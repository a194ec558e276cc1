/** All verbs, in the order of the help. */
import type { Verb } from './verb.ts';
import { certs } from './verbs/certs.ts';
import { clock } from './verbs/clock.ts';
import { hosts } from './verbs/hosts.ts';
import { journal } from './verbs/journal.ts';
import { ready } from './verbs/ready.ts';
import { reset } from './verbs/reset.ts';
import { start } from './verbs/start.ts';

export const VERBS: readonly Verb[] = [start, ready, hosts, certs, journal, reset, clock];
