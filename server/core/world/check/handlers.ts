import { durationMs } from '../../clock/duration.ts';
import { svcIa } from '../kinds.ts';
import type { MessageHandler } from '../types.ts';
import { type CheckContext, error, type Finding, oddity, warning } from './finding.ts';
import { organisationExists, registrationRoles } from './references.ts';
import { partyKeyOfOneOrganisation } from './systems.ts';

export function* checkHandler(handler: MessageHandler, context: CheckContext): Generator<Finding> {
  yield* organisationExists(handler.ods, ['ods'], context);
  yield* partyKeyOfOneOrganisation(handler, context);
  yield* onlyContract(handler, context);
  yield* endpoint(handler);
  yield* reliability(handler);
  yield* registrationRoles(handler.registration, context);
}

function* onlyContract(handler: MessageHandler, { tables }: CheckContext): Generator<Finding> {
  const key = svcIa(handler);
  if (tables.systems.has(handler.cpaId)) {
    yield error(['cpaId'], `${handler.cpaId} is an ASID already: both are uniqueIdentifier in the directory`);
  }
  const same = tables.handlers
    .where('party', `${handler.partyKey} ${key}`)
    .find(({ cpaId }) => cpaId !== handler.cpaId);
  if (same) {
    yield oddity(
      ['interaction'],
      `${handler.partyKey} has a contract for ${key} already: ${same.cpaId}`,
      'change that one',
    );
  }
  const senders = tables.systems.byPartyKey(handler.partyKey);
  const listed = senders.some(({ asid }) => tables.systems.isAccredited(asid, key));
  if (!listed) {
    yield warning(
      ['interaction'],
      `no accredited system with party key ${handler.partyKey} lists ${key}`,
      'senders look there first',
    );
  }
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

function* endpoint(handler: MessageHandler): Generator<Finding> {
  const url = URL.parse(handler.endpoint);
  if (!url) {
    yield error(['endpoint'], `"${handler.endpoint}" is not a URL`);
    return;
  }
  if (url.protocol !== 'https:') {
    const finding = LOOPBACK.has(url.hostname) ? warning : oddity;
    yield finding(['endpoint'], 'Spine calls endpoints by https', handler.endpoint.replace(/^\w+:/, 'https:'));
  }
  if (url.hostname.toLowerCase() !== handler.fqdn.toLowerCase()) {
    yield oddity(
      ['fqdn'],
      `is "${handler.fqdn}", but the endpoint is at ${url.hostname}`,
      'they must be the same host',
    );
  }
  if (handler.interactionType === 'FHIR' && handler.endpoint.endsWith('/')) {
    yield oddity(['endpoint'], 'a FHIR root has no slash at its end: clients append their path to it');
  }
}

/** Retries, interval and persist duration go together, and with always/always. */
function* reliability({ contract }: MessageHandler): Generator<Finding> {
  const given = [contract.retries, contract.retryInterval, contract.persistDuration].filter(
    (part) => part !== undefined,
  );
  if (given.length !== 0 && given.length !== 3) {
    yield oddity(['contract'], 'retries, retryInterval and persistDuration are all there or none');
  }
  const reliable = contract.ackRequested === 'always' && contract.duplicateElimination === 'always';
  if (reliable !== (contract.retries !== undefined)) {
    yield oddity(
      ['contract'],
      'a contract has retries if, and only if, ackRequested and duplicateElimination are always',
    );
  }
  const interval = readDuration(contract.retryInterval);
  const persist = readDuration(contract.persistDuration);
  if (interval === 'wrong') yield error(['contract', 'retryInterval'], 'is not an ISO 8601 duration', 'PT1M');
  if (persist === 'wrong') yield error(['contract', 'persistDuration'], 'is not an ISO 8601 duration', 'PT5M');
  if (typeof interval === 'number' && typeof persist === 'number' && interval * (contract.retries ?? 0) > persist) {
    yield oddity(['contract', 'persistDuration'], 'is shorter than all retries take: a late copy would count as new');
  }
}

function readDuration(text: string | undefined): number | 'wrong' | undefined {
  return text === undefined ? undefined : (durationMs(text) ?? 'wrong');
}
