/**
 * What was announced for the path-to-live environments, as rules with dates. The dates are those of NHS England's public pages on
 * CIS1 authentication, Identity Agents, smartcards and maintenance slots; where a page gives none, the rule says `assumed`.
 */
import type { PolicyRule } from './rule.ts';

const CIS_ROLES = ['gas', 'sbapi'];

/** Oldest Identity Agent that is still supported. */
const SUPPORTED_AGENT = '2.4.5.0';

/** A simulator that goes down every Monday evening helps nobody who did not ask for it. */
const ON_REQUEST = { source: 'published', enabled: false } as const;

export const TIMELINE: readonly PolicyRule[] = [
  {
    id: 'no-newcomers',
    kind: 'notice',
    title: 'TRAIN and DEV take no new users, endpoints or certificates',
    source: 'published',
    enabled: true,
    from: '2024-09-01',
    environments: ['DEV', 'TRAIN'],
  },
  {
    id: 'cis-tls12',
    kind: 'tls',
    title: 'TLS 1.0 and 1.1 are blocked for CIS1 authentication in every path-to-live environment',
    source: 'published',
    enabled: true,
    from: '2025-05-27',
    roles: CIS_ROLES,
    before: 'legacy-tls10',
  },
  {
    id: 'middleware',
    kind: 'notice',
    title:
      'All devices have the Oberthur middleware; smartcards of series 4, 5 and 6 are replaced by series 8 or above',
    source: 'published',
    enabled: true,
    from: '2025-07-01',
  },
  {
    id: 'live-tls',
    kind: 'notice',
    title: 'The same TLS measures begin in Live',
    source: 'published',
    enabled: true,
    from: '2025-07-01',
  },
  {
    id: 'agent-brownouts',
    kind: 'agent-version',
    title: 'Authentication is blocked at planned intervals for unsupported Identity Agent versions',
    // The announcement says "July and August" only.
    source: 'assumed',
    enabled: true,
    windows: [
      { from: '2025-07-15T10:00', until: '2025-07-15T12:00' },
      { from: '2025-07-29T10:00', until: '2025-07-29T14:00' },
      { from: '2025-08-12T09:00', until: '2025-08-12T17:00' },
      { from: '2025-08-26', until: '2025-08-28' },
    ],
    roles: CIS_ROLES,
    minimumVersion: SUPPORTED_AGENT,
  },
  {
    id: 'environments-closed',
    kind: 'unavailable',
    title: 'TRAIN and DEV are decommissioned',
    // What this simulator is there for.
    ...ON_REQUEST,
    from: '2025-07-31',
    environments: ['DEV', 'TRAIN'],
    answer: 'reset',
  },
  {
    id: 'agent-unsupported',
    kind: 'agent-version',
    title: 'Authentication is blocked for unsupported Identity Agent versions',
    source: 'published',
    enabled: true,
    from: '2025-09-01',
    roles: CIS_ROLES,
    minimumVersion: SUPPORTED_AGENT,
  },
  {
    id: 'cis-silver',
    kind: 'notice',
    title: 'CIS1 has the Silver service level: 24x365, supported 08:00 to 18:00 Monday to Friday, 99.5 % availability',
    source: 'published',
    enabled: true,
    from: '2025-10-01',
    roles: CIS_ROLES,
  },
  {
    id: 'live-tls-off',
    kind: 'notice',
    title: 'TLS 1.0 and 1.1 are off for good in Live',
    source: 'published',
    enabled: true,
    from: '2025-10-15T15:00',
  },
  {
    id: 'series-4',
    kind: 'card-series',
    title: 'Smartcards of series 4 are blocked',
    source: 'published',
    enabled: true,
    from: '2026-04-01',
    series: [4],
  },
  {
    id: 'series-5-6',
    kind: 'card-series',
    title: 'Smartcards of series 5 and 6 are blocked',
    source: 'published',
    enabled: true,
    from: '2026-05-07',
    series: [5, 6],
  },
  {
    id: 'maintenance-core',
    kind: 'unavailable',
    title: 'Maintenance slot of Spine Core in DEV',
    ...ON_REQUEST,
    weekly: 'Tue 20:00 - Wed 06:00',
    environments: ['DEV'],
    roles: ['msg', 'simple-sync', 'proxy', 'nww'],
    answer: '503',
  },
  {
    id: 'maintenance-cis',
    kind: 'unavailable',
    title: 'Maintenance slot of CIS in DEV',
    ...ON_REQUEST,
    weekly: 'Mon 20:00 - Tue 06:00',
    environments: ['DEV'],
    roles: [...CIS_ROLES, 'portal', 'ldap', 'wfe'],
    answer: '503',
  },
  {
    id: 'maintenance-ers-dev1',
    kind: 'unavailable',
    title: 'Maintenance slot of e-RS Dev1, in the week after the live release',
    ...ON_REQUEST,
    weekly: 'Mon 20:00 - Tue 06:00',
    weeks: [],
    hosts: ['dev1.ers.ncrs.nhs.uk'],
    answer: '503',
  },
  {
    id: 'maintenance-ers-dev3',
    kind: 'unavailable',
    title: 'Maintenance slot of e-RS Dev3, in the week after the live release',
    ...ON_REQUEST,
    weekly: 'Thu 20:00 - Mon 06:00',
    weeks: [],
    hosts: ['dev3.ers.ncrs.nhs.uk'],
    answer: '503',
  },
];
