/** A getAddressListRequest from bytes to what is looked for. */
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import { readEnvelope, SoapEnvelopeError } from '../../core/soap/envelope.ts';
import type { XmlElement } from '../../core/xml/element.ts';
import { XmlError } from '../../core/xml/error.ts';
import { NS } from '../../core/xml/namespaces.ts';
import { parseXml } from '../../core/xml/parse.ts';
import { ERRORS, type Refusal } from './errors.ts';

/** Addresses that are answered when the request does not say how many, and the most that it may ask for. */
const DEFAULT_MAXNO = 9;
const MAX_MAXNO = 99;

/** Fields of postalAddress; texts without the white space around them, empty where nothing is looked for. */
export interface Wanted {
  lines: string[];
  town: string;
  county: string;
  postcode: string;
  country: string;
}

export interface AddressListRequest {
  messageId: string;
  wanted: Wanted;
  maxno: number;
}

/** The element as the sample message spells it, and as Spine's own stylesheet does. */
const POSTCODE = ['postcode', 'postCode'];

/** In the order of the schema; each must be there, and may be empty. */
const ADDRESS_ELEMENTS = ['address1', 'address2', 'address3', 'town', 'county', POSTCODE, 'country'];

const UNITED_KINGDOM = new Set([
  '',
  'UNITED KINGDOM',
  'UK',
  'GB',
  'GBR',
  'GREAT BRITAIN',
  'ENGLAND',
  'SCOTLAND',
  'WALES',
  'NORTHERN IRELAND',
]);

/** Reads the body whatever its Content-Type says. The refusal of a request that can't be read at all has no location. */
export function readRequest(exchange: HttpExchange): AddressListRequest | Refusal {
  try {
    const { payloads } = readEnvelope(parseXml(exchange.body), { headerOptional: true });
    const payload = payloads[0];
    if (payloads.length !== 1 || !payload?.is('getAddressListRequest', NS.nasp)) {
      return structure('getAddressListRequest', 'the SOAP body does not hold one getAddressListRequest');
    }
    return judge(payload);
  } catch (error) {
    if (error instanceof SoapEnvelopeError) return structure(error.location, error.message);
    if (error instanceof XmlError) return structure(undefined, `the message is not well-formed: ${error.message}`);
    throw error;
  }
}

function judge(payload: XmlElement): AddressListRequest | Refusal {
  const header = payload.child('messageHeader', NS.nasp);
  const address = payload.child('postalAddress', NS.nasp);
  const messageId = header?.child('messageId', NS.nasp);
  if (!header || !messageId) return structure('messageHeader', 'messageHeader/messageId is missing');
  if (!header.child('securityPackage', NS.nasp)) {
    return structure('securityPackage', 'messageHeader/securityPackage is missing; it must be there, though empty');
  }
  if (!address) return structure('postalAddress', 'postalAddress is missing');
  const misplaced = findMisplaced(address);
  if (misplaced) return structure(misplaced, `postalAddress/${misplaced} is missing, doubled or out of order`);
  if (!messageId.text.trim()) {
    return {
      error: ERRORS.guid,
      location: 'messageId',
      detail: 'messageId is empty',
      advice: 'Give the message an id.',
    };
  }
  const wanted = readWanted(address);
  return judgeWanted(wanted) ?? readMaxno(payload, messageId.text.trim(), wanted);
}

/** The first element that is not where the schema has it. */
function findMisplaced(address: XmlElement): string | undefined {
  const found = address.children();
  for (const [index, expected] of ADDRESS_ELEMENTS.entries()) {
    const names = Array.isArray(expected) ? expected : [expected];
    const element = found[index];
    if (!element || element.ns !== NS.nasp || !names.includes(element.local)) return names[0];
  }
  return found.length > ADDRESS_ELEMENTS.length ? found[ADDRESS_ELEMENTS.length]!.local.slice(0, 60) : undefined;
}

function readWanted(address: XmlElement): Wanted {
  const [address1, address2, address3, town, county, postcode, country] = address
    .children()
    .map((element) => element.text.trim().toUpperCase());
  return {
    lines: [address1!, address2!, address3!].filter(Boolean),
    town: town!,
    county: county!,
    postcode: postcode!,
    country: country!,
  };
}

function judgeWanted({ lines, town, county, postcode, country }: Wanted): Refusal | undefined {
  if (!lines.length && !town && !county && !postcode) {
    const advice = 'Fill at least postcode, or a line of the address and the town.';
    return { error: ERRORS.empty, detail: 'nothing is looked for', advice };
  }
  if (!UNITED_KINGDOM.has(country)) {
    const advice = 'Leave country empty, or write UNITED KINGDOM.';
    return { error: ERRORS.notUk, location: 'country', detail: `country is "${country.slice(0, 60)}"`, advice };
  }
  if (postcode || (lines.length > 0 && town)) return undefined;
  return {
    error: ERRORS.mandatory,
    location: lines.length > 0 ? 'town' : 'address1',
    detail: 'there is neither a postcode nor a line of the address with its town',
    advice: 'Fill postcode, or address1 and town.',
  };
}

function readMaxno(payload: XmlElement, messageId: string, wanted: Wanted): AddressListRequest | Refusal {
  const text = payload.child('maxno', NS.nasp)?.text.trim();
  if (!text) return { messageId, wanted, maxno: DEFAULT_MAXNO };
  if (!/^[+-]?\d{1,9}$/.test(text)) return structure('maxno', `maxno is "${text.slice(0, 20)}"`);
  const maxno = Number(text);
  if (maxno < 1) {
    return {
      error: ERRORS.minimum,
      location: 'maxno',
      detail: `maxno is ${maxno}`,
      advice: 'Ask for 1 to 99 addresses.',
    };
  }
  return { messageId, wanted, maxno: Math.min(maxno, MAX_MAXNO) };
}

function structure(location: string | undefined, detail: string): Refusal {
  const advice =
    'Send messageHeader (messageId, securityPackage), postalAddress (address1, address2, address3, town, county, postcode, ' +
    'country) and maxno, in this order and in the namespace of the gazetteer.';
  return location === undefined
    ? { error: ERRORS.structure, detail, advice }
    : { error: ERRORS.structure, detail, advice, location };
}
