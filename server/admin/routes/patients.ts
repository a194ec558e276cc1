/** Patients as testers look for them: by what a record is good for. The records themselves are under /api/world/patients. */
import type { FastifyInstance } from 'fastify';
import { describePatient, describePatients, saysAll } from '../../core/world/generator/describe.ts';
import { type AdminContext, spaceOf } from '../context.ts';

export function patientRoutes(app: FastifyInstance, { core }: AdminContext): void {
  app.get<{ Querystring: { text?: string; all?: boolean } }>(
    '/api/patients',
    {
      schema: {
        summary: 'patients that were made for a purpose: number, name and what each is for',
        querystring: {
          type: 'object',
          properties: {
            text: { type: 'string', description: 'words that purpose, state, name or number must have' },
            all: { type: 'boolean', description: 'a line for each of many copies too' },
          },
        },
      },
    },
    async (request) => {
      const words = (request.query.text ?? '').split(/\s+/).filter((word) => word !== '');
      const patients = await spaceOf(core, request).world.patients.list();
      const described = request.query.all
        ? patients.filter(({ purpose }) => purpose !== undefined).map(describePatient)
        : describePatients(patients);
      return described.filter((description) => saysAll(description, words));
    },
  );
}
