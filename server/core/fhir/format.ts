/** JSON or XML: what a client asks for (FHIR STU3, RESTful API 2.1.0.6) and what a body is. */

export type FhirFormat = 'json' | 'xml';

export const JSON_TYPE = 'application/fhir+json';
export const XML_TYPE = 'application/fhir+xml';

/** The names of each form in use, those of DSTU2 among them. */
const FORMATS = new Map<string, FhirFormat>(
  Object.entries({
    'application/fhir+json': 'json',
    'application/json+fhir': 'json',
    'application/json': 'json',
    'text/json': 'json',
    json: 'json',
    'application/fhir+xml': 'xml',
    'application/xml+fhir': 'xml',
    'application/xml': 'xml',
    'text/xml': 'xml',
    xml: 'xml',
  }),
);

/** The form that a media type stands for, parameters left aside; undefined for any other type. */
export function formatOf(mediaType: string | undefined): FhirFormat | undefined {
  const bare = (mediaType ?? '').split(';', 1)[0]!.trim().toLowerCase();
  return FORMATS.get(bare);
}

/** What an Accept header asks for. */
export interface Acceptance {
  /** The form preferred among those that we know; undefined when none is named. */
  format: FhirFormat | undefined;
  /** True when any type will do: no header, or a range that covers both forms. */
  any: boolean;
}

/** Reads an Accept header (RFC 9110 12.5.1); of equal weights the first counts. */
export function readAccept(accept: string | undefined): Acceptance {
  let format: FhirFormat | undefined;
  let best = 0;
  let any = accept === undefined || accept.trim() === '';
  for (const range of (accept ?? '').split(',')) {
    const weight = Number(/;\s*q=([\d.]+)/i.exec(range)?.[1] ?? 1);
    const bare = range.split(';', 1)[0]!.trim();
    if (bare === '*/*' || bare === 'application/*') any ||= weight > 0;
    const found = formatOf(bare);
    if (found && weight > best) {
      format = found;
      best = weight;
    }
  }
  return { format, any };
}

/**
 * The value of `_format` in a query. A `+` in it is taken as sent: `application/fhir+json` is often not encoded, although a
 * form reader would see a blank.
 */
export function formatParameter(rawQuery: string): string | undefined {
  for (const pair of rawQuery.split('&')) {
    if (!pair.startsWith('_format=')) continue;
    const raw = pair.slice('_format='.length);
    try {
      return decodeURIComponent(raw);
    } catch {
      return raw;
    }
  }
  return undefined;
}
