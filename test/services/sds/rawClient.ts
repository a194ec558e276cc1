/** An LDAP client that shows the messages as they are, and sends what no library would. */
import { connect, type Socket } from 'node:net';
import { BerReader } from '../../../server/services/sds/ber/reader.ts';
import { contextConstructed, contextPrimitive } from '../../../server/services/sds/ber/tag.ts';
import { BerWriter } from '../../../server/services/sds/ber/writer.ts';
import { MessageFramer } from '../../../server/services/sds/framing.ts';
import type { Filter } from '../../../server/services/sds/protocol/filter.ts';
import { parseFilter } from '../../../server/services/sds/protocol/filterText.ts';

export interface Received {
  id: number;
  /** Tag of the operation. */
  tag: number;
  /** Of a search entry. */
  dn?: string;
  attributes?: Record<string, string[]>;
  /** Of a result. */
  code?: number;
  matchedDn?: string;
  text?: string;
  oid?: string;
  value?: string;
  controls: { oid: string; value?: Buffer }[];
  bytes: Buffer;
}

export interface SearchOptions {
  base?: string;
  scope?: number;
  filter?: string | Filter;
  attributes?: string[];
  sizeLimit?: number;
  timeLimit?: number;
  typesOnly?: boolean;
  controls?: { oid: string; critical?: boolean; value?: Buffer }[];
}

export interface SearchAnswer {
  entries: { dn: string; attributes: Record<string, string[]> }[];
  code: number;
  matchedDn: string;
  text: string;
  controls: Received['controls'];
}

function encodeFilter(writer: BerWriter, filter: Filter): void {
  const tag = {
    and: 0,
    or: 1,
    not: 2,
    equality: 3,
    substrings: 4,
    greaterOrEqual: 5,
    lessOrEqual: 6,
    present: 7,
    approx: 8,
    extensible: 9,
  }[filter.type];
  if (filter.type === 'present') {
    writer.string(filter.attribute, contextPrimitive(7));
    return;
  }
  const start = writer.begin(contextConstructed(tag));
  if ('items' in filter) for (const item of filter.items) encodeFilter(writer, item);
  else if ('item' in filter) encodeFilter(writer, filter.item);
  else if (filter.type === 'substrings') {
    writer.string(filter.attribute);
    const pieces = writer.begin(0x30);
    if (filter.initial !== undefined) writer.string(filter.initial, contextPrimitive(0));
    for (const piece of filter.any) writer.string(piece, contextPrimitive(1));
    if (filter.final !== undefined) writer.string(filter.final, contextPrimitive(2));
    writer.end(pieces);
  } else if (filter.type === 'extensible') {
    if (filter.rule !== undefined) writer.string(filter.rule, contextPrimitive(1));
    if (filter.attribute !== undefined) writer.string(filter.attribute, contextPrimitive(2));
    writer.string(filter.value, contextPrimitive(3));
    if (filter.dnAttributes) writer.octets(Buffer.from([0xff]), contextPrimitive(4));
  } else {
    writer.string(filter.attribute);
    writer.string(filter.value);
  }
  writer.end(start);
}

/** A message with this operation: `body` writes its content. */
export function message(
  id: number,
  tag: number,
  body: (writer: BerWriter) => void,
  controls: SearchOptions['controls'] = [],
): Buffer {
  const writer = new BerWriter();
  const outer = writer.begin(0x30);
  writer.integer(id);
  const operation = writer.begin(tag);
  body(writer);
  writer.end(operation);
  if (controls.length > 0) {
    const list = writer.begin(contextConstructed(0));
    for (const { oid, critical, value } of controls) {
      const one = writer.begin(0x30);
      writer.string(oid);
      if (critical) writer.boolean(true);
      if (value) writer.octets(value);
      writer.end(one);
    }
    writer.end(list);
  }
  writer.end(outer);
  return writer.take();
}

export function searchMessage(id: number, options: SearchOptions): Buffer {
  const { base = 'o=nhs', scope = 2, filter = '(objectClass=*)', attributes = [] } = options;
  return message(
    id,
    0x63,
    (writer) => {
      writer.string(base);
      writer.enumerated(scope);
      writer.enumerated(0);
      writer.integer(options.sizeLimit ?? 0);
      writer.integer(options.timeLimit ?? 0);
      writer.boolean(options.typesOnly ?? false);
      encodeFilter(writer, typeof filter === 'string' ? parseFilter(filter) : filter);
      const list = writer.begin(0x30);
      for (const name of attributes) writer.string(name);
      writer.end(list);
    },
    options.controls,
  );
}

