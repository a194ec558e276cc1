/** Takes away old deliveries that reached their partner. */
import type { Space } from '../space/space.ts';
import type { Collection, Store } from '../store/store.ts';
import { dropBody } from './body.ts';
import type { Delivery } from './delivery.ts';
import { DELIVERED_KEPT, DELIVERED_KEPT_MS, SWEEP_ROWS } from './limits.ts';

/** The oldest first, a page at a time. */
export async function sweep(store: Store, rows: Collection<Delivery>, space: Space): Promise<void> {
  const before = space.clock.now() - DELIVERED_KEPT_MS;
  const surplus = (await rows.count(space.name, 'state', 'delivered')) - DELIVERED_KEPT;
  const oldest = await rows.find(space.name, 'state', 'delivered', { limit: SWEEP_ROWS });
  for (const [place, { id, value, version }] of oldest.entries()) {
    if (place >= surplus && (value.endedAt ?? 0) > before) return;
    if (await rows.delete(space.name, id, { ifVersion: version })) await dropBody(store, space.name, [id]);
  }
}
