/** The HL7 transmission wrapper, in Spine's order: the same checks for synchronous requests and for ebXML payloads. */
import { OID } from '../../../core/hl7/oid.ts';
import { isCreationTime } from '../../../core/hl7/timestamp.ts';
import type { Transmission } from '../../../core/hl7/transmission.ts';
import { NS } from '../../../core/xml/namespaces.ts';
import { REJECTS } from '../errors.ts';
import { type Check, shown } from './check.ts';
import { findDevice } from './soapHeader.ts';

const UPPER_CASE_UUID = /^[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;

/** Spine's own check asks for any value; a client in the field writes the time of the ebXML header here, fractions and all. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?$/;

/** Assurance asks for more digits than this: at least the minute. */
const SHORTEST_CREATION_TIME = 11;

export const WRAPPER_CHECKS: readonly Check<Transmission>[] = [
  {
    error: REJECTS.id,
    find: ({ id }) => (id ? undefined : `id/@root is ${shown(id)}`),
    advice: 'Send one id whose root is a new UUID.',
  },
  {
    error: REJECTS.id,
    only: 'eis',
    find: ({ id }) => (UPPER_CASE_UUID.test(id!) ? undefined : `id/@root is ${shown(id)}`),
    advice: 'Write the id as a UUID in upper case.',
  },
  {
    error: REJECTS.creationTime,
    find: ({ creationTime }) =>
      isCreationTime(creationTime) || ISO_TIME.test(creationTime ?? '')
        ? undefined
        : `creationTime is ${shown(creationTime)}`,
    advice: 'Send creationTime as digits: yyyyMMddHHmmss.',
  },
  {
    error: REJECTS.creationTime,
    only: 'eis',
    find: ({ creationTime }) => (isCreationTime(creationTime) ? undefined : `creationTime is ${shown(creationTime)}`),
    advice: 'Send creationTime as digits: yyyyMMddHHmmss.',
  },
  {
    error: REJECTS.creationTime,
    only: 'eis',
    find: ({ creationTime }) =>
      creationTime!.length > SHORTEST_CREATION_TIME ? undefined : `creationTime is ${shown(creationTime)}`,
    advice: 'Send creationTime down to the minute at least: yyyyMMddHHmm.',
  },
  {
    error: REJECTS.versionCode,
    find: ({ versionCode }) => (versionCode ? undefined : `versionCode is ${shown(versionCode)}`),
    advice: 'Send the version of the message implementation manual in versionCode.',
  },
  {
    error: REJECTS.receiver,
    only: 'eis',
    find: ({ receiver }) => findDevice(receiver, 'communicationFunctionRcv'),
    advice: 'Put the ASID of the receiver into communicationFunctionRcv of the message.',
  },
  {
    error: REJECTS.sender,
    only: 'eis',
    find: ({ sender }) => findDevice(sender, 'communicationFunctionSnd'),
    advice: 'Put your own ASID into communicationFunctionSnd of the message.',
  },
  {
    error: REJECTS.controlAct,
    find: ({ controlActs }) => (controlActs.length === 1 ? undefined : `${controlActs.length} ControlActEvent`),
    advice: 'Send exactly one ControlActEvent.',
  },
  {
    error: REJECTS.author,
    find: ({ authors }) => {
      if (authors.length > 1) return `${authors.length} author`;
      const [author] = authors;
      if (!author) return undefined;
      const { user, roleProfile, jobRole } = author;
      if (!user?.extension) return 'author has no SDS user id';
      if (!roleProfile?.extension) return 'author has no SDS role profile id';
      return jobRole?.extension ? undefined : 'author has no SDS job role id';
    },
    advice: 'Send at most one author, with user, role profile and job role.',
  },
  {
    error: REJECTS.author1Count,
    find: ({ systems }) => (systems.length === 1 || systems.length === 2 ? undefined : `${systems.length} author1`),
    advice: 'Send one or two author1, the first with your ASID.',
  },
  {
    error: REJECTS.author1,
    find: ({ systems }) => findDevice(systems[0]!.system, 'author1'),
    advice: `Put your ASID, with the root ${OID.asid}, into the first author1/AgentSystemSDS/agentSystemSDS/id.`,
  },
  {
    error: REJECTS.author1Second,
    find: ({ systems }) => (systems[1] && !systems[1].element.find('id') ? 'the second author1 has no id' : undefined),
    advice: 'Give the second author1 an id, or leave it out.',
  },
  {
    error: REJECTS.query,
    find: ({ controlActs, query, subject }) => {
      const queries = controlActs[0]!.children('query', NS.hl7).length;
      if (queries > 1) return `${queries} query`;
      if (query) return query.children().length > 0 ? undefined : 'query is empty';
      return subject || controlActs[0]!.child('subject') ? undefined : 'there is neither query nor subject';
    },
    advice: 'Put the query, or the subject of the message, into ControlActEvent.',
  },
];
