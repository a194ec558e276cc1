/** The five mini services, each with the items of its query. */
import type { PdsSettings } from '../../../config/pdsSettings.ts';
import type { SmspSettings } from '../../../config/smspSettings.ts';
import type { Nearest } from '../../../core/demographics/nearest.ts';
import type { World } from '../../../core/world/world.ts';
import type { Code } from '../codes.ts';
import type { Item, Need, Query } from '../query.ts';
import { getNhsNumber } from './getNhsNumber.ts';
import { getPatientDetails } from './getPatientDetails.ts';
import { getPatientDetailsByNhsNumber } from './getPatientDetailsByNhsNumber.ts';
import { getPatientDetailsBySearch } from './getPatientDetailsBySearch.ts';
import { verifyNhsNumber } from './verifyNhsNumber.ts';

/** The services' own settings, and those of PDS that hold here too. */
export type MiniServiceSettings = SmspSettings & Pick<PdsSettings, 'stopNoted' | 'crossCheck'>;

export interface QueryContext {
  query: Query;
  world: World;
  /** Simulated day, `YYYY-MM-DD`. */
  today: string;
  settings: MiniServiceSettings;
}

export interface Outcome {
  code: Code;
  /** For the journal. */
  detail?: string;
  /** Whom a search in vain may have meant, for the journal. */
  nearest?: readonly Nearest[];
  /** Serialises the response with this id; a failure without it carries the code alone. */
  response?(id: string): string;
}

export interface MiniService {
  /** For example `verifyNHSNumber-v1-0`. */
  service: string;
  /** Root element of the request payload. */
  root: string;
  /** Root element and profile of the response. */
  response: string;
  needs: Record<Item, Need>;
  /** Whether a part of a date of birth will do. */
  partialBirth: boolean;
  run(context: QueryContext): Promise<Outcome>;
}

export const OPERATIONS: readonly MiniService[] = [
  verifyNhsNumber,
  getNhsNumber,
  getPatientDetailsByNhsNumber,
  getPatientDetailsBySearch,
  getPatientDetails,
];
