/** A whole seed file: any of the kinds, under its name. */
import { Baseline, Workgroup, WorkgroupType } from './access.ts';
import { PostalAddress } from './address.ts';
import { Endpoint } from './endpoint.ts';
import { Mailbox, SharingPair, Workflow } from './exchange.ts';
import { Organisation } from './organisation.ts';
import { ContractPattern, Party } from './party.ts';
import { Patient } from './patient.ts';
import { Card, Copies, Person } from './person.ts';
import { AccreditedSystem, MessageHandler } from './service.ts';

/** The record of each kind; every kind of `WorldKinds` is here. */
export const RECORDS = {
  organisations: Organisation,
  people: Person,
  cards: Card,
  workgroups: Workgroup,
  workgroupTypes: WorkgroupType,
  baselines: Baseline,
  systems: AccreditedSystem,
  handlers: MessageHandler,
  mailboxes: Mailbox,
  workflows: Workflow,
  sharing: SharingPair,
  addresses: PostalAddress,
  patients: Patient,
};

/** In a list of a seed file any record may stand for many. */
function withCopies(record: { properties: object }): object {
  return { ...record, properties: { copies: Copies, ...record.properties } };
}

/** What has a default may be left out: editors read `required` alone. */
function optionalDefaults(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(optionalDefaults);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, optionalDefaults(value)]));
  const { required, properties } = copy as { required?: unknown; properties?: Record<string, { default?: unknown }> };
  if (!Array.isArray(required) || !properties) return copy;
  return { ...copy, required: required.filter((name: string) => properties[name]?.default === undefined) };
}

/** The JSON Schema of a seed file, each kind's record under `$defs`. */
export function fileSchema(): object {
  const kinds = Object.keys(RECORDS).map((kind) => [kind, { type: 'array', items: { $ref: `#/$defs/${kind}` } }]);
  const records = Object.fromEntries(Object.entries(RECORDS).map(([kind, record]) => [kind, withCopies(record)]));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Seed data of the Spine and CIS simulator',
    type: 'object',
    additionalProperties: false,
    properties: {
      ...Object.fromEntries(kinds),
      patterns: { type: 'object', additionalProperties: { $ref: '#/$defs/pattern' } },
      parties: { type: 'array', items: { $ref: '#/$defs/party' } },
      endpoints: { type: 'array', items: { $ref: '#/$defs/endpoints' } },
      // Anchors that are used further down in the same file.
      shared: {},
    },
    $defs: optionalDefaults({
      ...records,
      pattern: ContractPattern,
      party: withCopies(Party),
      endpoints: withCopies(Endpoint),
    }),
  };
}
