/** The Content-Type header (RFC 2045 5.1), read as leniently as real senders need. */
export interface ContentType {
  /** In lower case, such as `multipart/related`; empty if there is none. */
  type: string;
  /** Names in lower case, values as sent without their quotes; of a name given twice the first counts. */
  parameters: ReadonlyMap<string, string>;
}

// An unquoted value may hold characters that RFC 2045 wants quoted: `boundary=--=_MIME-Boundary`, `start=<a@b>`.
const PARAMETER = /;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))/gs;

/** Never fails: what cannot be read is not there. */
export function parseContentType(header: string | undefined): ContentType {
  const text = header ?? '';
  const parameters = new Map<string, string>();
  for (const [, name, quoted, plain] of text.matchAll(PARAMETER)) {
    const key = name!.toLowerCase();
    const value = quoted === undefined ? plain!.trim() : quoted.replace(/\\(.)/gs, '$1');
    if (!parameters.has(key)) parameters.set(key, value);
  }
  return { type: text.split(';', 1)[0]!.trim().toLowerCase(), parameters };
}

/**
 * A Content-ID, `start` parameter or reference in one form for comparing: without `cid:` or `mid:`, angle brackets and
 * percent-encoding (RFC 2392), in lower case, since some senders change the case of a UUID between header and reference.
 */
export function contentKey(reference: string): string {
  const bare = reference
    .trim()
    .replace(/^(?:cid|mid):/i, '')
    .replace(/^<|>$/g, '');
  try {
    return decodeURIComponent(bare).toLowerCase();
  } catch {
    return bare.toLowerCase();
  }
}
