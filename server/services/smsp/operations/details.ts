/** What the three getPatientDetails services have in common: find by number or by search, then show the record. */
import { crossCheck, traceUnique } from '../../../core/demographics/trace.ts';
import type { Patient } from '../../../core/world/types.ts';
import { CODES, type Code } from '../codes.ts';
import { detailsResponse } from '../messages/details.ts';
import { crossCheckQuery } from '../query.ts';
import { numberFailure, searchFailure } from './failures.ts';
import type { Outcome, QueryContext } from './operations.ts';

export const DETAILS_RESPONSE = 'getPatientDetailsResponse-v1-0';

export async function detailsByNumber(context: QueryContext): Promise<Outcome> {
  const { query, world, settings } = context;
  const result = await crossCheck(world, crossCheckQuery(query), settings.crossCheck);
  if (result.outcome !== 'verified') return numberFailure(world, query.nhsNumber!, result);
  return shown(context, result.patient, result.superseded ? CODES.superseded : CODES.success);
}

export async function detailsBySearch(context: QueryContext): Promise<Outcome> {
  const { query, world, today } = context;
  if (!query.family) return { code: CODES.invalidRequest, detail: 'a search needs a family name' };
  const search = { ...query, family: query.family };
  const result = await traceUnique(world, search, today);
  if (result.outcome !== 'match') return searchFailure(world, search, today, result);
  return shown(context, result.patient, CODES.success);
}

function shown({ query, world, today, settings }: QueryContext, patient: Patient, code: Code): Outcome {
  const practice = patient.gp && world.organisations.get(patient.gp.ods);
  const { localIdentifier } = query;
  const open = !isWithheld(patient, settings);
  return {
    code,
    response: (id) => detailsResponse({ id, code, patient, practice, today, localIdentifier, open }),
  };
}

/** Sensitive records, and those that are stop-noted where PDS treats them so. */
function isWithheld({ confidentiality }: Patient, { stopNoted }: QueryContext['settings']): boolean {
  return confidentiality === 'S' || (confidentiality !== undefined && stopNoted === 'redacted');
}
