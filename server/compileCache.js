/**
 * Loaded by `npm start` before the rest: keeps what Node compiles for the next start. In a checkout each start would otherwise strip the
 * types of all files again, which takes a third of its processor time and 15 MiB for the stripper. Plain JavaScript, since a
 * single file with types would load the stripper. Package and image have compiled files and gain nothing from it.
 *
 * A changed file is compiled anew; nothing is kept where the folder can't be written or NODE_DISABLE_COMPILE_CACHE is set.
 */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../node_modules/.cache/spine-cis-simulator', import.meta.url));

/** When it is written although the process goes on, in milliseconds: the process may be ended by force. */
const WRITE_AFTER_MS = 3_000;

enableCompileCache(FOLDER);
setTimeout(flushCompileCache, WRITE_AFTER_MS).unref();
