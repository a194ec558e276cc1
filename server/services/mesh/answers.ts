/** Answers as MESH gives them: header names in lower case, since one client looks them up so; always a Content-Length. */
import type { HeaderLine, HttpAnswer } from '../../core/http/answer.ts';

export const JSON_TYPE = 'application/json';
export const MESH_V2_TYPE = 'application/vnd.mesh.v2+json';

/** A JSON body. Members that are undefined are left out: v2 never has a null member. */
export function json(status: number, body: unknown, type = JSON_TYPE): HttpAnswer {
  const bytes = Buffer.from(JSON.stringify(body));
  const headers: HeaderLine[] = [
    ['content-type', type],
    ['content-length', String(bytes.length)],
  ];
  return { status, headers, body: bytes };
}

/** No body. */
export function empty(status: number, headers: HeaderLine[] = []): HttpAnswer {
  return { status, headers: [...headers, ['content-length', '0']] };
}
