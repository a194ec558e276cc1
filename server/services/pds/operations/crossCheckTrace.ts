/** Cross-check trace: whether a number and a date of birth (with a name, where the date is doubtful) are one person's. */
import { whyAbsent } from '../../../core/demographics/absence.ts';
import { crossCheck } from '../../../core/demographics/trace.ts';
import { OID } from '../../../core/hl7/oid.ts';
import type { InteractionHandler, InteractionReply, InteractionRequest } from '../../../core/interactions/registry.ts';
import { FAILURES, failedCheck, WARNINGS } from '../issues.ts';
import { failing } from '../namedErrors.ts';
import { readDays, readName } from '../person.ts';
import { Query } from '../query.ts';
import { viewMatch } from '../record/view.ts';
import { renderCrossCheck } from '../render/match63.ts';
import { settingsOf } from '../settings.ts';
import { found, type QueryDefinition, refuse, viewing } from './outcome.ts';

/** Numbers of the old style are shorter, or have letters. */
const NEW_STYLE = /^\d{10}$/;

export function crossCheckTrace(definition: QueryDefinition): InteractionHandler {
  const { interaction, status } = definition;
  return {
    service: 'pdsquery',
    interactions: [interaction],
    status,
    handle: (request) => verify(definition, request),
    fail: failing(definition.generation),
  };
}

async function verify({ generation, reply }: QueryDefinition, request: InteractionRequest): Promise<InteractionReply> {
  const { exchange } = request;
  const query = new Query(request);
  const births = readDays(query, 'person.birthTime');
  const [birth] = births;
  if (births.length !== 1 || birth === undefined) {
    const detail = `there are ${births.length} person.birthTime/value/@value`;
    return refuse(request, generation, failedCheck('DATE_OF_BIRTH_MISSING'), detail);
  }
  const [id, another] = query.values('person.id');
  const nhsNumber = id?.attr('extension', '');
  if (!nhsNumber || another) {
    const detail = another ? 'person.id came more than once' : 'person.id has no number';
    return refuse(request, generation, failedCheck('MISSING_NHS_NUMBER'), detail);
  }
  if (id?.attr('root', '') !== OID.nhsNumber || !NEW_STYLE.test(nhsNumber)) {
    const detail = `person.id is "${nhsNumber.slice(0, 20)}" of the root "${id?.attr('root', '') ?? ''}"`;
    return refuse(request, generation, FAILURES.notNewStyle, detail);
  }
  const name = readName(query);
  if (name && (name.families > 1 || name.given.length > 1)) {
    return refuse(request, generation, failedCheck('INVALID_NAME_FORMAT'), 'more than one family or given name');
  }
  const asked = { nhsNumber, dateOfBirth: birth, family: name?.family, given: name?.given[0] };
  const result = await crossCheck(exchange.space.world, asked, settingsOf(request).crossCheck);
  switch (result.outcome) {
    case 'unknown':
      return refuse(request, generation, FAILURES.numberNotFound, await whyAbsent(exchange.space.world, nhsNumber));
    case 'invalid':
      return refuse(request, generation, FAILURES.invalidRecord, await whyAbsent(exchange.space.world, nhsNumber));
    case 'mismatch':
      return refuse(request, generation, FAILURES.notVerified, result.reason);
    case 'verified': {
      const { patient, superseded } = result;
      exchange.step('PDS', 'ok', superseded ? `verified, superseded by ${patient.nhsNumber}` : 'verified');
      const view = viewMatch(patient, viewing(request));
      const reasons = [
        ...(view.redacted ? [WARNINGS.sensitiveMatch] : []),
        ...(superseded ? [WARNINGS.supersededMatch] : []),
      ];
      return found(reply, generation, renderCrossCheck(view), reasons);
    }
  }
}
