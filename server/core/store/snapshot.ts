/** A space as JSON rows, to save and to bring back. */
import { BLOBS, type BlobRow, type HeldBlobs } from './blobs.ts';
import type { EngineCollection } from './collection.ts';
import type { Engine, Write } from './engine.ts';
import { StoreError } from './storeError.ts';

/** Rows of one blob follow one another; their `data` (base64) joined are its bytes. */
export type SnapshotRow =
  | { kind: 'row'; collection: string; id: string; value: unknown }
  | { kind: 'blob'; id: string; data: string };

/** Rows read at a time, so that a large space is never in memory as a whole. */
const PAGE_ROWS = 500;

/** Bytes of a blob in one row: a multiple of three, so that base64 needs no filling in the middle. */
const BLOB_CHUNK_BYTES = 768 * 1024;

export async function* dump(engine: Engine, blobs: HeldBlobs, space: string): AsyncIterable<SnapshotRow> {
  for (const collection of await engine.collections(space)) {
    if (collection === BLOBS) continue;
    let after = 0;
    while (true) {
      const rows = await engine.scan(collection, space, undefined, { after, limit: PAGE_ROWS });
      for (const row of rows) yield { kind: 'row', collection, id: row.id, value: JSON.parse(row.json) };
      if (rows.length < PAGE_ROWS) break;
      after = rows.at(-1)!.seq;
    }
  }
  for (const blob of await blobs.rows(space)) {
    for (let start = 0; start === 0 || start < blob.size; start += BLOB_CHUNK_BYTES) {
      const stream = await blobs.read(space, blob.id, { start, end: Math.min(start + BLOB_CHUNK_BYTES, blob.size) });
      const bytes = stream ? Buffer.concat(await stream.toArray()) : Buffer.alloc(0);
      yield { kind: 'blob', id: blob.id, data: bytes.toString('base64') };
    }
  }
}

/**
 * Reads everything first, then changes the space in one write: a snapshot that breaks off changes nothing. `changed` is called in
 * the moment in which it holds the new rows.
 */
export async function restore(
  engine: Engine,
  blobs: HeldBlobs,
  declared: ReadonlyMap<string, EngineCollection<unknown>>,
  space: string,
  rows: AsyncIterable<SnapshotRow> | Iterable<SnapshotRow>,
  changed: () => void,
): Promise<void> {
  const writes: Write[] = [{ kind: 'clear', space }];
  const kept: BlobRow[] = [];
  const undeclared = new Set<string>();
  let blob: { id: string; chunks: Buffer[] } | undefined;
  const keepBlob = async () => {
    if (!blob) return;
    const row = await blobs.keep(blob.chunks);
    kept.push(row);
    writes.push(blobs.putting(space, blob.id, row));
    blob = undefined;
  };
  try {
    for await (const row of rows) {
      checkRow(row);
      if (row.kind === 'blob') {
        if (blob?.id !== row.id) {
          await keepBlob();
          blob = { id: row.id, chunks: [] };
        }
        blob.chunks.push(Buffer.from(row.data, 'base64'));
        continue;
      }
      const collection = declared.get(row.collection);
      if (!collection) undeclared.add(row.collection);
      const json = JSON.stringify(row.value);
      writes.push({
        kind: 'put',
        collection: row.collection,
        space,
        id: row.id,
        json,
        keys: collection?.keysOf(row.value) ?? [],
      });
    }
    await keepBlob();
    const before = await blobs.rows(space);
    const written = engine.write(writes);
    changed();
    await written;
    await blobs.drop(before);
  } catch (error) {
    await blobs.drop(kept);
    throw error;
  }
  // A collection that is declared later finds that its keys were made under no declaration and makes them.
  for (const collection of undeclared) await engine.reindex(collection, '', () => []);
}

function checkRow(row: SnapshotRow): void {
  const { kind, id, ...rest } = (row ?? {}) as Record<string, unknown>;
  const isRow =
    kind === 'row' && typeof rest.collection === 'string' && rest.collection !== BLOBS && rest.value !== undefined;
  const isBlob = kind === 'blob' && typeof rest.data === 'string';
  if (typeof id !== 'string' || !(isRow || isBlob)) {
    throw new StoreError(`this is not a row of a snapshot: ${String(JSON.stringify(row)).slice(0, 100)}`);
  }
}
