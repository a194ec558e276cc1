/** Which version of the API a client asks for by its Accept header. */

export type ApiVersion = 1 | 2;

const MESH_TYPE = /^application\/vnd\.mesh\.v(\d+)\+json$/;

/**
 * Version 2 for `application/vnd.mesh.v2+json` (and later versions), else 1. Undefined for a type that names mesh but is not
 * of that form: the service answers it with 400. `lenient` reads lists of media types as RFC 9110 12.5.1 writes them;
 * otherwise the header is cut at `;` only, so that a list fails as it does on the public sandbox.
 */
export function apiVersion(accept: string | undefined, lenient: boolean): ApiVersion | undefined {
  if (!accept?.includes('vnd.mesh')) return 1;
  const pieces = accept
    .split(lenient ? /[;,]/ : ';')
    .map((piece) => piece.trim())
    .filter((piece) => piece.includes('vnd.mesh'));
  const versions = (lenient ? pieces : pieces.slice(0, 1)).map((piece) => MESH_TYPE.exec(piece)?.[1]);
  const known = versions.filter((version) => version !== undefined).map(Number);
  if (known.length === 0) return undefined;
  return Math.max(...known) >= 2 ? 2 : 1;
}
