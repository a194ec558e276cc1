/** Answers of the service other than 202, as a StatusRecord has them. */

export interface Refusal {
  event: string;
  code: string;
  description: string;
}

/** The service does not take this message: trying again would not help. */
export class RefusedError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.description);
    this.refusal = refusal;
  }
}

/** The service is not able to answer at this time. */
export class TransientError extends Error {}

/** Statuses that clients of MESH try again. */
const TRANSIENT = new Set([425, 429, 500, 502, 503, 504]);

/** Codes of the control file for refusals that have none: user name or password, and given up. */
const NO_ACCESS = '04';
const GAVE_UP = '06';

export function refusalOf(status: number, body: string): RefusedError | TransientError {
  if (TRANSIENT.has(status)) return new TransientError(`the service answered ${status}`);
  const { errorEvent, errorCode, errorDescription, detail } = members(body);
  const description = errorDescription || detail?.[0]?.msg || `the service answered ${status}`;
  const code = errorCode || (status === 403 ? NO_ACCESS : GAVE_UP);
  return new RefusedError({ event: errorEvent || 'TRANSFER', code, description });
}

interface ErrorMembers {
  errorEvent?: string;
  errorCode?: string;
  errorDescription?: string;
  detail?: { msg?: string }[];
}

function members(body: string): ErrorMembers {
  try {
    return (JSON.parse(body) ?? {}) as ErrorMembers;
  } catch {
    return {};
  }
}
