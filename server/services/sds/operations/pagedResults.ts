/** Simple paged results (RFC 2696): for every client, anonymous ones included. */
import { createHash } from 'node:crypto';
import { BerError } from '../ber/error.ts';
import { BerReader } from '../ber/reader.ts';
import { Tag } from '../ber/tag.ts';
import { BerWriter } from '../ber/writer.ts';
import { ControlOid } from '../directory/serverEntries.ts';
import type { Control, RequestOf } from '../protocol/message.ts';
import { ResultError } from '../protocol/result.ts';
import { ResultCode } from '../protocol/resultCode.ts';

export interface Page {
  size: number;
  /** Id of the last entry of the page before; -1 on the first. */
  after: number;
  /** Tells the cookies of this search on this connection from all others. */
  mark: Buffer;
  /** The client has had enough: a size of 0 with a cookie. */
  ended: boolean;
}

/** Octets of a cookie: an entry's id and a mark. No state is kept, so other operations can't disturb it. */
const ID_BYTES = 4;
const MARK_BYTES = 8;

function markOf(request: RequestOf<'search'>, connectionId: number): Buffer {
  const { base, scope, filter, typesOnly, attributes } = request;
  const text = JSON.stringify([connectionId, base, scope, filter, typesOnly, attributes]);
  return createHash('sha1').update(text).digest().subarray(0, MARK_BYTES);
}

/** The page that a search asks for, if it does. Throws a ResultError for a cookie that is not of this search. */
export function requestedPage(
  request: RequestOf<'search'>,
  controls: Control[],
  connectionId: number,
): Page | undefined {
  const control = controls.find(({ oid }) => oid === ControlOid.pagedResults);
  if (!control) return undefined;
  const { size, cookie } = decodeValue(control.value);
  const mark = markOf(request, connectionId);
  if (cookie.length === 0) return { size, after: -1, mark, ended: size === 0 };
  if (cookie.length !== ID_BYTES + MARK_BYTES || !cookie.subarray(ID_BYTES).equals(mark)) {
    throw new ResultError(ResultCode.unwillingToPerform, 'paged results cookie is not of this search');
  }
  return { size, after: cookie.readInt32BE(0), mark, ended: size === 0 };
}

function decodeValue(value: Buffer | undefined): { size: number; cookie: Buffer } {
  try {
    const reader = new BerReader(value ?? Buffer.alloc(0));
    const outer = reader.enter(Tag.Sequence);
    const size = reader.integer();
    const cookie = reader.octets();
    reader.leave(outer);
    if (size >= 0) return { size, cookie };
  } catch (error) {
    if (!(error instanceof BerError)) throw error;
  }
  throw new ResultError(ResultCode.protocolError, 'paged results control is not decodable');
}

/** The control of the answer: `last` is the last entry given where more follow, undefined at the end of the set. */
export function pageControl(page: Page, last: number | undefined): Control {
  const writer = new BerWriter(64);
  const outer = writer.begin(Tag.Sequence);
  // The size is an estimate of the whole, and 0 says that there is none (RFC 2696 3).
  writer.integer(0);
  if (last === undefined) {
    writer.string('');
  } else {
    const id = Buffer.alloc(ID_BYTES);
    id.writeInt32BE(last);
    writer.octets(Buffer.concat([id, page.mark]));
  }
  writer.end(outer);
  return { oid: ControlOid.pagedResults, critical: false, value: writer.take() };
}
