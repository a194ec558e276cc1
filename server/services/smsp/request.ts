/** The way of a query: message, service, items, behaviour, answer. */

import { londonDay } from '../../core/clock/london.ts';
import type { HttpAnswer } from '../../core/http/answer.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import { parseContentType } from '../../core/mime/contentType.ts';
import { SoapEnvelopeError } from '../../core/soap/envelope.ts';
import type { XmlElement } from '../../core/xml/element.ts';
import { XmlError } from '../../core/xml/error.ts';
import { NS } from '../../core/xml/namespaces.ts';
import { parseXml } from '../../core/xml/parse.ts';
import { nearest } from '../../core/yaml/nearest.ts';
import { ADVICE, CODES } from './codes.ts';
import { ItkError, type ItkRequest, readItkRequest, SERVICE_PREFIX, writeItkAnswer } from './messages/envelope.ts';
import { faultAnswer, mustUnderstandFault } from './messages/fault.ts';
import { failureResponse } from './messages/responses.ts';
import { codeNamed } from './namedErrors.ts';
import { type MiniService, type MiniServiceSettings, OPERATIONS, type Outcome } from './operations/operations.ts';
import { readQuery } from './query.ts';
import { findHeaderFault } from './security.ts';

const PROFILE_PREFIX = 'urn:nhs-en:profile:';
/** Distribution envelope v2.0. */
const MOST_AUDITS = 4;
/** The only systems that the schemas of the queries allow. */
const GENDER_CODES = '2.16.840.1.113883.2.1.3.2.4.16.25';
const LOCAL_IDENTIFIERS = '2.16.840.1.113883.2.1.3.2.4.18.24';
const UPPER_CASE_UUID = /^[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;

/** Answers one POST to /smsp/pds. */
export async function answerRequest(exchange: HttpExchange, settings: MiniServiceSettings): Promise<HttpAnswer> {
  let request: ItkRequest;
  try {
    request = readItkRequest(readXml(exchange), exchange.header('soapaction'));
  } catch (error) {
    if (error instanceof XmlError) return refuse(exchange, `the message is not well-formed: ${error.message}`);
    if (error instanceof SoapEnvelopeError || error instanceof ItkError) return refuse(exchange, error.message);
    throw error;
  }
  exchange.step('envelope');
  exchange.identify({ asid: request.asid, messageId: request.messageId });
  if (request.notUnderstood) return refuseBlock(exchange, request.notUnderstood);
  const operation = OPERATIONS.find(({ service }) => service === request.service);
  if (!operation) return unknownService(exchange, request.service);
  exchange.operation(operation.service, operation.service);
  const { local, ns } = request.payload;
  if (local !== operation.root) {
    return refuse(exchange, `service does not match payload: ${local} is not ${operation.root}`);
  }
  if (ns !== NS.hl7) return refuse(exchange, `the payload is in the namespace "${ns}", not ${NS.hl7}`);
  exchange.step('service', 'ok', operation.service);
  if (settings.profile === 'itk') {
    const fault = findHeaderFault(request.header, operation.service, exchange.space.clock.now());
    if (fault !== undefined) return refuse(exchange, fault);
    exchange.step('header');
  }
  for (const oddity of findOddities(request, operation)) exchange.step('envelope', 'info', oddity);
  const query = readQuery(request.payload, operation.needs, operation.partialBirth);
  // Before the rules, which may ask for it.
  if (!('fault' in query) && query.nhsNumber) exchange.identify({ nhsNumber: query.nhsNumber });
  const call = { exchange, settings, request, operation };
  return exchange.decide(
    async () => written(call, await behave(call, query)),
    (name, text) => {
      const code = codeNamed(name);
      return code && written(call, { code, detail: text ?? 'asked for by name' });
    },
  );
}

/** What the service reads over, and an envelope should not have; a profile that is stricter would refuse some of it. */
function findOddities(
  { profile, action, audits, trackingId, payload }: ItkRequest,
  { service, root }: MiniService,
): string[] {
  const oddities: string[] = [];
  const wanted = `${PROFILE_PREFIX}${root === service ? `${service.replace('-v1-0', '')}Request-v1-0` : root}`;
  if (profile !== wanted) oddities.push(`the manifest item has the profileid "${profile ?? ''}", not ${wanted}`);
  if (action !== undefined && action !== SERVICE_PREFIX + service) {
    oddities.push(`wsa:Action is "${action}", not ${SERVICE_PREFIX}${service}`);
  }
  if (audits !== undefined && (audits < 1 || audits > MOST_AUDITS)) oddities.push(`auditIdentity has ${audits} id`);
  if (!UPPER_CASE_UUID.test(trackingId ?? ''))
    oddities.push(`trackingid "${trackingId ?? ''}" is no UUID in upper case`);
  const value = (item: string) => payload.descend(`queryEvent/${item}/value`, NS.hl7);
  const system = value('Person.Gender')?.attr('codeSystem', '');
  if (value('Person.Gender') && system !== GENDER_CODES) {
    oddities.push(`Person.Gender has the codeSystem "${system ?? ''}", not ${GENDER_CODES}`);
  }
  const local = value('Person.LocalIdentifier')?.attr('root', '');
  if (local && local !== LOCAL_IDENTIFIERS) {
    oddities.push(`Person.LocalIdentifier has the root ${local}, not ${LOCAL_IDENTIFIERS}`);
  }
  return oddities;
}

function readXml(exchange: HttpExchange): XmlElement {
  const contentType = exchange.header('content-type');
  // The transport's charset has more weight than the document's own declaration (RFC 7303 3).
  return parseXml(exchange.body, {
    charset: contentType ? parseContentType(contentType)?.parameters.get('charset') : undefined,
  });
}

interface Call {
  exchange: HttpExchange;
  settings: MiniServiceSettings;
  request: ItkRequest;
  operation: MiniService;
}

async function behave({ exchange, settings, operation }: Call, query: ReturnType<typeof readQuery>): Promise<Outcome> {
  if ('fault' in query) {
    exchange.step('query', 'failed', query.fault.message);
    return { code: query.fault.code, detail: query.fault.message };
  }
  exchange.step('query');
  const today = londonDay(exchange.space.clock.now());
  return operation.run({ query, world: exchange.space.world, today, settings });
}

function written({ exchange, settings, request, operation }: Call, outcome: Outcome): HttpAnswer {
  const { ids, clock } = exchange.space;
  const { code } = outcome;
  exchange.step('outcome', code === CODES.success ? 'ok' : 'failed', outcome.detail ?? code);
  if (code !== CODES.success) exchange.refuse(code, outcome.detail ?? code, ADVICE[code]);
  for (const { nhsNumber, reason } of outcome.nearest ?? []) {
    exchange.nearMiss({ kind: 'patient', candidate: nhsNumber, reason });
  }
  const id = ids.uuid();
  const full = settings.answerHeader === 'full' ? { relatesTo: request.messageId, now: clock.now() } : undefined;
  const payload = outcome.response?.(id) ?? failureResponse(id, operation.response, code);
  return {
    status: 200,
    headers: [
      ['Content-Type', 'text/xml'],
      ['Connection', 'close'],
    ],
    body: writeItkAnswer(ids, operation.service, operation.response, payload, full),
  };
}

function refuse(exchange: HttpExchange, message: string): HttpAnswer {
  exchange.step('envelope', 'failed', message);
  exchange.refuse('1000', message, `Mend the message: ${message}.`);
  return faultAnswer(exchange, message);
}

function refuseBlock(exchange: HttpExchange, { local, ns }: XmlElement): HttpAnswer {
  const message = `the header block ${local} of the namespace "${ns}" must be understood, and is not`;
  exchange.step('envelope', 'failed', message);
  const advice = `Send ${local} without mustUnderstand, or not at all: only WS-Addressing and WS-Security are known here.`;
  exchange.refuse('MustUnderstand', message, advice);
  return mustUnderstandFault(message);
}

function unknownService(exchange: HttpExchange, service: string | undefined): HttpAnswer {
  const names = OPERATIONS.map(({ service: name }) => name);
  const guess = nearest(service ?? '', names);
  // A list shows the first few only.
  for (const candidate of names.sort((a, b) => Number(b === guess) - Number(a === guess))) {
    exchange.nearMiss({
      kind: 'service',
      candidate,
      reason: `is a mini service; the message names ${service ?? 'none'}`,
    });
  }
  return refuse(exchange, service === undefined ? 'the message names no service' : `there is no service ${service}`);
}
