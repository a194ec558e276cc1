/** What lies in `out` is sent, and moved to `sent` or `failed`. */
import { createReadStream, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
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
import { ageOf, type Folders, layText, move } from './folders.ts';
import { headersOf } from './headers.ts';
import type { MeshHttp } from './meshHttp.ts';
import { type Refusal, RefusedError, refusalOf } from './refusal.ts';

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

  /** One pass over the folder. Never rejects because of a file or of the server. */
  async run(): Promise<void> {
    const names = new Set(
      readdirSync(this.#options.folders.out)
        .filter((file) => /\.(ctl|dat)$/i.test(file))
        .map((file) => file.slice(0, -4)),
    );
    for (const name of [...names].sort()) await this.#pair(name);
  }

  async #pair(name: string): Promise<void> {
    const { folders } = this.#options;
    const [ctl, dat] = ['.ctl', '.dat'].map((ending) => join(folders.out, name + ending)) as [string, string];
    const [ctlAge, datAge] = [ctl, dat].map((path) => ageOf(path, machineNow()));
    if (ctlAge === undefined || datAge === undefined) {
      if ((ctlAge ?? datAge ?? 0) < ORPHAN_MS) return;
      const [code, description] =
        ctlAge === undefined ? ['01', 'Control file is missing'] : ['02', 'Data file is missing or inaccessible.'];
      this.#fail(name, readFields(ctl), { event: 'COLLECT', code, description });
      return;
    }
    if (Math.min(ctlAge, datAge) < SETTLED_MS) return;
    await this.#send(name, ctl, dat);
  }

  async #send(name: string, ctl: string, dat: string): Promise<void> {
    const { http, folders, print, retries } = this.#options;
    let control: ControlFile = { fields: {} };
    try {
      control = readControl(ctl);
      const id = await this.#transfer(control, `${name}.dat`, dat);
      const fields = { ...control.fields, DTSId: id };
      const status = statusRecord(http.now(), 'TRANSFER', '00', 'Transferred to recipient mailbox');
      move(dat, folders.sent);
      layText(folders, 'sent', `${name}.ctl`, writeControlFile({ fields, status }));
      rmSync(ctl);
      this.#tried.delete(name);
      print(`sent ${name}: ${id}`);
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal) return this.#fail(name, control.fields, refusal);
      const tried = (this.#tried.get(name) ?? 0) + 1;
      this.#tried.set(name, tried);
      const reason = (error as Error).message;
      if (tried >= retries) {
        return this.#fail(name, control.fields, { event: 'TRANSFER', code: '06', description: `Gave up: ${reason}` });
      }
      print(`${name} is tried again (${tried} of ${retries}): ${reason}`);
    }
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
        body: gzip ? file?.pipe(createGzip()) : file,
      });
      if (status !== 202) throw refusalOf(status, text);
      if (number === 1) id = (JSON.parse(text) as { messageID: string }).messageID;
    }
    return id;
  }

  #fail(name: string, fields: Record<string, string>, refusal: Refusal): void {
    const { http, folders, print } = this.#options;
    const { event, code, description } = refusal;
    const dat = join(folders.out, `${name}.dat`);
    if (ageOf(dat, 0) !== undefined) move(dat, folders.failed);
    const status = statusRecord(http.now(), event, code, description);
    layText(folders, 'failed', `${name}.ctl`, writeControlFile({ fields, status }));
    rmSync(join(folders.out, `${name}.ctl`), { force: true });
    this.#tried.delete(name);
    print(`failed ${name}: ${event} ${code} ${description}`);
  }
}

function readControl(path: string): ControlFile {
  if (statSync(path).size > MAX_CONTROL_BYTES)
    throw new ControlFileError(`it has more than ${MAX_CONTROL_BYTES} bytes`);
  const control = parseControlFile(readFileSync(path));
  const { AddressType: type = '' } = control.fields;
  if (!['', 'DTS', 'ALL', 'SMTP'].includes(type.toUpperCase())) {
    throw new RefusedError({ event: 'SEND', code: '10', description: 'Invalid Address Type' });
  }
  return control;
}

/** What can be read of a control file that is to fail. */
function readFields(path: string): Record<string, string> {
  try {
    return readControl(path).fields;
  } catch {
    return {};
  }
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
