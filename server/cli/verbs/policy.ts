/** `spine-sim policy`: the dated rules of the environments. */
import { adminJson } from '../adminClient.ts';
import { type Invocation, UsageError, type Verb } from '../verb.ts';

interface RuleView {
  id: string;
  title: string;
  enabled: boolean;
  inForce: boolean;
  from?: string;
  until?: string;
  windows?: { from: string; until: string }[];
  weekly?: string;
}

interface PolicyView {
  now: string;
  date?: string;
  rules: RuleView[];
}

function when({ from, until, windows, weekly }: RuleView): string {
  if (weekly !== undefined) return weekly;
  if (windows) return `${windows[0]!.from.slice(0, 10)} ...`;
  return `${from ?? ''}${until === undefined ? '' : ` - ${until}`}`;
}

function state({ enabled, inForce }: RuleView): string {
  if (!enabled) return 'off';
  return inForce ? 'in force' : 'waiting';
}

async function list(invocation: Invocation): Promise<number> {
  const { now, date, rules } = await adminJson<PolicyView>(invocation, 'GET', '/api/policy');
  if (invocation.flags.json) {
    invocation.print(JSON.stringify(rules, null, 2));
    return 0;
  }
  invocation.print(date === undefined ? `at ${now}` : `as of ${date}, whatever the clock says`);
  const width = Math.max(...rules.map(({ id }) => id.length));
  for (const rule of rules) {
    invocation.print(`${state(rule).padEnd(8)}  ${rule.id.padEnd(width)}  ${when(rule).padEnd(21)}  ${rule.title}`);
  }
  return 0;
}

/** Fields that hold what a command line can say; the rest is for the settings and the admin API. */
const FIELDS = ['from', 'until', 'weekly', 'profile', 'before', 'minimumVersion', 'answer'];

function changes(words: string[]): Record<string, string> {
  const entries = words.map((word): [string, string] => {
    const equals = word.indexOf('=');
    const field = word.slice(0, Math.max(equals, 0));
    if (!FIELDS.includes(field))
      throw new UsageError(`"${word}" is not <field>=<value> with one of ${FIELDS.join(', ')}`);
    return [field, word.slice(equals + 1)];
  });
  if (entries.length === 0) throw new UsageError(`use: spine-sim ${policy.usage}`);
  return Object.fromEntries(entries);
}

async function change(invocation: Invocation, id: string, body: object): Promise<number> {
  const rule = await adminJson<RuleView>(invocation, 'PATCH', `/api/policy/${encodeURIComponent(id)}`, body);
  invocation.print(`${rule.id}: ${state(rule)}`);
  return 0;
}

export const policy: Verb = {
  name: 'policy',
  usage:
    'policy list [--json] | policy on <id> | policy off <id> | policy set <id> <field>=<value> ... | policy restore <id>',
  summary: 'show or change what the environments allow by date: TLS, cards, agents, maintenance',
  async run(invocation) {
    const [action = 'list', id, ...rest] = invocation.words;
    if (action === 'list') return list(invocation);
    if (id === undefined) throw new UsageError(`use: spine-sim ${policy.usage}`);
    if (action === 'on' || action === 'off') return change(invocation, id, { enabled: action === 'on' });
    if (action === 'set') return change(invocation, id, changes(rest));
    if (action === 'restore') {
      await adminJson(invocation, 'DELETE', `/api/policy/${encodeURIComponent(id)}`);
      return 0;
    }
    throw new UsageError(`use: spine-sim ${policy.usage}`);
  },
};
