/** Settings of the dated rules: a rule of the timeline with what differs, or a new one. */
import Type from 'typebox';
import { DATE_PATTERN, WEEKLY_PATTERN } from '../core/policy/calendar.ts';

const Strict = { additionalProperties: false };

const London = (description: string) => Type.String({ pattern: DATE_PATTERN, description });
const Names = (description: string) => Type.Array(Type.String(), { description });

export const PolicyRuleSettings = Type.Object(
  {
    kind: Type.Optional(
      Type.Union(
        [
          Type.Literal('tls'),
          Type.Literal('card-series'),
          Type.Literal('agent-version'),
          Type.Literal('unavailable'),
          Type.Literal('notice'),
        ],
        { description: 'What the rule does; a new rule needs it.' },
      ),
    ),
    title: Type.Optional(Type.String({ description: 'The rule in one line.' })),
    enabled: Type.Optional(Type.Boolean({ description: 'False: as if the rule were not there.' })),
    from: Type.Optional(London('London time from which it is in force, for example 2025-05-27 or 2025-05-27T08:00.')),
    until: Type.Optional(London('London time from which it is over.')),
    windows: Type.Optional(
      Type.Array(Type.Object({ from: London('begin'), until: London('end') }, Strict), {
        description: 'In force within these only.',
      }),
    ),
    weekly: Type.Optional(
      Type.String({
        pattern: WEEKLY_PATTERN,
        description: 'In force in this slot of each week: Mon 20:00 - Tue 06:00.',
      }),
    ),
    weeks: Type.Optional(
      Type.Array(London('a day of the week'), {
        description: 'Only the weekly slots that begin in the weeks of these days.',
      }),
    ),
    environments: Type.Optional(Names('DEV, INT, TRAIN, DEP; absent: all.')),
    roles: Type.Optional(Names('Roles of hosts, for example gas and sbapi; absent: all.')),
    hosts: Type.Optional(Names('Host names, with those below them; absent: all.')),
    profile: Type.Optional(Type.String({ description: 'tls: profile while in force; absent: the default profile.' })),
    before: Type.Optional(Type.String({ description: 'tls: profile until it comes into force.' })),
    series: Type.Optional(Type.Array(Type.Integer(), { description: 'card-series: the series that are refused.' })),
    minimumVersion: Type.Optional(
      Type.String({ pattern: '^\\d+(\\.\\d+)*$', description: 'agent-version: lower ones are refused.' }),
    ),
    answer: Type.Optional(
      Type.Union([Type.Literal('503'), Type.Literal('reset')], { description: 'unavailable: what a client sees.' }),
    ),
  },
  Strict,
);

export const PolicySettings = Type.Object(
  {
    date: Type.Optional(
      London('London time by which the dated rules are judged; absent: by the simulated clock, so by default today.'),
    ),
    rules: Type.Record(Type.String(), PolicyRuleSettings, {
      default: {},
      description: 'Dated rules by id, each with what differs from the timeline, or new ones.',
    }),
  },
  { ...Strict, default: {}, description: 'What the environments allow, by date.' },
);
