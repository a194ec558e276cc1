/** Extended operations (RFC 4511 4.12): who am I, StartTLS, cancel. */
import { BerError } from '../ber/error.ts';
import { BerReader } from '../ber/reader.ts';
import { Tag } from '../ber/tag.ts';
import { ExtensionOid } from '../directory/serverEntries.ts';
import type { RequestOf } from '../protocol/message.ts';
import { ResultCode } from '../protocol/resultCode.ts';
import { type Call, type Outcome, outcome } from './operation.ts';

export function extended(call: Call<RequestOf<'extended'>>): Outcome {
  switch (call.request.oid) {
    case ExtensionOid.whoAmI:
      return whoAmI(call);
    case ExtensionOid.startTls:
      return startTls(call);
    case ExtensionOid.cancel:
      return cancel(call);
    default:
      return outcome(ResultCode.protocolError, 'unsupported extended operation');
  }
}

/** RFC 4532: the empty text for anonymous. */
function whoAmI({ session, request }: Call<RequestOf<'extended'>>): Outcome {
  if (request.value !== undefined) return outcome(ResultCode.protocolError, 'no request data expected');
  return {
    ...outcome(ResultCode.success),
    extended: { value: Buffer.from(session.dn === '' ? '' : `dn:${session.dn}`) },
  };
}

/** RFC 4511 4.14: the answer names the operation, and TLS follows it at once. */
function startTls(call: Call<RequestOf<'extended'>>): Outcome {
  const named = { extended: { oid: ExtensionOid.startTls as string } };
  if (call.facts.secure) return { ...outcome(ResultCode.operationsError, 'TLS already started'), ...named };
  // RFC 4511 4.14.1: not while anything is under way.
  if (call.running.size > 0) return { ...outcome(ResultCode.operationsError, 'operations are under way'), ...named };
  if (!call.startTls) return { ...outcome(ResultCode.protocolError, 'unsupported extended operation'), ...named };
  return { ...outcome(ResultCode.success), ...named, startTls: true };
}

/** RFC 3909 2: the search ends as canceled, and then the cancel succeeds. */
function cancel({ request, running }: Call<RequestOf<'extended'>>): Outcome {
  try {
    const reader = new BerReader(request.value ?? Buffer.alloc(0));
    const outer = reader.enter(Tag.Sequence);
    const messageId = reader.integer();
    reader.leave(outer);
    return outcome(running.cancel(messageId) ? ResultCode.success : ResultCode.noSuchOperation);
  } catch (error) {
    if (error instanceof BerError) return outcome(ResultCode.protocolError, 'cancel request is not decodable');
    throw error;
  }
}