export const bindMessage = (id: number, name = '', password = '', version = 3): Buffer =>
  message(id, 0x60, (writer) => {
    writer.integer(version);
    writer.string(name);
    writer.string(password, contextPrimitive(0));
  });

export const extendedMessage = (id: number, oid: string, value?: Buffer): Buffer =>
  message(id, 0x77, (writer) => {
    writer.string(oid, contextPrimitive(0));
    if (value) writer.octets(value, contextPrimitive(1));
  });

/** Value of a paged results control. */
export function pageValue(size: number, cookie: Uint8Array = Buffer.alloc(0)): Buffer {
  const writer = new BerWriter();
  const outer = writer.begin(0x30);
  writer.integer(size);
  writer.octets(cookie);
  writer.end(outer);
  return writer.take();
}

export function pageCookie(value: Buffer): Buffer {
  const reader = new BerReader(value);
  reader.enter(0x30);
  reader.integer();
  return Buffer.from(reader.octets());
}

function decode(bytes: Buffer): Received {
  const reader = new BerReader(bytes);
  reader.enter(0x30);
  const id = reader.integer();
  const tag = reader.peek();
  const received: Received = { id, tag, controls: [], bytes: Buffer.from(bytes) };
  const outer = reader.enter(tag);
  if (tag === 0x64) {
    received.dn = reader.string();
    received.attributes = {};
    const list = reader.enter(0x30);
    while (!reader.atEnd) {
      const one = reader.enter(0x30);
      const name = reader.string();
      const set = reader.enter(0x31);
      const values: string[] = [];
      while (!reader.atEnd) values.push(reader.string());
      reader.leave(set);
      reader.leave(one);
      received.attributes[name] = values;
    }
    reader.leave(list);
  } else {
    received.code = reader.enumerated();
    received.matchedDn = reader.string();
    received.text = reader.string();
    if (reader.peek() === contextPrimitive(10)) received.oid = reader.string(contextPrimitive(10));
    if (reader.peek() === contextPrimitive(11)) received.value = reader.string(contextPrimitive(11));
  }
  reader.leave(outer);
  if (reader.peek() === contextConstructed(0)) {
    const list = reader.enter(contextConstructed(0));
    while (!reader.atEnd) {
      const one = reader.enter(0x30);
      const oid = reader.string();
      received.controls.push({ oid, value: reader.atEnd ? undefined : Buffer.from(reader.octets()) });
      reader.leave(one);
    }
    reader.leave(list);
  }
  return received;
}

export class RawClient {
  readonly socket: Socket;
  readonly received: Received[] = [];
  /** Whole octets that came, LDAP or not. */
  octets = 0;
  closed = false;
  #framer = new MessageFramer();
  #waiting = new Set<() => void>();
  #lastId = 0;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.octets += chunk.length;
      this.#framer.push(chunk, (bytes) => {
        this.received.push(decode(bytes));
        return true;
      });
      this.#wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
  }

  static open(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(new RawClient(socket)));
      socket.once('error', reject);
    });
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Waits until something holds; rejects after `ms`. */
  async until(holds: () => boolean, ms = 5000): Promise<void> {
    const end = performance.now() + ms;
    while (!holds()) {
      const left = end - performance.now();
      if (left <= 0) throw new Error('waited in vain');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Sends octets and gives the first answer to that message id that ends an operation. */
  async ask(id: number, octets: Buffer): Promise<Received> {
    this.socket.write(octets);
    const find = () => this.received.find((one) => one.id === id && one.tag !== 0x64);
    await this.until(() => find() !== undefined || this.closed);
    const found = find();
    if (!found) throw new Error('the connection was closed without an answer');
    return found;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  async bind(name = '', password = '', version = 3): Promise<Received> {
    const id = this.nextId();
    return this.ask(id, bindMessage(id, name, password, version));
  }

  async search(options: SearchOptions): Promise<SearchAnswer> {
    const id = this.nextId();
    const done = await this.ask(id, searchMessage(id, options));
    const entries = this.received
      .filter((one) => one.id === id && one.tag === 0x64)
      .map(({ dn, attributes }) => ({ dn: dn!, attributes: attributes! }));
    const { code, matchedDn, text, controls } = done;
    this.received.splice(0, this.received.length, ...this.received.filter((one) => one.id !== id));
    return { entries, code: code!, matchedDn: matchedDn!, text: text!, controls };
  }

  close(): void {
    this.socket.destroy();
  }
}
