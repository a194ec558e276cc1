/** A P1R1 message: requestHeader and servicePayload, in the envelope of an early SOAP 1.2 draft. */
import { OID } from '../../../core/hl7/oid.ts';
import type { SoapEnvelope } from '../../../core/soap/envelope.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { NS } from '../../../core/xml/namespaces.ts';

export interface P1r1Message {
  /** Empty texts where the header has none. */
  messageId: string;
  serviceId: string;
  interactionId: string;
  toAsid: string;
  fromAsid: string;
  user: string | undefined;
  /** The element inside servicePayload. */
  payload: XmlElement | undefined;
}

/** Reads what is there and judges nothing. */
export function readP1r1({ header, payloads }: SoapEnvelope): P1r1Message {
  const fields = header?.child('requestHeader', NS.spineService);
  const text = (path: string) => fields?.textAt(path, NS.spineService) ?? '';
  const asid = (local: string) =>
    fields
      ?.descendAll(`orgAddressContext/${local}`, NS.spineService)
      .find((element) => element.attr('root') === OID.asid)
      ?.attr('extension') ?? '';
  return {
    messageId: text('messageId'),
    serviceId: text('serviceId'),
    interactionId: text('interactionId'),
    toAsid: asid('toAC'),
    fromAsid: asid('fromAC'),
    user: fields?.child('authorId', NS.spineService)?.attr('extension'),
    payload: payloads.find((element) => element.is('servicePayload', NS.spineService))?.children()[0],
  };
}

/** As the directory lists it. The service may be named in full or by its last word; both parts may have colons. */
export function serviceInteractionOf({ serviceId, interactionId }: P1r1Message, prefix: string): string {
  const service = serviceId.startsWith('urn:') ? serviceId : prefix + serviceId;
  return interactionId.startsWith(`${service}:`) ? interactionId : `${service}:${interactionId}`;
}
