/** What waits in the inbox is laid into `in`, then acknowledged. */
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writeControlFile } from './controlFile.ts';
import { type Folders, layText } from './folders.ts';
import { controlFileOf } from './headers.ts';
import type { MeshHttp } from './meshHttp.ts';
import { refusalOf } from './refusal.ts';

/** Message ids become names of files; one of another form is left where it is. */
const SAFE_ID = /^[A-Za-z0-9_-]{1,100}$/;

export interface IncomingOptions {
  http: MeshHttp;
  folders: Folders;
  print(line: string): void;
}

/** One pass: everything that the inbox lists now. Rejects when the server does not answer. */
export async function collect(options: IncomingOptions): Promise<void> {
  const { http } = options;
  while (true) {
    const { status, text } = await http.askText('GET', '/inbox');
    if (status !== 200) throw refusalOf(status, text);
    const { messages } = JSON.parse(text) as { messages: string[] };
    let collected = 0;
    for (const id of messages.filter((name) => SAFE_ID.test(name))) collected += Number(await message(options, id));
    // What could not be collected would be listed again.
    if (collected === 0) return;
  }
}

/** False when the message is not to be had (any more). */
async function message({ http, folders, print }: IncomingOptions, id: string): Promise<boolean> {
  const first = await http.ask('GET', `/inbox/${id}`);
  if (first.statusCode !== 200 && first.statusCode !== 206) {
    first.resume();
    print(`${id} can not be collected: ${first.statusCode}`);
    return false;
  }
  const headers = first.headers as Record<string, string | undefined>;
  const isReport = headers['mex-messagetype'] === 'REPORT';
  if (isReport) first.resume();
  else {
    const part = join(folders.temp, `${id}.dat`);
    try {
      await chunks(http, id, first, part);
      renameSync(part, join(folders.in, `${id}.dat`));
    } catch (error) {
      rmSync(part, { force: true });
      throw error;
    }
  }
  layText(folders, 'in', `${id}.ctl`, writeControlFile(controlFileOf(headers)));
  const { status } = await http.askText('PUT', `/inbox/${id}/status/acknowledged`);
  print(`${isReport ? 'report' : 'received'} ${id}${status === 200 ? '' : `, not acknowledged: ${status}`}`);
  return status === 200;
}

/** Writes all chunks into one file, the first from an answer that is there. */
async function chunks(http: MeshHttp, id: string, first: IncomingMessage, path: string): Promise<void> {
  let answer = first;
  for (let number = 1; ; number++) {
    await pipeline(answer, createWriteStream(path, { flags: number === 1 ? 'w' : 'a' }));
    if (answer.statusCode !== 206) return;
    answer = await http.ask('GET', `/inbox/${id}/${number + 1}`);
    if (answer.statusCode === 200 || answer.statusCode === 206) continue;
    answer.resume();
    throw new Error(`chunk ${number + 1} of ${id} can not be collected: ${answer.statusCode}`);
  }
}
