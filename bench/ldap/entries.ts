/** Entries for measuring: practices with one accredited system and its message handlers each, and Spine's own large one. */
import type { Entry } from '../../server/services/sds/directory/entry.ts';
import { containers } from '../../server/services/sds/projection/containers.ts';
import { CHANGE_LOG } from '../../server/services/sds/projection/names.ts';
import { handlerEntry, systemEntry } from '../../server/services/sds/projection/services.ts';

/** A practice of a real export has about this many message handlers. */
const HANDLERS_PER_PRACTICE = 20;

/** Interactions of the large entry, as Spine's own has. */
const SPINE_INTERACTIONS = 478;

export const SPINE_ODS = 'YES';

const interaction = (n: number) => `QUPA_IN${String(n).padStart(6, '0')}UK01`;

const SERVICE = 'urn:nhs:names:services:gp2gp';

export interface Practice {
  ods: string;
  partyKey: string;
  /** An interaction of the practice, in full. */
  svcIa: string;
}

export function practice(n: number): Practice {
  const ods = `Z${n.toString(36).toUpperCase().padStart(5, '0')}`;
  return {
    ods,
    partyKey: `${ods}-${String(800000 + n)}`,
    svcIa: `${SERVICE}:${interaction(n % HANDLERS_PER_PRACTICE)}`,
  };
}

/** Number of practices that make about so many entries. */
export const practicesFor = (entries: number): number => Math.floor(entries / (HANDLERS_PER_PRACTICE + 1));

/** Containers, Spine's system and the practices' systems and handlers: about `count` entries. */
export function* benchEntries(count: number): Generator<Entry> {
  for (const entry of containers()) if (entry.dn !== CHANGE_LOG) yield entry;
  yield systemEntry({
    asid: '928942012545',
    ods: SPINE_ODS,
    partyKey: 'YES-0000806',
    interactions: Array.from(
      { length: SPINE_INTERACTIONS },
      (_, n) => `urn:nhs:names:services:spine:${interaction(n)}`,
    ),
  });
  for (let n = 0; n < practicesFor(count); n++) {
    const { ods, partyKey } = practice(n);
    const names = Array.from({ length: HANDLERS_PER_PRACTICE }, (_, i) => interaction(i));
    yield systemEntry({
      asid: String(200000000000 + n),
      ods,
      partyKey,
      manufacturer: 'ZZ901',
      product: { name: 'Example Practice System', version: '1.0', key: '9901' },
      accessControl: ['CNST', 'DOLR', 'RBAC'],
      interactions: names.map((name) => `${SERVICE}:${name}`),
    });
    for (let i = 0; i < HANDLERS_PER_PRACTICE; i++) yield handler(n, i, ods, partyKey, names[i]!);
  }
}

function handler(n: number, i: number, ods: string, partyKey: string, name: string): Entry {
  const fqdn = `mhs${n}.example-practice.nhs.uk`;
  return handlerEntry({
    cpaId: (n * HANDLERS_PER_PRACTICE + i).toString(16).padStart(20, '0'),
    ods,
    partyKey,
    service: SERVICE,
    interaction: name,
    endpoint: `https://${fqdn}/reliablemessaging/forwardreliable`,
    fqdn,
    ipAddress: '0.0.0.0',
    description: 'Example Practice System MHS',
    manufacturer: 'ZZ901',
    product: { name: 'Example Practice System', version: '1.0', key: '9901' },
    contract: {
      syncReplyMode: 'None',
      ackRequested: 'always',
      duplicateElimination: 'always',
      retries: 2,
      retryInterval: 'PT2H',
      persistDuration: 'PT7H',
      actor: 'urn:oasis:names:tc:ebxml-msg:actor:nextMSH',
      isAuthenticated: 'transient',
    },
  });
}
