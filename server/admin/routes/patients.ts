/** Patients as testers look for them, add, change and bring them along. The whole records are under /api/world/patients. */

import type { FastifyInstance } from 'fastify';
import { londonDay } from '../../core/clock/london.ts';
import type { Space } from '../../core/space/space.ts';
import { describePatient, describePatients, saysAll } from '../../core/world/generator/describe.ts';
import { changed, whyNot } from '../../core/world/import/changed.ts';
import { fieldHint, fieldOf, recordOf } from '../../core/world/import/fields.ts';
import { importPatients } from '../../core/world/import/importFile.ts';
import { nthNhsNumber } from '../../core/world/nhsNumber.ts';
import { ProblemsError } from '../../core/yaml/problem.ts';
import { type AdminContext, AdminError, kept, spaceOf } from '../context.ts';

type Fields = Record<string, string | null>;

/** Where numbers for those who were added without one begin: nobody else uses them. */
const FIRST_FREE = '9998000000';

const DAY_MS = 86_400_000;

const FIELDS_SCHEMA = {
  type: 'object',
  minProperties: 1,
  additionalProperties: { type: ['string', 'null'] },
  description:
    'by the names that a CSV file has: family, given, dateOfBirth, postcode, gp, confidentiality, dateOfDeath ...',
};

const IMPORT_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['file', 'text'],
  properties: {
    file: { type: 'string', description: 'name, for messages; its ending says CSV or YAML' },
    text: { type: 'string' },
  },
};

export function patientRoutes(app: FastifyInstance, { core }: AdminContext): void {
  app.get<{ Querystring: { text?: string; all?: boolean } }>(
    '/api/patients',
    {
      schema: {
        summary:
          'patients that were made for a purpose, and with words all that fit: number, name, practice, what each is for',
        querystring: {
          type: 'object',
          properties: {
            text: {
              type: 'string',
              description:
                'words that purpose, state, name, birth, practice or number must have; a whole NHS number finds anybody',
            },
            all: { type: 'boolean', description: 'a line for each record, copies and those without a purpose too' },
          },
        },
      },
    },
    async (request) => {
      const words = (request.query.text ?? '').split(/\s+/).filter((word) => word !== '');
      const { patients } = spaceOf(core, request).world;
      const written = patients.written();
      const described = request.query.all ? written.map(describePatient) : describePatients(written);
      const found = described.filter((description) => saysAll(description, words));
      if (request.query.all || words.length === 0) return found;
      // Those whom the user brought, or had generated, have no purpose, and are looked for by name or number.
      const others = written.filter(({ purpose }) => purpose === undefined).map(describePatient);
      for (const description of others) if (saysAll(description, words)) found.push(description);
      const generated = found.length === 0 ? await patients.get(words[0]!) : undefined;
      return generated ? [describePatient(generated)] : found;
    },
  );
  app.post<{ Body: Fields }>(
    '/api/patients',
    {
      schema: {
        summary: 'add a patient by a few fields; without nhsNumber the next free one is taken',
        body: FIELDS_SCHEMA,
      },
    },
    async (request, reply) => {
      const space = spaceOf(core, request);
      const record = recordOf(textsOf(request.body));
      record.nhsNumber ??= await freeNumber(space);
      if (await space.world.patients.get(String(record.nhsNumber))) {
        throw new AdminError(
          409,
          `there is a patient ${record.nhsNumber} already; PATCH /api/patients/${record.nhsNumber} changes it`,
        );
      }
      return reply.code(201).send(await kept(space.world.put('patients', record)));
    },
  );
  app.patch<{ Params: { nhsNumber: string }; Body: Fields }>(
    '/api/patients/:nhsNumber',
    {
      schema: {
        summary: 'change a patient by a few fields; what was there becomes history, null takes a field away',
        body: FIELDS_SCHEMA,
      },
    },
    async (request) => {
      const { nhsNumber } = request.params;
      const { world, clock } = spaceOf(core, request);
      const patient = await world.patients.get(nhsNumber);
      if (!patient) throw new AdminError(404, `there is no patient ${nhsNumber}; GET /api/patients lists who there is`);
      textsOf(request.body);
      const fields = canonical(request.body);
      const why = whyNot(patient, fields);
      if (why !== undefined) throw new AdminError(422, why);
      const days = { today: londonDay(clock.now()), yesterday: londonDay(clock.now() - DAY_MS) };
      await kept(world.put('patients', { ...changed(patient, fields, days), nhsNumber }));
      return world.patients.get(nhsNumber);
    },
  );
  app.post<{ Body: { file: string; text: string } }>(
    '/api/patients/import',
    {
      schema: {
        summary: 'take a CSV or YAML file of patients into the space: all of it, or nothing when it has a fault',
        body: IMPORT_SCHEMA,
      },
    },
    async (request) => {
      const { world, clock } = spaceOf(core, request);
      try {
        return await importPatients(world, request.body.file, request.body.text, londonDay(clock.now()));
      } catch (error) {
        if (error instanceof ProblemsError) throw new AdminError(422, error.message, error.problems);
        throw error;
      }
    },
  );
}

/** The fields that have a text. Throws AdminError 422 for a field that there is not. */
function textsOf(fields: Fields): [string, string][] {
  const unknown = Object.keys(fields).find((name) => !fieldOf(name));
  if (unknown !== undefined) throw new AdminError(422, `there is no field "${unknown}" (${fieldHint(unknown)})`);
  return Object.entries(fields).flatMap(([name, text]) => (text === null ? [] : [[name, text]]));
}

function canonical(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [fieldOf(name)!.name, text]));
}

async function freeNumber({ world }: Space): Promise<string> {
  for (let nth = 0; ; nth++) {
    const nhsNumber = nthNhsNumber(FIRST_FREE, nth);
    if (!(await world.patients.get(nhsNumber))) return nhsNumber;
  }
}
