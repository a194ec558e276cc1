/** Opens the store that the settings name. */
import { join } from 'node:path';
import { FolderBlobHolder, MemoryBlobHolder } from './blobHolders.ts';
import { HeldBlobs } from './blobs.ts';
import { EngineStore } from './engineStore.ts';
import { MemoryEngine } from './memoryEngine.ts';
import type { Store } from './store.ts';
import { StoreError } from './storeError.ts';

/** How many ids an error names. */
const NAMED = 5;

/** `dataDir` is made when it is not there; the memory engine needs none. Rejects with StoreError. */
export async function openStore(settings: { engine: 'memory' } | { engine: 'file'; dataDir: string }): Promise<Store> {
  if (settings.engine === 'memory') {
    const engine = new MemoryEngine();
    return new EngineStore('memory', engine, new HeldBlobs(engine, new MemoryBlobHolder()));
  }
  const { FileEngine } = await import('./fileEngine.ts');
  const engine = new FileEngine(join(settings.dataDir, 'spine.db'));
  const folder = join(settings.dataDir, 'blobs');
  const blobs = new HeldBlobs(engine, new FolderBlobHolder(folder));
  try {
    await blobs.open((gone) => {
      const named = gone.slice(0, NAMED).join(', ');
      const more = gone.length > NAMED ? ` and ${gone.length - NAMED} more` : '';
      return new StoreError(
        `${folder} lacks the bytes of ${named}${more}. Put the folder back as it was with spine.db.`,
      );
    });
  } catch (error) {
    await engine.close();
    throw error;
  }
  return new EngineStore('file', engine, blobs);
}
