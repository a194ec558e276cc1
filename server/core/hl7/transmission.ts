/** The HL7 transmission wrapper: the element named after the interaction, with what goes round the domain payload. */
import type { XmlElement } from '../xml/element.ts';
import { NS } from '../xml/namespaces.ts';
import { OID } from './oid.ts';
import { type InstanceId, readDevice, readInstanceId } from './spineHeader.ts';

/** ControlActEvent/author: the person the system acts for. */
export interface PersonAuthor {
  /** AgentPersonSDS/id: role profile. */
  roleProfile: InstanceId | undefined;
  /** agentPersonSDS/id: user. */
  user: InstanceId | undefined;
  /** part/partSDSRole/id: job role code. */
  jobRole: InstanceId | undefined;
}

/** ControlActEvent/author1: a system, or a second agent. */
export interface SystemAuthor {
  /** AgentSystemSDS/agentSystemSDS/id. */
  system: InstanceId | undefined;
  element: XmlElement;
}

export interface Transmission {
  element: XmlElement;
  /** The element's local name, which must be the interaction. */
  name: string;
  /** id/@root: the HL7 message id. */
  id: string | undefined;
  creationTime: string | undefined;
  versionCode: string | undefined;
  interactionId: InstanceId | undefined;
  processingCode: string | undefined;
  processingModeCode: string | undefined;
  acceptAckCode: string | undefined;
  acknowledgement: { typeCode: string | undefined; messageRef: string | undefined } | undefined;
  receiver: InstanceId | undefined;
  sender: InstanceId | undefined;
  /** All of them, since one and only one may be there; the fields below are of the first. */
  controlActs: XmlElement[];
  authors: PersonAuthor[];
  systems: SystemAuthor[];
  query: XmlElement | undefined;
  subject: XmlElement | undefined;
}

function readPerson(author: XmlElement): PersonAuthor {
  const agent = author.child('AgentPersonSDS', NS.hl7);
  return {
    roleProfile: readInstanceId(agent?.child('id', NS.hl7)),
    user: readInstanceId(agent?.descend('agentPersonSDS/id', NS.hl7)),
    jobRole: readInstanceId(agent?.descend('part/partSDSRole/id', NS.hl7)),
  };
}

function readSystem(author1: XmlElement): SystemAuthor {
  return {
    system: readInstanceId(author1.descend('AgentSystemSDS/agentSystemSDS/id', NS.hl7)),
    element: author1,
  };
}

/** Reads the wrapper strictly by the HL7 namespace, whatever the prefixes, and judges nothing. */
export function readTransmission(element: XmlElement): Transmission {
  const value = (path: string, name: string) => element.descend(path, NS.hl7)?.attr(name, '');
  const controlActs = element.children('ControlActEvent', NS.hl7);
  const act = controlActs[0];
  const acknowledgement = element.child('acknowledgement', NS.hl7);
  return {
    element,
    name: element.local,
    id: value('id', 'root'),
    creationTime: value('creationTime', 'value'),
    versionCode: value('versionCode', 'code'),
    interactionId: readInstanceId(element.child('interactionId', NS.hl7)),
    processingCode: value('processingCode', 'code'),
    processingModeCode: value('processingModeCode', 'code'),
    acceptAckCode: value('acceptAckCode', 'code'),
    acknowledgement: acknowledgement && {
      typeCode: acknowledgement.attr('typeCode', ''),
      messageRef: acknowledgement.descend('messageRef/id', NS.hl7)?.attr('root', ''),
    },
    receiver: readDevice(element, 'Rcv'),
    sender: readDevice(element, 'Snd'),
    controlActs,
    authors: act?.children('author', NS.hl7).map(readPerson) ?? [],
    systems: act?.children('author1', NS.hl7).map(readSystem) ?? [],
    query: act?.child('query', NS.hl7),
    subject: act?.child('subject', NS.hl7),
  };
}

/** The number stands near the front of every known query and subject; a large payload is not searched to its end. */
const MAX_ELEMENTS_SEARCHED = 200;

/** The first NHS number in the query or subject, as written: whom the message is about, for rules and the journal. */
export function nhsNumberIn({ query, subject }: Transmission): string | undefined {
  const waiting = [query ?? subject];
  for (let looked = 0; looked < MAX_ELEMENTS_SEARCHED; looked++) {
    const element = waiting.pop();
    if (!element) return undefined;
    if (element.attr('root', '') === OID.nhsNumber) return element.attr('extension', '') || undefined;
    const { content } = element;
    for (let at = content.length - 1; at >= 0; at--) {
      const node = content[at]!;
      if (typeof node !== 'string') waiting.push(node);
    }
  }
  return undefined;
}
