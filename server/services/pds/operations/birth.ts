/** Create initial record: a birth notification gets the baby a record and a number, unless PDS has one like it. */
import { sameBirths } from '../../../core/demographics/register/duplicates.ts';
import { inTurn } from '../../../core/demographics/register/inTurn.ts';
import type { InteractionHandler, InteractionReply, InteractionRequest } from '../../../core/interactions/registry.ts';
import type { Patient } from '../../../core/world/types.ts';
import type { World } from '../../../core/world/world.ts';
import { type Birth, readBirth } from '../register/birth.ts';
import type { BirthForm } from '../register/birthChecks.ts';
import { notifyChildHealth } from '../register/notify.ts';
import type { PartVersion } from '../render/personParts.ts';
import { renderDuplicates } from '../render/registered.ts';
import { settingsOf } from '../settings.ts';
import { changed, changing } from './outcome.ts';
import { type Registering, register, registered, warningsOf } from './register.ts';

export interface CreateRecord extends Registering {
  /** The answer when a record like it exists. */
  duplicate: string;
  parts: PartVersion;
  form: BirthForm;
}

/** More than these are not told: a birth has few doubles. */
const MOST_DUPLICATES = 10;

export const createRecord = (definition: CreateRecord): InteractionHandler => changing(definition, create);

async function create(definition: CreateRecord, request: InteractionRequest): Promise<InteractionReply> {
  const birth = readBirth(request.message, definition.form);
  const { world } = request.exchange.space;
  return inTurn(world, birth.baby.dateOfBirth, () => make(definition, request, birth));
}

async function make(definition: CreateRecord, request: InteractionRequest, birth: Birth): Promise<InteractionReply> {
  const { world } = request.exchange.space;
  const like = await sameBirths(world, birth.baby);
  // The message came again after a failure, which kept the notification from being sent too.
  const done = like.find(({ changedBy }) => changedBy === request.messageId);
  const doubles = done || birth.ignoreDuplicates ? [] : like;
  if (doubles.length > 0) return refuseDoubles(definition, request, birth, doubles);
  const patient = done ?? (await register(request, birth.baby));
  notifyChildHealth(request, birth, patient);
  return registered(definition, patient, warningsOf(request, birth.warnings));
}

async function refuseDoubles(
  { duplicate, generation, parts }: CreateRecord,
  request: InteractionRequest,
  birth: Birth,
  doubles: readonly Patient[],
): Promise<InteractionReply> {
  const { exchange } = request;
  exchange.step('PDS', 'failed', `${doubles.length} records like it`);
  const advice = 'Send it again with pertinentIgnoreDuplicateRecordCriterion true if it is another baby.';
  exchange.refuse('duplicate', `PDS has ${doubles[0]!.nhsNumber}, which may be the same baby`, advice);
  const subject = await renderDoubles(exchange.space.world, doubles, birth, parts);
  return { ...changed(duplicate, generation, subject), acknowledgement: settingsOf(request).duplicateBirth };
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
