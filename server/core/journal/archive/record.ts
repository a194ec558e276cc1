/**
 * An entry as bytes: its length, a checksum, the length of the JSON, the JSON of all but the bodies, and the bodies as they are.
 * Numbers are 32 bits, little-endian. The checksum is over the JSON and its length: a process that ends suddenly leaves a record
 * that is too short, which the length tells; a sum over bodies would cost more than all the rest.
 */
import { crc32 } from 'node:zlib';
import type { Body, JournalEntry, WireMessage } from '../entry.ts';

const HEAD_BYTES = 12;

/** No record is longer: two bodies of the largest setting that makes sense. Anything beyond is a damaged length. */
export const MAX_RECORD_BYTES = 512 * 1024 * 1024;

interface WrittenMessage {
  headers?: [string, string][] | undefined;
  /** `kept` bytes of it follow the JSON. */
  body?: { bytes: number; kept: number } | undefined;
}

const written = ({ headers, body }: WireMessage): WrittenMessage => ({
  headers,
  body: body && { bytes: body.bytes, kept: body.content.length },
});

/** Its text and how much room it needs at most. */
export interface Draft {
  json: string;
  /** Upper bound of the record's bytes. */
  room: number;
}

export function draft(entry: JournalEntry): Draft {
  const { request, response } = entry;
  const json = JSON.stringify({ ...entry, request: written(request), response: written(response) });
  const bodies = (request.body?.content.length ?? 0) + (response.body?.content.length ?? 0);
  // UTF-8 takes up to three bytes for a unit of UTF-16.
  return { json, room: HEAD_BYTES + json.length * 3 + bodies };
}

/** Writes the record to `target` at `at`, which has the draft's room; returns its length. */
export function writeRecord(target: Buffer, at: number, { json }: Draft, { request, response }: JournalEntry): number {
  const jsonBytes = target.write(json, at + HEAD_BYTES, 'utf8');
  let end = at + HEAD_BYTES + jsonBytes;
  for (const { body } of [request, response]) {
    if (!body) continue;
    target.set(body.content, end);
    end += body.content.length;
  }
  target.writeUInt32LE(end - at, at);
  target.writeUInt32LE(jsonBytes, at + 8);
  target.writeUInt32LE(crc32(target.subarray(at + 8, at + HEAD_BYTES + jsonBytes)), at + 4);
  return end - at;
}

/** Length of the record that begins at `at`, or undefined when so many bytes don't show one. */
export function recordLength(bytes: Buffer, at: number): number | undefined {
  if (bytes.length - at < HEAD_BYTES) return undefined;
  const length = bytes.readUInt32LE(at);
  return length < HEAD_BYTES || length > MAX_RECORD_BYTES ? undefined : length;
}

/** The entry of one whole record; undefined when it is damaged. */
export function readRecord(record: Buffer): JournalEntry | undefined {
  if (recordLength(record, 0) !== record.length) return undefined;
  let at = HEAD_BYTES + record.readUInt32LE(8);
  if (at > record.length || record.readUInt32LE(4) !== crc32(record.subarray(8, at))) return undefined;
  const entry = JSON.parse(record.toString('utf8', HEAD_BYTES, at)) as JournalEntry;
  for (const message of [entry.request, entry.response]) {
    const body = message.body as (Body & { kept?: number }) | undefined;
    if (!body) continue;
    const end = at + (body.kept ?? 0);
    message.body = { bytes: body.bytes, content: record.subarray(at, end) };
    at = end;
  }
  return entry;
}
