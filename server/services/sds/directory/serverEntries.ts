/** Entries about the server itself: the root DSE (RFC 4512 5.1) and the subschema (RFC 4512 4.2). */
import { subschemaAttributes } from '../schema/subschema.ts';
import { CREATOR, generalizedTime, SUBSCHEMA_DN } from './operationalAttributes.ts';
import type { TextEntry } from './textEntry.ts';

export const ControlOid = {
  pagedResults: '1.2.840.113556.1.4.319',
  manageDsaIt: '2.16.840.1.113730.3.4.2',
} as const;

export const ExtensionOid = {
  startTls: '1.3.6.1.4.1.1466.20037',
  whoAmI: '1.3.6.1.4.1.4203.1.11.3',
  cancel: '1.3.6.1.1.8',
} as const;

/** Modify-increment is not offered; "all operational attributes", classes in lists, and true/false filters are. */
const FEATURES = ['1.3.6.1.4.1.4203.1.5.1', '1.3.6.1.4.1.4203.1.5.2', '1.3.6.1.4.1.4203.1.5.3'];

/** Names that clients ask the subschema by, in normal form; the first is the one that entries point to. */
export const SUBSCHEMA_NAMES: ReadonlyMap<string, string> = new Map([
  ['cn=subschema', SUBSCHEMA_DN],
  ['cn=schema', 'cn=schema'],
]);

export interface RootDseFacts {
  profile: 'dev' | 'opentest';
  namingContexts: string[];
  /** StartTLS can be had on this connection's port. */
  startTls: boolean;
}

/** No supportedSASLMechanisms: clients that find none fall back to simple binds. */
export function rootDse({ profile, namingContexts, startTls }: RootDseFacts): TextEntry {
  const extensions = [ExtensionOid.whoAmI, ExtensionOid.cancel, ...(startTls ? [ExtensionOid.startTls] : [])];
  return {
    dn: '',
    attributes: [
      ['objectClass', ['top', profile === 'dev' ? 'ds-root-dse' : 'OpenLDAProotDSE']],
      ['namingContexts', namingContexts],
      ['subschemaSubentry', [SUBSCHEMA_DN]],
      ['supportedLDAPVersion', ['3']],
      ['supportedControl', Object.values(ControlOid)],
      ['supportedExtension', extensions],
      ['supportedFeatures', FEATURES],
      ['structuralObjectClass', [profile === 'dev' ? 'ds-root-dse' : 'OpenLDAProotDSE']],
      ['hasSubordinates', ['TRUE']],
      ['numSubordinates', [String(namingContexts.length)]],
      ['entryDN', ['']],
    ],
  };
}

/** The same for all spaces, and only made when the first client asks: it has 60 kB. */
let attributes: TextEntry['attributes'] | undefined;

/** The subschema under the name that was asked for. `startedAt` is in milliseconds. */
export function subschema(dn: string, startedAt: number): TextEntry {
  attributes ??= subschemaAttributes();
  const time = generalizedTime(startedAt);
  return {
    dn,
    attributes: [
      ['cn', [dn.slice(3)]],
      ...attributes,
      ['structuralObjectClass', ['subentry']],
      ['createTimestamp', [time]],
      ['modifyTimestamp', [time]],
      ['creatorsName', [CREATOR]],
      ['modifiersName', [CREATOR]],
      ['entryDN', [dn.toLowerCase()]],
      ['hasSubordinates', ['FALSE']],
      ['numSubordinates', ['0']],
      ['subschemaSubentry', [SUBSCHEMA_DN]],
    ],
  };
}
