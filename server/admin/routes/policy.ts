/** What the environments allow, by date: the rules, which of them are in force, and changes to them. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SETTINGS_SCHEMA } from '../../config/schemaFile.ts';
import { PolicyError } from '../../core/policy/policy.ts';
import type { PolicyChange, PolicyRule } from '../../core/policy/rule.ts';
import { ProfileError } from '../../listeners/profileBoard.ts';
import { type AdminContext, AdminError, spaceOf } from '../context.ts';

/** A rule is written as in the settings. */
const { patternProperties } = SETTINGS_SCHEMA.properties!.policy!.properties!.rules!;
const RULE = Object.values(patternProperties!)[0]!;

interface RuleParams {
  Params: { id: string };
}

export function policyRoutes(app: FastifyInstance, context: AdminContext): void {
  const { policy, config } = context.core;
  const shown = (rule: PolicyRule, request: FastifyRequest) => ({
    ...rule,
    inForce: policy.inForce(rule, spaceOf(context.core, request).clock.now()),
  });

  app.get(
    '/api/policy',
    { schema: { summary: 'the dated rules, and whether each is in force by the clock of the space' } },
    async (request) => ({
      now: spaceOf(context.core, request).clock.iso(),
      date: config.policy.date,
      rules: policy.rules().map((rule) => shown(rule, request)),
    }),
  );
  app.patch<RuleParams & { Body: PolicyChange }>(
    '/api/policy/:id',
    { schema: { summary: 'change a dated rule or add one, for all spaces', body: RULE } },
    async (request) => {
      const { profile, before } = request.body;
      try {
        for (const name of [profile, before]) if (name !== undefined) await context.tls.board.use(name);
        const rule = policy.change(request.params.id, request.body);
        await context.changes.keep();
        return shown(rule, request);
      } catch (error) {
        if (error instanceof PolicyError || error instanceof ProfileError) throw new AdminError(400, error.message);
        throw error;
      }
    },
  );
  app.delete<RuleParams>(
    '/api/policy/:id',
    { schema: { summary: 'take a change back: the rule as settings and timeline have it' } },
    async (request, reply) => {
      const { id } = request.params;
      if (!policy.restore(id)) throw new AdminError(404, `there is no dated rule "${id}"; GET /api/policy lists them`);
      await context.changes.keep();
      return reply.code(204).send();
    },
  );
}
