/** Create initial record: a birth notification gets the baby a record and a number, unless PDS has one like it. */
import { sameBirths } from '../../../core/demographics/register/duplicates.ts';
import { registerPatient } from '../../../core/demographics/register/register.ts';
import type { InteractionHandler, InteractionReply, InteractionRequest } from '../../../core/interactions/registry.ts';
import type { Patient } from '../../../core/world/types.ts';
import type { World } from '../../../core/world/world.ts';
import { type Birth, readBirth } from '../register/birth.ts';
import type { PartVersion } from '../render/personParts.ts';
import { renderDuplicates, renderRegistered } from '../render/registered.ts';
import { change, changed, changeOf, type QueryDefinition } from './outcome.ts';

export interface CreateRecord extends QueryDefinition {
  /** The answer when a record like it exists. */
  duplicate: string;
  parts: PartVersion;
}

/** More than these are not told: a birth has few doubles. */
const MOST_DUPLICATES = 10;

export function createRecord(definition: CreateRecord): InteractionHandler {
  const { interaction, status } = definition;
  return {
    service: 'pds',
    interactions: [interaction],
    changes: true,
    status,
    handle: (request) => change(request, () => create(definition, request)),
  };
}

async function create(definition: CreateRecord, request: InteractionRequest): Promise<InteractionReply> {
  const { exchange } = request;
  const { world } = exchange.space;
  const birth = readBirth(request.message);
  const like = await sameBirths(world, birth.baby);
  const done = like.find(({ changedBy }) => changedBy === request.messageId);
  // The message came again after a failure.
  if (done) return changed(definition.reply, definition.generation, renderRegistered(done));
  const doubles = birth.ignoreDuplicates ? [] : like;
  if (doubles.length > 0) {
    exchange.step('PDS', 'failed', `${doubles.length} records like it`);
    const advice = 'Send it again with pertinentIgnoreDuplicateRecordCriterion true if it is another baby.';
    exchange.refuse('duplicate', `PDS has ${doubles[0]!.nhsNumber}, which may be the same baby`, advice);
    const subject = await renderDoubles(world, doubles, birth, definition.parts);
    return { ...changed(definition.duplicate, definition.generation, subject), acknowledgement: 'AE' };
  }
  const patient = await registerPatient(exchange.space, birth.baby, changeOf(request));
  exchange.identify({ nhsNumber: patient.nhsNumber });
  exchange.step('PDS', 'ok', `allocated ${patient.nhsNumber}`);
  return changed(definition.reply, definition.generation, renderRegistered(patient));
}

async function renderDoubles(
  world: World,
  doubles: readonly Patient[],
  { recipient }: Birth,
  parts: PartVersion,
): Promise<string> {
  const told = doubles.slice(0, MOST_DUPLICATES).map(async (patient) => ({
    patient,
    mother: patient.mother === undefined ? undefined : await world.patients.get(patient.mother),
  }));
  return renderDuplicates(await Promise.all(told), recipient, parts);
}
