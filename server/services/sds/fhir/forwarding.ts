/** Messages that go to their receiver through Spine: the address that senders are given is Spine's intermediary. */
import { findHost } from '../../../config/hosts.ts';
import { refuse } from './errors.ts';
import { lookUp, type Source } from './lookUp.ts';

const SERVICES = new Set('cc ebs ebsepr ebsnpr gp2gp pat itk dis ed op caf adm ooh am mh nd dir'.split(' '));

const INTERMEDIARIES: Record<string, ReadonlySet<string>> = {
  ReliableIntermediary: new Set(
    `COPC_IN000001UK01 COMT_IN000004GB01 MCCI_IN010000UK13 POLB_IN020005UK01 POLB_IN020006UK01 PRPA_IN010000UK07
     PRPA_IN020000UK06 PRPA_IN030000UK08 PRSC_IN040000UK08 PRSC_IN050000UK06 PRSC_IN060000UK06 PRSC_IN070000UK08
     PRSC_IN080000UK07 PRSC_IN090000UK09 PRSC_IN100000UK06 PRSC_IN110000UK08 PRSC_IN130000UK07 PRSC_IN140000UK06
     PRSC_IN150000UK06 RCMR_IN010000UK05 RCMR_IN030000UK06`.split(/\s+/),
  ),
  ExpressIntermediary: new Set(['PRSC_IN040000UK03', 'PRSC_IN080000UK03']),
};

/** Spine's own organisation code in the environment that the host is of. */
const SPINE_ODS = { INT: 'YEA', other: 'YES' };

/**
 * Gives Spine's address for an interaction that it forwards; undefined: the receiver's own address is to be told. An
 * intermediary is looked up once.
 */
export function forwardingAddresses(source: Source): (svcIA: string | undefined) => string | undefined {
  const known = new Map<string, string>();
  return (svcIA) => {
    const [service = '', interaction = ''] = svcIA?.split(':').slice(-2) ?? [];
    if (!SERVICES.has(service)) return undefined;
    const intermediary = Object.keys(INTERMEDIARIES).find((name) => INTERMEDIARIES[name]!.has(interaction));
    if (intermediary === undefined) return undefined;
    const address = known.get(intermediary) ?? addressOf(source, intermediary);
    known.set(intermediary, address);
    return address;
  };
}

function addressOf(source: Source, intermediary: string): string {
  const { exchange } = source;
  const environment = findHost(exchange.entry.host)?.host.environment;
  const clauses = {
    nhsIDCode: environment === 'INT' ? SPINE_ODS.INT : SPINE_ODS.other,
    objectClass: 'nhsMhs',
    nhsMhsSvcIA: `urn:nhs:names:services:tms:${intermediary}`,
  };
  const found = lookUp(source, clauses, ['nhsMHSEndPoint']);
  if (found.length !== 1) refuseCount('result', found.length);
  const addresses = found[0]!('nhsMHSEndPoint');
  if (addresses.length !== 1) refuseCount('address', addresses.length);
  exchange.step('forwarding', 'ok', `the address is that of Spine's ${intermediary}`);
  return addresses[0]!;
}

function refuseCount(what: string, count: number): never {
  return refuse(
    'internal',
    "The directory must have one entry of Spine's for the intermediary, with one address: see what the world or an import changed.",
    `Expected 1 ${what} for forward reliable/express routing and reliability but got ${count}`,
  );
}
