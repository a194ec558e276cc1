/** The SOAP header of a synchronous request, and what it must have in common with the wrapper. */
import { OID } from '../../../core/hl7/oid.ts';
import type { InstanceId } from '../../../core/hl7/spineHeader.ts';
import { REJECTS } from '../errors.ts';
import type { SyncMessage } from '../messages/syncMessage.ts';
import { type Check, shown } from './check.ts';

/** `uuid:` and the 36 characters of a UUID. */
const MESSAGE_ID_LENGTH = 41;

/** Assurance asks for an address that is longer than this. */
const SHORTEST_TO = 8;

/** A device id that has a value under the root of ASIDs. */
export function findDevice(id: InstanceId | undefined, kind: string): string | undefined {
  if (id === undefined) return `${kind} has no device id`;
  if (id.root !== OID.asid) return `the root of ${kind} is ${shown(id.root)}`;
  return id.extension === '' ? `${kind} has no ASID` : undefined;
}

export const SOAP_HEADER_CHECKS: readonly Check<SyncMessage>[] = [
  {
    error: REJECTS.soapMessageId,
    find: ({ header: { messageId, counts } }) => {
      if (counts.messageId > 1) return `${counts.messageId} wsa:MessageID`;
      const fits = messageId?.length === MESSAGE_ID_LENGTH && messageId.startsWith('uuid:');
      return fits ? undefined : `wsa:MessageID is ${shown(messageId)}`;
    },
    advice: 'Send one wsa:MessageID: uuid: and a UUID, 41 characters in all.',
  },
  {
    error: REJECTS.soapAction,
    find: ({ header: { action, counts } }) =>
      counts.action === 1 && action ? undefined : `${counts.action} wsa:Action, ${shown(action)}`,
    advice: 'Send one wsa:Action: <service>/<interaction>.',
  },
  {
    error: REJECTS.soapTo,
    find: ({ header: { to } }) => (to ? undefined : `wsa:To is ${shown(to)}`),
    advice: 'Send the address of the service in wsa:To.',
  },
  {
    error: REJECTS.soapTo,
    only: 'eis',
    find: ({ header: { to } }) => (to!.length > SHORTEST_TO ? undefined : `wsa:To is ${shown(to)}`),
    advice: `Send an address of more than ${SHORTEST_TO} characters in wsa:To.`,
  },
  {
    error: REJECTS.soapReceiver,
    find: ({ header }) => findDevice(header.receiver, 'communicationFunctionRcv'),
    advice: 'Put the ASID of the Spine service into hl7:communicationFunctionRcv of the SOAP header.',
  },
  {
    error: REJECTS.soapSender,
    find: ({ header }) => findDevice(header.sender, 'communicationFunctionSnd'),
    advice: 'Put your own ASID into hl7:communicationFunctionSnd of the SOAP header.',
  },
];

export const CONSISTENCY_CHECKS: readonly Check<SyncMessage>[] = [
  {
    error: REJECTS.interaction,
    find: ({ soapAction, header: { action } }) =>
      soapAction === undefined || soapAction === action
        ? undefined
        : `SOAPAction is ${shown(soapAction)}, wsa:Action ${shown(action)}`,
    advice: 'Send the same <service>/<interaction> as SOAPAction and wsa:Action.',
  },
  {
    error: REJECTS.interaction,
    find: ({ action, transmission: { name, interactionId } }) => {
      if (name !== action?.interaction) return `the body holds ${name}, the action says ${action?.interaction}`;
      const extension = interactionId?.extension;
      return extension === name ? undefined : `interactionId is ${shown(extension)}, the element ${name}`;
    },
    advice: 'Name the same interaction in wsa:Action, as the body element and as interactionId extension.',
  },
  {
    error: REJECTS.receivers,
    only: 'eis',
    find: ({ header, transmission }) => findDifference(header.receiver, transmission.receiver),
    advice: 'Send the same receiving ASID in the SOAP header and in the message.',
  },
  {
    error: REJECTS.senders,
    only: 'eis',
    find: ({ header, transmission }) => findDifference(header.sender, transmission.sender),
    advice: 'Send the same sending ASID in the SOAP header and in the message.',
  },
];

function findDifference(header: InstanceId | undefined, body: InstanceId | undefined): string | undefined {
  if (header?.extension === body?.extension) return undefined;
  return `${shown(header?.extension)} in the SOAP header, ${shown(body?.extension)} in the message`;
}
