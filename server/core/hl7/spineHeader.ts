/** The SOAP header of Spine's synchronous service: WS-Addressing and the systems that speak. */
import { type Addressing, readAddressing } from '../soap/addressing.ts';
import type { XmlElement } from '../xml/element.ts';
import { NS } from '../xml/namespaces.ts';

/** An HL7 instance identifier; a missing attribute is the empty text. */
export interface InstanceId {
  root: string;
  extension: string;
}

export interface SpineHeader extends Addressing {
  /** communicationFunctionRcv/device/id, undefined if there is none. */
  receiver: InstanceId | undefined;
  /** communicationFunctionSnd/device/id. */
  sender: InstanceId | undefined;
}

/** The identifier an element with `root` and `extension` holds. */
export function readInstanceId(element: XmlElement | undefined): InstanceId | undefined {
  return element && { root: element.attr('root', '') ?? '', extension: element.attr('extension', '') ?? '' };
}

/** The device of a communication function, in a SOAP header or in a transmission wrapper. */
export function readDevice(parent: XmlElement | undefined, kind: 'Rcv' | 'Snd'): InstanceId | undefined {
  return readInstanceId(parent?.descend(`communicationFunction${kind}/device/id`, NS.hl7));
}

/** Reads what is there and judges nothing; typeCode and classCode are often left out by clients. */
export function readSpineHeader(header: XmlElement | undefined): SpineHeader {
  return { ...readAddressing(header), receiver: readDevice(header, 'Rcv'), sender: readDevice(header, 'Snd') };
}
