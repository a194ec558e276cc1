/** Why the gazetteer refuses, each once. Codes and texts are from its published list; severities are assumed. */
export interface GazetteerError {
  code: string;
  severity: 'Warning' | 'Error';
  text: string;
}

const error = (code: string, text: string, severity: GazetteerError['severity'] = 'Error'): GazetteerError => ({
  code,
  severity,
  text,
});

export const ERRORS = {
  tooMany: error('GSB002', 'Too Many Matches found', 'Warning'),
  mandatory: error('GSB003', 'Null values found in mandatory elements'),
  minimum: error('GSB004', 'Minimum number of address requested should at least be 1'),
  notUk: error('GSB005', 'Unable to validate non-UK address', 'Warning'),
  guid: error('GSB006', 'Null value in GUID'),
  empty: error('GSA001', 'Empty Search request found'),
  structure: error('GSA002', 'Invalid Message Structure'),
  unknown: error('GSA000', 'Unknown Error'),
} as const satisfies Record<string, GazetteerError>;

/** A refusal of one request: what is answered, and what the journal says of it. */
export interface Refusal {
  error: GazetteerError;
  detail: string;
  /** One plain sentence on what to fix. */
  advice: string;
  /** Element that is wrong, where one is. */
  location?: string;
}
