/** The ITK distribution envelope (v2.0): what is read of a request, and the one line of XML around an answer. */
import { formatZulu } from '../../../core/hl7/timestamp.ts';
import type { Ids } from '../../../core/ids/ids.ts';
import { readAddressing } from '../../../core/soap/addressing.ts';
import { readEnvelope } from '../../../core/soap/envelope.ts';
import { findNotUnderstood } from '../../../core/soap/mustUnderstand.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { NS } from '../../../core/xml/namespaces.ts';
import { raw, type XmlFragment, xml } from '../../../core/xml/template.ts';

export const XML_DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>";

export const SERVICE_PREFIX = 'urn:nhs-itk:services:201005:';

export interface ItkRequest {
  /** Name of the service that header, action or SOAPAction names, without prefix; undefined when none does. */
  service: string | undefined;
  messageId: string | undefined;
  trackingId: string | undefined;
  /** wsa:Action. */
  action: string | undefined;
  /** profileid of the manifest item. */
  profile: string | undefined;
  /** How many ids the audit identity has; undefined without one. */
  audits: number | undefined;
  /** ASID in the audit identity, where the caller puts one. */
  asid: string | undefined;
  payload: XmlElement;
  /** SOAP header, for what the ITK asks of it. */
  header: XmlElement | undefined;
  /** A block of it that the sender insists on, and that nobody here knows. */
  notUnderstood: XmlElement | undefined;
}

/** What is wrong with a message before its query is looked at. */
export class ItkError extends Error {}

/** What of a header the mini services know; whether they look into WS-Security is a setting. */
const KNOWN_BLOCKS: readonly string[] = [NS.wsa200508, NS.wsa200408, NS.wsse];

const ASID_IDENTITY = '1.2.826.0.1285.0.2.0.107';

/** Reads envelope and header. Throws ItkError, or what `readEnvelope` throws for a broken SOAP message. */
export function readItkRequest(root: XmlElement, soapAction: string | undefined): ItkRequest {
  const { ns, header, payloads } = readEnvelope(root, { headerOptional: true });
  const distribution = payloads[0];
  if (payloads.length !== 1 || !distribution?.is('DistributionEnvelope', NS.itk)) {
    throw new ItkError('the SOAP body does not hold one itk:DistributionEnvelope');
  }
  const itkHeader = distribution.child('header', NS.itk);
  if (!itkHeader) throw new ItkError('the distribution envelope has no header');
  const payload = onlyPayload(distribution, itkHeader);
  const { action, messageId } = readAddressing(header);
  const named = itkHeader.attr('service') ?? action ?? soapAction?.trim().replaceAll('"', '');
  const audit = itkHeader.child('auditIdentity', NS.itk)?.children('id', NS.itk);
  return {
    service: named?.startsWith(SERVICE_PREFIX) ? named.slice(SERVICE_PREFIX.length) : named,
    messageId,
    trackingId: itkHeader.attr('trackingid'),
    action,
    profile: itkHeader.descend('manifest/manifestitem', NS.itk)?.attr('profileid'),
    audits: audit?.length,
    asid: audit?.find((id) => id.attr('type') === ASID_IDENTITY)?.attr('uri'),
    payload,
    header,
    notUnderstood: findNotUnderstood(header, ns, KNOWN_BLOCKS),
  };
}

/** The counts must be true and the manifest must name the payload (distribution envelope v2.0). */
function onlyPayload(distribution: XmlElement, header: XmlElement): XmlElement {
  const manifest = header.child('manifest', NS.itk);
  const items = manifest?.children('manifestitem', NS.itk) ?? [];
  const container = distribution.child('payloads', NS.itk);
  const payloads = container?.children('payload', NS.itk) ?? [];
  if (!manifest || !container) throw new ItkError('manifest or payloads are missing');
  if (items.length !== 1 || payloads.length !== 1) throw new ItkError('a query has exactly one payload');
  if (manifest.attr('count') !== '1' || container.attr('count') !== '1') {
    throw new ItkError('the counts of manifest and payloads are not those of the message');
  }
  if (items[0]!.attr('id') !== payloads[0]!.attr('id')) throw new ItkError('the manifest names another payload');
  const coded = ['base64', 'compressed', 'encrypted'].find((flag) => isTrue(items[0]!.attr(flag)));
  if (coded) throw new ItkError(`the manifest says that the payload is ${coded}: a query is plain XML`);
  const content = payloads[0]!.children();
  if (content.length !== 1) throw new ItkError('the payload is not one element');
  return content[0]!;
}

const isTrue = (text: string | undefined) => text?.trim() === 'true' || text?.trim() === '1';

/** What the longer header of an answer says besides. */
export interface FullHeader {
  /** wsa:MessageID of the request. */
  relatesTo: string | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

/** How long the time stamp of an answer is valid. */
const VALID_MS = 5 * 60_000;

/** Who asked without an address to answer to. */
const ANONYMOUS = 'http://www.w3.org/2005/08/addressing/anonymous';

function moreHeaders({ relatesTo, now }: FullHeader): XmlFragment {
  return xml`<wsa:To>${ANONYMOUS}</wsa:To>${relatesTo && xml`<wsa:RelatesTo>${relatesTo}</wsa:RelatesTo>`}<wsse:Security>
    <wsu:Timestamp><wsu:Created>${formatZulu(now)}</wsu:Created><wsu:Expires>${formatZulu(now + VALID_MS)}</wsu:Expires>
    </wsu:Timestamp></wsse:Security>`;
}

/** The whole answer: `payload` is the serialised response element of `service` (without prefix). */
export function writeItkAnswer(ids: Ids, service: string, profile: string, payload: string, full?: FullHeader): string {
  const id = `uuid_${ids.uuid()}`;
  const action = `${SERVICE_PREFIX}${service}Response`;
  const body = xml`<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
    xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:wsu="${NS.wsu}" xmlns:wsse="${NS.wsse}"
    xmlns:xsi="${NS.xsi}" xmlns:itk="urn:nhs-itk:ns:201005" xmlns:hl7="urn:hl7-org:v3"><soap:Header>
    <wsa:MessageID>${ids.uuid()}</wsa:MessageID><wsa:Action>${action}</wsa:Action>${full && moreHeaders(full)}</soap:Header><soap:Body>
    <itk:DistributionEnvelope><itk:header service="${action}" trackingid="${ids.uuid()}"><itk:manifest count="1">
    <itk:manifestitem id="${id}" mimetype="text/xml" profileid="urn:nhs-en:profile:${profile}" base64="false"
    compressed="false" encrypted="false"/></itk:manifest></itk:header><itk:payloads count="1">
    <itk:payload id="${id}">${raw(payload)}</itk:payload></itk:payloads></itk:DistributionEnvelope>
    </soap:Body></soap:Envelope>`;
  return XML_DECLARATION + body;
}
