/** One request to MESH on its way to an operation: space, version and mailbox; and the answer on its way out. */
import type { HttpAnswer } from '../../core/http/answer.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import { nginxPage } from '../../core/http/nginx.ts';
import type { Handler } from '../../core/http/service.ts';
import type { RaiseError } from '../../core/rules/http.ts';
import type { Space } from '../../core/space/space.ts';
import type { Mailbox } from '../../core/world/types.ts';
import { type ApiVersion, apiVersion } from './apiVersion.ts';
import { authorize } from './authorization/authorize.ts';
import { ERRORS, type MeshError } from './errors.ts';
import type { Mesh } from './mesh.ts';
import {
  type ErrorIds,
  errorAnswer,
  type InvalidField,
  invalidAnswer,
  plainErrorAnswer,
} from './messages/errorBody.ts';
import { errorNamed } from './namedErrors.ts';
import { ORDERED, orderedRefusal } from './orderedFaults.ts';
import { dropBody } from './requestBody.ts';

/** What the journal says of a refusal: why, beside the error's own text, and what to do where the error's own advice would mislead. */
export interface Said {
  why?: string | undefined;
  advice?: string | undefined;
}

export class Call {
  readonly mesh: Mesh;
  readonly exchange: HttpExchange;
  readonly version: ApiVersion;

  constructor(mesh: Mesh, exchange: HttpExchange, version: ApiVersion) {
    this.mesh = mesh;
    this.exchange = exchange;
    this.version = version;
  }

  get space(): Space {
    return this.exchange.space;
  }

  /** The message id of the path, in the upper case in which ids are kept. */
  get messageId(): string {
    const id = (this.exchange.params.message ?? '').toUpperCase();
    this.exchange.identify({ messageId: id });
    return id;
  }

  /** The protocol's error, with what the journal says of it. */
  refuse(error: MeshError, options: ErrorIds & Said = {}): HttpAnswer {
    const { why, advice = error.advice, ...ids } = options;
    const message = why === undefined ? error.description : `${error.description}: ${why}`;
    this.exchange.refuse(error.code || String(error.status), message, advice);
    return errorAnswer(error, this.version, ids);
  }

  /** 400 for fields that are missing or not of their form. */
  invalid(fields: InvalidField[]): HttpAnswer {
    const text = fields.map(({ loc, msg }) => `${loc.join(' ')}: ${msg}`).join('; ');
    this.exchange.refuse('invalid', text, 'Send the fields that the message names, in their form.');
    return invalidAnswer(fields);
  }

  /** 400 for an Accept header that names mesh in another form. */
  refuseAccept(): HttpAnswer {
    const accept = this.exchange.header('accept') ?? '';
    const isList = apiVersion(accept, true) !== undefined;
    const why = isList ? `"${accept}" is a list, which the \`mesh.lenientAccept\` setting allows` : `"${accept}"`;
    return this.refuse(ERRORS.acceptUnreadable, { why });
  }

  /** An error that has a status and no text. */
  refusePlain(status: number, why: string, advice: string): HttpAnswer {
    this.exchange.refuse(String(status), why, advice);
    return plainErrorAnswer(status);
  }
}

/** A call that may act for a mailbox. */
export class MailboxCall extends Call {
  readonly mailbox: Mailbox;

  constructor(mesh: Mesh, exchange: HttpExchange, version: ApiVersion, mailbox: Mailbox) {
    super(mesh, exchange, version);
    this.mailbox = mailbox;
  }
}

export type Operation = (call: Call) => Promise<HttpAnswer> | HttpAnswer;
export type MailboxOperation = (call: MailboxCall) => Promise<HttpAnswer> | HttpAnswer;

/** The handler of an operation that needs no Authorization header. */
export function open(mesh: Mesh, operation: Operation): Handler {
  return (exchange) =>
    answered(mesh, exchange, async () => {
      const version = apiVersion(exchange.header('accept'), mesh.rules.lenientAccept);
      const call = new Call(mesh, exchange, version ?? 1);
      return version === undefined ? call.refuseAccept() : operation(call);
    });
}

/** The handler of an operation for the mailbox of the path. */
export function authorized(mesh: Mesh, operation: MailboxOperation): Handler {
  return (exchange) => {
    const mailboxId = (exchange.params.mailbox ?? '').trim().toUpperCase();
    exchange.identify({ mailbox: mailboxId });
    return answered(mesh, exchange, async () => {
      const version = apiVersion(exchange.header('accept'), mesh.rules.lenientAccept);
      const mailbox = authorize(mesh, exchange, mailboxId);
      if ('refused' in mailbox) {
        exchange.step('authorization', 'failed', mailbox.why);
        const { refused, why, advice } = mailbox;
        return new Call(mesh, exchange, version ?? 1).refuse(refused, { why, advice });
      }
      exchange.step('authorization', 'ok', mailbox.name);
      const call = new MailboxCall(mesh, exchange, version ?? 1, mailbox);
      if (version === undefined) return call.refuseAccept();
      // A send is refused with an id and a report, when its headers are read.
      const ordered = exchange.entry.operation === 'send-message' ? undefined : orderedRefusal(exchange);
      return ordered ? call.refuse(ordered, { why: ORDERED }) : operation(call);
    });
  };
}

/** What every answer of MESH goes through: certificate, what is due by the clock, the user's rules, the rest of the body. */
async function answered(mesh: Mesh, exchange: HttpExchange, behaviour: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  const raise: RaiseError = (name, text) => {
    const error = errorNamed(name);
    const version = apiVersion(exchange.header('accept'), mesh.rules.lenientAccept) ?? 1;
    const description = text ?? error?.description ?? '';
    return error && new Call(mesh, exchange, version).refuse({ ...error, description }, { why: 'asked for by name' });
  };
  const answer = await exchange.decide(async () => {
    if (mesh.rules.clientCertificate === 'required' && !exchange.certificate) {
      exchange.refuse(
        'client-certificate',
        'no client certificate was sent',
        'Send a client certificate that this simulator issued (`spine-sim certs issue <fqdn>`).',
      );
      return nginxPage(400, 'No required SSL certificate was sent');
    }
    await mesh.expiry.run(exchange.space);
    return behaviour();
  }, raise);
  await dropBody(exchange, mesh.rules.maxChunkBytes);
  answer.headers.push(['date', exchange.space.clock.httpDate()]);
  return answer;
}
