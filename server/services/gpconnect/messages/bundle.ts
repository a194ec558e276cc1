/** Bundles of search results. */
import type { Resource } from '../../../core/fhir/resource.ts';
import { profile } from '../profiles.ts';

/** Nothing found: there is no `entry` at all, which real consumers rely on. */
export function searchset(resources: readonly Resource[]): Resource {
  return {
    resourceType: 'Bundle',
    meta: { profile: [profile('GPConnect-Searchset-Bundle-1')] },
    type: 'searchset',
    entry: resources.length > 0 ? resources.map((resource) => ({ resource })) : undefined,
  };
}
