/** How an interaction travels: a property of its directory entry, never of its name. */
import type { Pattern } from '../interactions/registry.ts';
import type { MessageHandler } from './types.ts';

/** The path of a URL; every message asks for several, and a whole URL takes several times the time to read. */
const PATH = /^[a-z][\w+.-]*:\/\/[^/?#]*([^?#]*)/i;

/**
 * The pattern of a contract of Spine's own: its endpoint is the path of one, and what is forwarded is reliable when an
 * acknowledgement is always asked for. Undefined for what does not come to messaging at all (FHIR, SMSP).
 */
export function patternOf({ endpoint, contract }: MessageHandler): Pattern | undefined {
  const path = PATH.exec(endpoint)?.[1] ?? endpoint;
  if (path.startsWith('/sync')) return 'sync';
  switch (path) {
    case '/reliablemessaging/queryrequest':
      return 'express';
    case '/reliablemessaging/reliablerequest':
      return 'reliable';
    case '/reliablemessaging/intermediary':
    case '/reliablemessaging/forwardreliable':
      return contract.ackRequested === 'always' ? 'forward-reliable' : 'forward-express';
    default:
      return undefined;
  }
}
