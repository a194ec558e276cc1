/** What can be told of a request before it is read properly. */
import type { HttpExchange } from '../http/httpExchange.ts';

/** Where the patient of a resource stands at the latest. */
const MAX_GLANCED_BYTES = 16 * 1024;

const IN_URL = /nhs-number(?:\||%7C)(\d{10})\b/i;
const IN_JSON = /nhs-number"[^}]{0,40}?"value"\s*:\s*"(\d{10})"/;
const IN_XML = /nhs-number"\s*\/>\s*<value value="(\d{10})"/;

/** The NHS number that the query or the resource names, as far as a glance tells. */
export function nhsNumberIn({ rawUrl, body }: HttpExchange): string | undefined {
  const inUrl = IN_URL.exec(rawUrl)?.[1];
  if (inUrl !== undefined || body.length === 0) return inUrl;
  const text = body.toString('latin1', 0, MAX_GLANCED_BYTES);
  return (IN_JSON.exec(text) ?? IN_XML.exec(text))?.[1];
}
