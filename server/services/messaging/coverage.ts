/** What of messaging is there, and how far, for the table in the documentation. */
import type { Core } from '../../core/core.ts';
import type { CoverageRow } from '../../core/http/service.ts';

export function coverage(core: Core): CoverageRow[] {
  return [
    { item: 'POST /sync-service and its older paths', status: 'faithful' },
    ...core.interactions.names().map((item) => ({ item: `sync ${item}`, status: 'faithful' as const })),
    { item: 'sync, any other interaction', status: 'shaped', note: 'every check, then a fault unless a rule answers' },
    { item: 'GET /healthcheck', status: 'shaped', note: 'body assumed' },
  ];
}
