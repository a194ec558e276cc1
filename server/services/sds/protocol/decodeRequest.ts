/** One decoder per protocol operation. */
import { BerError } from '../ber/error.ts';
import type { BerReader } from '../ber/reader.ts';
import { contextConstructed, contextPrimitive, Tag } from '../ber/tag.ts';
import { decodeFilter } from './decodeFilter.ts';
import { type Modification, type PartialAttribute, type Request, type RequestOf, RequestTag } from './message.ts';
import { ResultError } from './result.ts';

/** Reads the protocolOp at the reader's position. Throws a BerError for an unknown one (RFC 4511 4.1.1). */
export function decodeRequest(reader: BerReader): Request {
  const tag = reader.peek();
  switch (tag) {
    case RequestTag.search:
      return decodeSearch(reader);
    case RequestTag.bind:
      return decodeBind(reader);
    case RequestTag.unbind:
      reader.octets(tag);
      return { kind: 'unbind' };
    case RequestTag.abandon:
      return { kind: 'abandon', messageId: reader.integer(tag) };
    case RequestTag.compare:
      return decodeCompare(reader);
    case RequestTag.extended:
      return decodeExtended(reader);
    case RequestTag.add:
      return decodeAdd(reader);
    case RequestTag.modify:
      return decodeModify(reader);
    case RequestTag.delete:
      return { kind: 'delete', dn: reader.string(tag) };
    case RequestTag.modifyDn:
      return decodeModifyDn(reader);
    default:
      throw new BerError(tag < 0 ? 'the operation is missing' : `unknown operation 0x${tag.toString(16)}`);
  }
}

function decodeBind(reader: BerReader): RequestOf<'bind'> {
  const outer = reader.enter(RequestTag.bind);
  const version = reader.integer();
  const name = reader.string();
  const tag = reader.peek();
  let authentication: RequestOf<'bind'>['authentication'] = { method: 'unknown' };
  if (tag === contextPrimitive(0)) {
    authentication = { method: 'simple', password: reader.string(tag) };
  } else if (tag === contextConstructed(3)) {
    const inner = reader.enter(tag);
    authentication = { method: 'sasl', mechanism: reader.string() };
    reader.leave(inner, true);
  } else {
    reader.skip();
  }
  reader.leave(outer, true);
  return { kind: 'bind', version, name, authentication };
}

function decodeSearch(reader: BerReader): RequestOf<'search'> {
  const outer = reader.enter(RequestTag.search);
  const base = reader.string();
  const scope = reader.enumerated();
  // derefAliases: there are no aliases to follow.
  reader.enumerated();
  const sizeLimit = reader.integer();
  const timeLimit = reader.integer();
  const typesOnly = reader.boolean();
  const filter = acceptableFilter(reader);
  const list = reader.enter(Tag.Sequence);
  const attributes: string[] = [];
  while (!reader.atEnd) attributes.push(reader.string());
  reader.leave(list);
  reader.leave(outer);
  return { kind: 'search', base, scope, sizeLimit, timeLimit, typesOnly, filter, attributes };
}

/** A filter that is refused ends the operation, not the session: the rest of the request is read past it. */
function acceptableFilter(reader: BerReader): RequestOf<'search'>['filter'] {
  const { position, limit } = reader;
  try {
    return decodeFilter(reader);
  } catch (error) {
    if (!(error instanceof ResultError)) throw error;
    reader.position = position;
    reader.limit = limit;
    reader.skip();
    return { refused: error.result };
  }
}

function decodeCompare(reader: BerReader): RequestOf<'compare'> {
  const outer = reader.enter(RequestTag.compare);
  const dn = reader.string();
  const inner = reader.enter(Tag.Sequence);
  const attribute = reader.string();
  const value = reader.string();
  reader.leave(inner);
  reader.leave(outer);
  return { kind: 'compare', dn, attribute, value };
}

function decodeExtended(reader: BerReader): RequestOf<'extended'> {
  const outer = reader.enter(RequestTag.extended);
  const oid = reader.string(contextPrimitive(0));
  const value = reader.peek() === contextPrimitive(1) ? Buffer.from(reader.octets(contextPrimitive(1))) : undefined;
  reader.leave(outer);
  return { kind: 'extended', oid, value };
}

function decodeAttribute(reader: BerReader): PartialAttribute {
  const outer = reader.enter(Tag.Sequence);
  const name = reader.string();
  const set = reader.enter(Tag.Set);
  const values: string[] = [];
  while (!reader.atEnd) values.push(reader.string());
  reader.leave(set);
  reader.leave(outer);
  return { name, values };
}

function decodeAdd(reader: BerReader): RequestOf<'add'> {
  const outer = reader.enter(RequestTag.add);
  const dn = reader.string();
  const list = reader.enter(Tag.Sequence);
  const attributes: PartialAttribute[] = [];
  while (!reader.atEnd) attributes.push(decodeAttribute(reader));
  reader.leave(list);
  reader.leave(outer);
  return { kind: 'add', dn, attributes };
}

function decodeModify(reader: BerReader): RequestOf<'modify'> {
  const outer = reader.enter(RequestTag.modify);
  const dn = reader.string();
  const list = reader.enter(Tag.Sequence);
  const changes: Modification[] = [];
  while (!reader.atEnd) {
    const inner = reader.enter(Tag.Sequence);
    changes.push({ operation: reader.enumerated(), attribute: decodeAttribute(reader) });
    reader.leave(inner);
  }
  reader.leave(list);
  reader.leave(outer);
  return { kind: 'modify', dn, changes };
}

function decodeModifyDn(reader: BerReader): RequestOf<'modifyDn'> {
  const outer = reader.enter(RequestTag.modifyDn);
  const dn = reader.string();
  const newRdn = reader.string();
  const deleteOldRdn = reader.boolean();
  const newSuperior = reader.atEnd ? undefined : reader.string(contextPrimitive(0));
  reader.leave(outer);
  return { kind: 'modifyDn', dn, newRdn, deleteOldRdn, newSuperior };
}
