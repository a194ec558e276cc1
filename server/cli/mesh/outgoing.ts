/** What lies in `out` is sent, and moved to `sent` or `failed`. */
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { machineNow } from '../../core/clock/clock.ts';
import {
  type ControlFile,
  ControlFileError,
  MAX_CONTROL_BYTES,
  parseControlFile,
  statusRecord,
  writeControlFile,
} from './controlFile.ts';
import { ageOf, type Folders, type Pair, pairsIn } from './folders.ts';
import { headersOf } from './headers.ts';
import type { MeshHttp } from './meshHttp.ts';
import { type Refusal, RefusedError, refusalOf } from './refusal.ts';
import { finishSettling, settle } from './settle.ts';

/** A file that is younger may still be written to. */
const SETTLED_MS = 1_000;

/** When half of a pair has waited so long the other half is not coming. */
const ORPHAN_MS = 60_000;

/** Length of a chunk where chunking is allowed; gateways on the way take about so much. */
const CHUNK_BYTES = 20 * 1024 * 1024;

export interface OutgoingOptions {
  http: MeshHttp;
  folders: Folders;
  chunkBytes?: number | undefined;
  /** How often a pair is tried when the server is not there. */
  retries: number;
  print(line: string): void;
}

export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly #tried = new Map<string, number>();

  constructor(options: OutgoingOptions) {
    this.#options = options;
  }

  /** One pass over the folder. A pair that can not be sent does not stop the others; rejects when files can not be moved. */
  async run(): Promise<void> {
    const { folders } = this.#options;
    finishSettling(folders);
    for (const [name, pair] of pairsIn(folders.out)) await this.#pair(name, pair);
  }

  async #pair(name: string, pair: Pair): Promise<void> {
    const { folders } = this.#options;
    const now = machineNow();
    const age = (file: string | undefined) => (file === undefined ? undefined : ageOf(join(folders.out, file), now));
    const [ctlAge, datAge] = [age(pair.ctl), age(pair.dat)];
    if (ctlAge === undefined || datAge === undefined) {
      if ((ctlAge ?? datAge ?? 0) < ORPHAN_MS) return;
      const [code, description] =
        ctlAge === undefined ? ['01', 'Control file is missing'] : ['02', 'Data file is missing or inaccessible.'];
      const control = pair.ctl === undefined ? undefined : readable(join(folders.out, pair.ctl));
      this.#fail(name, pair, control, { event: 'COLLECT', code, description });
      return;
    }
    if (Math.min(ctlAge, datAge) < SETTLED_MS) return;
    await this.#send(name, pair.ctl!, pair.dat!);
  }

  async #send(name: string, ctl: string, dat: string): Promise<void> {
    const { http, folders, print, retries } = this.#options;
    const pair = { ctl, dat };
    let control: ControlFile | undefined;
    let id: string;
    try {
      control = readControl(join(folders.out, ctl));
      checkAddressType(control);
      id = await this.#transfer(control, dat, join(folders.out, dat));
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal) return this.#fail(name, pair, control, refusal);
      const tried = (this.#tried.get(name) ?? 0) + 1;
      this.#tried.set(name, tried);
      const reason = (error as Error).message;
      if (tried >= retries) {
        return this.#fail(name, pair, control, { event: 'TRANSFER', code: '06', description: `Gave up: ${reason}` });
      }
      print(`${name} is tried again (${tried} of ${retries}): ${reason}`);
      return;
    }
    const fields = { ...control.fields, DTSId: id };
    const status = statusRecord(http.now(), 'TRANSFER', '00', 'Transferred to recipient mailbox');
    settle(folders, { name, pair, folder: 'sent', control: writeControlFile({ fields, status }) });
    this.#tried.delete(name);
    print(`sent ${name}: ${id}`);
  }

  /** Resolves with the message id. */
  async #transfer(control: ControlFile, fileName: string, dat: string): Promise<string> {
    const { http, chunkBytes = CHUNK_BYTES } = this.#options;
    const { size } = statSync(dat);
    const chunked = isYes(control.fields.AllowChunking) && size > chunkBytes;
    const length = chunked ? chunkBytes : Math.max(size, 1);
    const total = Math.max(1, Math.ceil(size / length));
    const gzip = isYes(control.fields.Compress);
    let id = '';
    for (let number = 1; number <= total; number++) {
      const [start, end] = [(number - 1) * length, Math.min(size, number * length)];
      const file = size === 0 ? undefined : createReadStream(dat, { start, end: end - 1 });
      const headers: Record<string, string> = {
        ...(number === 1 ? headersOf(control, fileName) : {}),
        'mex-chunk-range': `${number}:${total}`,
        'content-type': 'application/octet-stream',
        ...(gzip ? { 'content-encoding': 'gzip' } : { 'content-length': String(end - start) }),
      };
      const path = number === 1 ? '/outbox' : `/outbox/${id}/${number}`;
      const { status, text } = await http.askText('POST', path, {
        headers,
        body: gzip ? file && compressed(file) : file,
      });
      if (status !== 202) throw refusalOf(status, text);
      if (number === 1) id = (JSON.parse(text) as { messageID: string }).messageID;
    }
    return id;
  }

  /** `control` is undefined when there is none that can be read. */
  #fail(name: string, pair: Pair, control: ControlFile | undefined, refusal: Refusal): void {
    const { http, folders, print } = this.#options;
    const { event, code, description } = refusal;
    const status = statusRecord(http.now(), event, code, description);
    const text = writeControlFile({ fields: control?.fields ?? {}, status });
    settle(folders, { name, pair, folder: 'failed', control: text, keepsOriginal: control === undefined });
    this.#tried.delete(name);
    print(`failed ${name}: ${event} ${code} ${description}`);
  }
}

function readControl(path: string): ControlFile {
  if (statSync(path).size > MAX_CONTROL_BYTES)
    throw new ControlFileError(`it has more than ${MAX_CONTROL_BYTES} bytes`);
  return parseControlFile(readFileSync(path));
}

function checkAddressType({ fields: { AddressType: type = '' } }: ControlFile): void {
  if (['', 'DTS', 'ALL', 'SMTP'].includes(type.toUpperCase())) return;
  throw new RefusedError({ event: 'SEND', code: '10', description: 'Invalid Address Type' });
}

/** The control file of a pair that fails for another reason, if it can be read. */
function readable(path: string): ControlFile | undefined {
  try {
    return readControl(path);
  } catch {
    return undefined;
  }
}

/** As gzip; what goes wrong with the file goes wrong with the result. */
function compressed(file: Readable): Readable {
  const gzip = createGzip();
  file.once('error', (error) => gzip.destroy(error));
  return file.pipe(gzip);
}

/** What is final in an error; undefined for one that may pass. */
function refusalIn(error: unknown): Refusal | undefined {
  if (error instanceof RefusedError) return error.refusal;
  if (error instanceof ControlFileError) {
    return { event: 'TRANSFER', code: '06', description: `MalformedControlFile: ${error.message}` };
  }
  // The server or the way to it: another round may do better.
  return undefined;
}

const isYes = (text: string | undefined) => text?.trim().toUpperCase() === 'Y';
