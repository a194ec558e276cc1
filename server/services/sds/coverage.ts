/** What the directory answers to, for the coverage table. */
import type { CoverageRow } from '../../core/http/service.ts';

export const SDS_COVERAGE: CoverageRow[] = [
  { item: 'bind: anonymous, simple', status: 'faithful', note: 'SASL is answered with authMethodNotSupported' },
  { item: 'search: every filter form, scope and attribute list, limits, paged results', status: 'faithful' },
  { item: 'root DSE, subschema with SINGLE-VALUE flags', status: 'faithful' },
  { item: 'compare, abandon, unbind, cancel, who am I, StartTLS', status: 'faithful' },
  {
    item: 'add, modify, delete',
    status: 'faithful',
    note: 'by an administrator where `sds.writes` is on; not below ou=People',
  },
  { item: 'rename', status: 'faithful', note: 'of an entry without others below it; entries are not moved' },
  { item: 'ou=Services: nhsAs, nhsMhs', status: 'faithful' },
  { item: 'ou=Organisations: nhsOrg, nhsGPPractice', status: 'faithful' },
  {
    item: 'ou=Organisations: nhsSite, nhsDept',
    status: 'faithful',
    note: 'below the organisation that they are part of',
  },
  { item: 'ou=People: nhsPerson, nhsOrgPerson, nhsOrgPersonRole', status: 'faithful' },
  {
    item: 'ou=ReferenceData: workgroups and their types, RBAC baselines',
    status: 'shaped',
    note: 'classes as published; places and contents assumed',
  },
  {
    item: 'ou=ReferenceData: job roles, areas of work, business functions, organisation types and sub-types, category bags',
    status: 'shaped',
    note: 'those that the world uses; places assumed',
  },
  {
    item: 'a dump of a whole directory beneath the world',
    status: 'faithful',
    note: 'stubs/sds/*.ldif, for look-ups alone',
  },
  { item: 'endpoint registration, LDIF export and import', status: 'faithful', note: 'by admin API, command and file' },
  { item: 'cn=Changelog', status: 'faithful', note: 'from the start of the process' },
];
