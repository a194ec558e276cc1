/** The bytes of a delivery: in its row when they are few, else a blob beside it. */
import { buffer } from 'node:stream/consumers';
import type { Operation, Store } from '../store/store.ts';
import type { Delivery } from './delivery.ts';
import { INLINE_BYTES } from './limits.ts';

const blobOf = (id: string) => `deliveries/${id}`;

interface KeptBody {
  body: Delivery['body'];
  operations: Operation[];
  drop(): Promise<void>;
}

/** Makes bytes ready for the batch that brings their delivery. */
export async function keepBody(store: Store, space: string, id: string, bytes: Buffer): Promise<KeptBody> {
  if (bytes.length <= INLINE_BYTES) {
    const body = { bytes: bytes.length, base64: bytes.toString('base64') };
    return { body, operations: [], drop: async () => {} };
  }
  const held = await store.blobs.hold([bytes]);
  return {
    body: { bytes: bytes.length },
    operations: [held.naming(space, blobOf(id))],
    drop: () => held.drop(),
  };
}

export async function bodyOf(store: Store, space: string, id: string, { body }: Delivery): Promise<Buffer> {
  if (body.base64 !== undefined) return Buffer.from(body.base64, 'base64');
  const stream = await store.blobs.read(space, blobOf(id));
  if (!stream) throw new Error(`the bytes of delivery ${id} are gone`);
  return buffer(stream);
}

export async function dropBody(store: Store, space: string, ids: readonly string[]): Promise<void> {
  for (const id of ids) await store.blobs.delete(space, blobOf(id));
}
