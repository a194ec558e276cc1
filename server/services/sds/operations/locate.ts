/** Finds the entry that a request names: of the directory, or one about the server itself. */
import { rootDse, SUBSCHEMA_NAMES, subschema } from '../directory/serverEntries.ts';
import { type TextEntry, TextView } from '../directory/textEntry.ts';
import { type LdapResult, result } from '../protocol/result.ts';
import { ResultCode } from '../protocol/resultCode.ts';
import { normalizeDn } from '../schema/dn.ts';
import type { SpaceDirectory } from '../spaceDirectory.ts';

export type Place =
  | { id: number; dn: string; view?: undefined }
  | { id: -1; dn: string; text: TextEntry; view: TextView }
  | { result: LdapResult };

/** `dn` of the place is the normal form. */
export function locate(name: string, directory: SpaceDirectory, startTls: boolean): Place {
  const dn = normalizeDn(name);
  if (dn === undefined) return { result: result(ResultCode.invalidDNSyntax, 'invalid DN') };
  const { entries, settings } = directory;
  const id = entries.find(dn);
  if (id !== undefined) return { id, dn };
  let text: TextEntry | undefined;
  if (dn === '') {
    text = rootDse({ profile: settings.profile, namingContexts: entries.suffixes(), startTls });
  } else {
    const subschemaName = SUBSCHEMA_NAMES.get(dn);
    if (subschemaName) text = subschema(subschemaName, directory.startedAt);
  }
  if (text) return { id: -1, dn, text, view: new TextView(text) };
  return { result: result(ResultCode.noSuchObject, '', entries.deepestAncestor(dn)) };
}
