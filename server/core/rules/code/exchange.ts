/** What the functions of a rule see of an exchange: everything decoded, nothing that they could change. */
import type { Patient } from '../../world/types.ts';
import type { RuleSpace } from '../decision.ts';
import { FIELD_NAMES, type FieldName } from '../definition/fields.ts';
import { fieldOf, type LdapRequestFacts } from '../facts.ts';
import type { QueryCompiler } from '../matchers/queryMatchers.ts';
import type { FactsReading } from '../reading.ts';

/** The fields are those that conditions test: docs/rules.md. */
export interface DecodedExchange extends Readonly<Partial<Record<FieldName, string>>> {
  /** Name of the space. */
  readonly space: string;
  /** Simulated time. */
  readonly now: Date;
  /** The body as text; empty where there is none. */
  readonly body: string;
  /** The body as JSON; undefined when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the client sent
  readonly json: any;
  /** Fields of a form, or the gpPARAMs of a gpOBJECT. */
  readonly form: Readonly<Record<string, string>>;
  /** What an LDAP operation asks for. */
  readonly ldap: LdapRequestFacts | undefined;
  /** Value of a request header, whatever the case of its name. */
  header(name: string): string | undefined;
  /** The first value of a query parameter. */
  query(name: string): string | undefined;
  /** XPath 1.0 over the message: the texts of what it finds. Rejects for an expression that is none. */
  xpath(expression: string, namespaces?: Record<string, string>): Promise<readonly string[]>;
  /** State of a scenario; `started` where nobody set it. */
  state(scenario: string): string;
  /** A patient of the space, by default the one that the exchange is about. */
  patient(nhsNumber?: string): Promise<Patient | undefined>;
  /** An id by the space's own sequence. */
  uuid(): string;
}

/** `namespaces`: those of the rule. Of use until `reading` is disposed of. */
export function decodedExchange(
  reading: FactsReading,
  space: RuleSpace,
  queries: QueryCompiler,
  namespaces: Record<string, string>,
): DecodedExchange {
  const { facts } = reading;
  const exchange = {
    space: space.name,
    get now() {
      return space.clock.date();
    },
    get body() {
      return reading.body ?? '';
    },
    get json() {
      return reading.json;
    },
    get form() {
      return reading.form;
    },
    ldap: facts.ldap,
    header: (name: string) => facts.header?.(name),
    query: (name: string) => facts.query?.getAll(name)[0],
    async xpath(expression: string, own: Record<string, string> = {}) {
      const query = await queries.xpath(expression, { ...namespaces, ...own });
      await reading.openXml();
      return reading.xpath(query).values;
    },
    state: (scenario: string) => reading.scene.state(scenario),
    patient: async (nhsNumber = facts.nhsNumber) =>
      nhsNumber === undefined ? undefined : space.world.patients.get(nhsNumber),
    uuid: () => space.ids.uuid(),
  };
  for (const field of FIELD_NAMES) {
    Object.defineProperty(exchange, field, { enumerable: true, get: () => fieldOf(facts, field) });
  }
  return Object.freeze(exchange);
}
