/** Simulated time of a space. */
import type { FastifyInstance } from 'fastify';
import { isClockTime } from '../../core/clock/clock.ts';
import { durationMs } from '../../core/clock/duration.ts';
import { isoTimeMs } from '../../core/clock/isoTime.ts';
import { type AdminContext, AdminError, spaceOf } from '../context.ts';

interface ClockChange {
  now?: string;
  advance?: string;
  frozen?: boolean;
  reset?: boolean;
}

const ClockChangeSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    now: { type: 'string', description: 'ISO time, for example 2025-05-26 or 2025-05-26T09:00:00Z' },
    advance: { type: 'string', description: 'ISO 8601 duration, for example PT10H; a leading minus moves back' },
    frozen: { type: 'boolean', description: 'true stops the time, false lets it run on' },
    reset: { type: 'boolean', description: 'follow the default clock (or the machine) again' },
  },
};

export function clockRoutes(app: FastifyInstance, context: AdminContext): void {
  app.get('/api/clock', { schema: { summary: 'simulated time' } }, async (request) =>
    spaceOf(context.core, request).clock.state(),
  );
  app.put<{ Body: ClockChange }>(
    '/api/clock',
    { schema: { summary: 'set, advance, freeze or reset simulated time', body: ClockChangeSchema } },
    async (request) => {
      const space = spaceOf(context.core, request);
      const { clock } = space;
      const { now, advance, frozen, reset } = request.body;
      const time = now === undefined ? undefined : isoTimeMs(now);
      const step = advance === undefined ? undefined : durationMs(advance);
      if (now !== undefined && time === undefined) throw new AdminError(400, `"${now}" is not an ISO time`);
      if (advance !== undefined && step === undefined)
        throw new AdminError(400, `"${advance}" is not an ISO 8601 duration, such as PT10H`);
      // Looked at before anything is changed: a change is made whole or not at all.
      const target = (time ?? clock.now()) + (step ?? 0);
      if (!isClockTime(target)) throw new AdminError(400, 'simulated time goes from the year 1900 to the year 9900');
      if (reset) clock.reset();
      if (frozen) clock.freeze();
      if (time !== undefined) clock.set(time);
      if (step !== undefined) clock.advance(step);
      if (frozen === false) clock.unfreeze();
      await context.core.spaces.keepClock(space);
      return clock.state();
    },
  );
}
