/** What every operation gets and gives. One file per operation. */
import type { ExtendedFields } from '../protocol/encode.ts';
import type { Control, Request } from '../protocol/message.ts';
import { type LdapResult, result } from '../protocol/result.ts';
import { ResultCode } from '../protocol/resultCode.ts';
import type { RunningOperations } from '../running.ts';
import type { ConnectionFacts, Session } from '../session.ts';
import type { SpaceDirectory } from '../spaceDirectory.ts';

export interface Call<R extends Request = Request> {
  request: R;
  controls: Control[];
  session: Session;
  facts: ConnectionFacts;
  directory: SpaceDirectory;
  /** True where StartTLS can be had on this connection. */
  startTls: boolean;
  /** Tells this connection's paging cookies from those of others. */
  connectionId: number;
  /** What else is under way on the connection. */
  running: RunningOperations;
}

/** How an operation without entries ends. */
export interface Outcome {
  result: LdapResult;
  controls?: Control[];
  /** Of a search: names in its attribute list that mean nothing to the directory. */
  unknownAttributes?: readonly string[];
  extended?: ExtendedFields;
  /** The identity from now on. */
  session?: Session;
  /** Turn on TLS once the result is sent. */
  startTls?: boolean;
}

export const outcome = (code: number, message = '', matchedDn = ''): Outcome => ({
  result: result(code, message, matchedDn),
});

export const SUCCESS: Outcome = outcome(ResultCode.success);
