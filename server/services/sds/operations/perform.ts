/** Which operation answers which request; searches, which answer in portions, go their own way. */
import { ControlOid } from '../directory/serverEntries.ts';
import type { AnsweredKind, Control, Request, RequestOf } from '../protocol/message.ts';
import { type LdapResult, result } from '../protocol/result.ts';
import { ResultCode } from '../protocol/resultCode.ts';
import { bind } from './bind.ts';
import { compare } from './compare.ts';
import { extended } from './extended.ts';
import type { Call, Outcome } from './operation.ts';
import { type WriteRequest, write } from './write.ts';

/** Controls by the operations that they mean something to; ManageDsaIT goes with any (RFC 3296 3). */
const KNOWN: Record<string, readonly AnsweredKind[]> = {
  [ControlOid.pagedResults]: ['search'],
  [ControlOid.manageDsaIt]: ['search', 'compare', 'add', 'modify', 'delete', 'modifyDn'],
};

/** RFC 4511 4.1.11: a critical control that means nothing to the operation ends it. */
export function refusedControl(kind: AnsweredKind, controls: readonly Control[]): LdapResult | undefined {
  const refused = controls.find(({ oid, critical }) => critical && !KNOWN[oid]?.includes(kind));
  return refused && result(ResultCode.unavailableCriticalExtension, `critical control ${refused.oid} is not supported`);
}

export type SimpleRequest = Exclude<Request, { kind: 'search' | 'unbind' | 'abandon' }>;

/** Changes are kept before they are answered; all else is answered at once. */
export function perform(call: Call<SimpleRequest>): Outcome | Promise<Outcome> {
  const { request } = call;
  switch (request.kind) {
    case 'bind':
      return bind(call as Call<RequestOf<'bind'>>);
    case 'compare':
      return compare(call as Call<RequestOf<'compare'>>);
    case 'extended':
      return extended(call as Call<RequestOf<'extended'>>);
    default:
      return write(call as Call<WriteRequest>);
  }
}
