/**
 * Requests whose lines end in a line feed alone: Java's `println` writes them so on Linux, and public clients of the SMSP do. nginx
 * takes them, Node's parser only together with much that nginx refuses. So the socket is taken back from the parser that gave up,
 * the line ends are mended, and a new parser begins.
 */
import type { Socket } from 'node:net';
import { HEADERS_TIMEOUT_MS, MAX_HEADER_BYTES } from './http.ts';

const REQUEST_LINE = /^[A-Z]+ [^\n]+ HTTP\/1\.[01] *\r?\n/;
const END_OF_HEAD = /\n\r?\n/;
const BARE_LINE_FEED = /(?<!\r)\n/;

/** What Node's HTTP server listens with on a socket that it reads. */
const LISTENERS = ['data', 'end', 'close', 'drain', 'timeout', 'error', 'pause', 'resume'] as const;
const NAMES_OF_NODE = /^(bound )?(socketOn(Data|End|Close|Drain|Timeout|Error)|onSocket(Pause|Resume))$/;

/** Whether the bytes that a parser gave up at begin a request with such line ends. */
export function endsLinesInFeeds(packet: Buffer | undefined): packet is Buffer {
  if (!packet) return false;
  const text = packet.toString('latin1', 0, MAX_HEADER_BYTES);
  return REQUEST_LINE.test(text) && BARE_LINE_FEED.test(headOf(text) ?? text);
}

/** Reads the request anew, from the packet that the parser gave up at, once its head is complete; `begin` puts a parser to the socket. */
export function readAnew(socket: Socket, packet: Buffer, begin: (socket: Socket) => void): void {
  takeBack(socket);
  let come = packet;
  const timer = setTimeout(() => socket.destroy(), HEADERS_TIMEOUT_MS);
  const leave = () => {
    clearTimeout(timer);
    socket.off('data', more).off('end', abandoned).off('close', leave);
  };
  const abandoned = () => socket.destroy();
  const more = (bytes: Buffer) => {
    come = Buffer.concat([come, bytes]);
    if (headOf(come.toString('latin1')) !== undefined || come.length > MAX_HEADER_BYTES) resume();
  };
  const resume = () => {
    leave();
    socket.pause();
    // The parser that gave up is still at work further down the stack.
    setImmediate(() => {
      if (socket.destroyed) return;
      socket.unshift(mended(come));
      begin(socket);
      socket.resume();
    });
  };
  socket.on('data', more).on('end', abandoned).on('close', leave);
  more(Buffer.alloc(0));
}

function headOf(text: string): string | undefined {
  const end = END_OF_HEAD.exec(text);
  return end ? text.slice(0, end.index + end[0].length) : undefined;
}

function mended(come: Buffer): Buffer {
  const text = come.toString('latin1');
  const head = headOf(text) ?? text;
  return Buffer.concat([Buffer.from(head.replace(/\r?\n/g, '\r\n'), 'latin1'), come.subarray(head.length)]);
}

/** What Node does itself when a connection changes its protocol: its listeners go, and its parser is freed. */
function takeBack(socket: Socket): void {
  for (const event of LISTENERS) {
    for (const listener of socket.listeners(event)) {
      if (!NAMES_OF_NODE.test(listener.name)) continue;
      socket.off(event, listener as () => void);
      if (event === 'close') listener();
    }
  }
}
