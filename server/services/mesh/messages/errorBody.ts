/** Error bodies: v1 `errorEvent`, `errorCode`, `errorDescription`; v2 a `detail` list; validation errors the same for both. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import { json, MESH_V2_TYPE } from '../answers.ts';
import type { ApiVersion } from '../apiVersion.ts';
import type { MeshError } from '../errors.ts';

/** Ids that some refusals carry. */
export interface ErrorIds {
  messageId?: string | undefined;
  internalId?: string | undefined;
}

export function errorAnswer(error: MeshError, version: ApiVersion, ids: ErrorIds = {}): HttpAnswer {
  const { status, event, code, description } = error;
  if (version === 2) {
    const detail = [{ event, code, msg: description }];
    return json(status, { message_id: ids.messageId, internal_id: ids.internalId, detail }, MESH_V2_TYPE);
  }
  return json(status, {
    messageID: ids.messageId,
    errorEvent: event,
    errorCode: code,
    errorDescription: description,
  });
}

/** One thing wrong with a request: where, and what. */
export interface InvalidField {
  /** For example `['header', 'mex-to']`. */
  loc: ['header' | 'query' | 'path' | 'body', ...string[]];
  msg: string;
  type: string;
}

/** 400: a list, the same for both versions. */
export function invalidAnswer(detail: InvalidField[]): HttpAnswer {
  return json(400, { detail });
}

/** 406, 423 and 500 carry no code. */
export function plainErrorAnswer(status: number): HttpAnswer {
  return json(status, { message: 'An internal error occurred.\n\nPlease contact support.' });
}

/** Unknown paths and methods: answered before the API is reached. */
export function detailAnswer(status: number, detail: string): HttpAnswer {
  return json(status, { detail });
}
