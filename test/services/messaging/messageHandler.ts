/**
 * A supplier's message handler as a process of its own, which shares no code with the simulator: an HTTP or mutual TLS listener
 * that parses, eliminates duplicates and acknowledges as its mode says. Driven over the IPC channel of `fork`.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';

/**
 * sync: 200 with the acknowledgement; packaged: the same as a MIME part (RFC 2387), as other makes of handlers do; async: 200 empty, the acknowledgement is posted later; taken: 200 empty and never a word; blank: the same with
 * a line break as its body; fault: 200 with a SOAP fault;
 * error: ebXML MessageError; wrong: acknowledges another message; fail: 500; cut: closes the connection without an answer.
 */
export type Mode = 'sync' | 'packaged' | 'async' | 'taken' | 'blank' | 'fault' | 'error' | 'wrong' | 'fail' | 'cut';

export interface HandlerOptions {
  tls?: { key: string; cert: string; ca: string };
  mode: Mode;
  /** Answers `fail` so often before it does as `mode` says; `half`: every second time. */
  failures?: number | 'half';
  /** Where asynchronous acknowledgements go. */
  spine?: { port: number; host: string; ca: string; key: string; cert: string };
}

export interface Received {
  path: string;
  headers: string[];
  /** latin1, so that every byte shows. */
  body: string;
  messageId: string;
  refToMessageId: string;
  action: string;
  conversationId: string;
  duplicate: boolean;
  peer: string | undefined;
  complete: boolean;
}

const received: Received[] = [];
const seen = new Set<string>();
let options: HandlerOptions = { mode: 'sync' };
let count = 0;

const field = (body: string, name: string) => new RegExp(`<(?:\\w+:)?${name}>([^<]*)<`).exec(body)?.[1] ?? '';
const party = (body: string, side: string) =>
  new RegExp(`<(?:\\w+:)?${side}>\\s*<(?:\\w+:)?PartyId[^>]*>([^<]*)<`).exec(body)?.[1] ?? '';

function signal(body: string, inside: string, action: string): string {
  const type = 'urn:nhs:names:partyType:ocs+serviceInstance';
  return `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:eb="http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd"><s:Header><eb:MessageHeader eb:version="2.0"><eb:From><eb:PartyId eb:type="${type}">${party(body, 'To')}</eb:PartyId></eb:From><eb:To><eb:PartyId eb:type="${type}">${party(body, 'From')}</eb:PartyId></eb:To><eb:CPAId>__CPAID__</eb:CPAId><eb:ConversationId>${field(body, 'ConversationId')}</eb:ConversationId><eb:Service>urn:oasis:names:tc:ebxml-msg:service</eb:Service><eb:Action>${action}</eb:Action><eb:MessageData><eb:MessageId>${randomUUID()}</eb:MessageId><eb:Timestamp>2024-01-02T03:04:05</eb:Timestamp><eb:RefToMessageId>${field(body, 'MessageId')}</eb:RefToMessageId></eb:MessageData></eb:MessageHeader>${inside}</s:Header><s:Body/></s:Envelope>`;
}

const acknowledgment = (body: string, id: string) =>
  signal(
    body,
    `<eb:Acknowledgment eb:version="2.0"><eb:Timestamp>2024-01-02T03:04:05</eb:Timestamp><eb:RefToMessageId>${id}</eb:RefToMessageId></eb:Acknowledgment>`,
    'Acknowledgment',
  );

const messageError = (body: string) =>
  signal(
    body,
    '<eb:ErrorList eb:version="2.0" eb:highestSeverity="Error"><eb:Error eb:severity="Error" eb:errorCode="ValueNotRecognized"><eb:Description xml:lang="en-GB">501314:Invalid To Party Type attribute</eb:Description></eb:Error></eb:ErrorList>',
    'MessageError',
  );

function take(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  const keep = (complete: boolean) => {
    const body = Buffer.concat(chunks).toString('latin1');
    const messageId = field(body, 'MessageId');
    const socket = request.socket as { getPeerCertificate?: () => { subject?: { CN?: string } } };
    received.push({
      path: request.url ?? '',
      headers: request.rawHeaders,
      body,
      messageId,
      refToMessageId: field(body, 'RefToMessageId'),
      action: field(body, 'Action'),
      conversationId: field(body, 'ConversationId'),
      duplicate: seen.has(messageId),
      peer: socket.getPeerCertificate?.().subject?.CN,
      complete,
    });
    process.send?.({ event: 'received' });
    return body;
  };
  request.on('aborted', () => keep(false));
  request.on('error', () => {});
  request.on('end', () => {
    if (!request.complete) return;
    answer(keep(true), response);
  });
}

function answer(body: string, response: ServerResponse): void {
  const reply = (status: number, text = '', type = 'text/xml') =>
    response
      .writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text), Connection: 'close' })
      .end(text);
  const id = field(body, 'MessageId');
  count++;
  const { failures = 0 } = options;
  if (failures === 'half' ? count % 2 === 1 : count <= failures) return void reply(500, 'not now');
  seen.add(id);
  // Signals and what asks for no acknowledgement get none.
  if (!/AckRequested/.test(body)) return void reply(202);
  switch (options.mode) {
    case 'sync':
      return void reply(200, acknowledgment(body, id));
    case 'packaged': {
      const part = `--b1\r\nContent-ID: <ack>\r\nContent-Type: text/xml\r\n\r\n${acknowledgment(body, id)}\r\n--b1--\r\n`;
      return void reply(200, part, 'multipart/related; type="text/xml"; boundary="b1"; start="<ack>"');
    }
    case 'blank':
      return void reply(200, '\r\n');
    case 'fault':
      return void reply(
        200,
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>the queue is full</faultstring></s:Fault></s:Body></s:Envelope>',
      );
    case 'wrong':
      return void reply(200, acknowledgment(body, randomUUID()));
    case 'error':
      return void reply(200, messageError(body));
    case 'fail':
      return void reply(500, 'never');
    case 'cut':
      response.destroy();
      return;
    case 'async':
      reply(200);
      post(acknowledgment(body, id));
      return;
    default:
      reply(200);
  }
}

function post(text: string): void {
  const { spine } = options;
  if (!spine) return;
  const { host, ...rest } = spine;
  const request = httpsRequest({
    ...rest,
    host: '127.0.0.1',
    servername: host,
    method: 'POST',
    path: '/reliablemessaging/intermediary',
    headers: {
      Host: host,
      'Content-Type': 'text/xml',
      SOAPAction: 'urn:urn:oasis:names:tc:ebxml-msg:service/Acknowledgment',
      'Content-Length': Buffer.byteLength(text),
    },
  });
  request.on('error', () => {});
  request.on('response', (response) => {
    response.resume();
    response.on('end', () => process.send?.({ event: 'posted', status: response.statusCode }));
  });
  request.end(text);
}

process.on('message', (command: { id: number; name: string; options?: HandlerOptions; text?: string }) => {
  const reply = (result: unknown) => process.send?.({ id: command.id, result });
  if (command.name === 'received') return reply(received);
  if (command.name === 'count') return reply(received.length);
  if (command.name === 'post') {
    post(command.text!);
    return reply(true);
  }
  if (command.name === 'set') {
    options = { ...options, ...command.options };
    count = 0;
    return reply(true);
  }
  if (command.name !== 'listen') return;
  options = command.options!;
  const { tls } = options;
  const server = tls
    ? createTlsServer({ ...tls, requestCert: true, rejectUnauthorized: true }, take)
    : createServer(take);
  server.listen(0, '127.0.0.1', () => reply((server.address() as AddressInfo).port));
});
process.on('disconnect', () => process.exit(0));
