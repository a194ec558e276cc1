/** The failures of PDS as rules and test data name them. */
import type { Exchange } from '../../core/exchange/exchange.ts';
import type { InteractionReply } from '../../core/interactions/registry.ts';
import type { NamedError } from '../../core/rules/namedErrors.ts';
import type { Generation } from './generation.ts';
import { FAILURES, type Failure, queryFailure } from './issues.ts';

/** NHS numbers that no patient has; they ask for a failure of any query that carries one. */
const TEST_DATA: Record<keyof typeof FAILURES, string> = {
  noSimpleMatch: '9990001014',
  noAdvancedMatch: '9990001022',
  noRecord: '9990001030',
  numberNotFound: '9990001049',
  tooManyMatches: '9990001057',
  severalMatches: '9990001065',
  invalidRecord: '9990001073',
  notVerified: '9990001081',
  notNewStyle: '9990001103',
  unexpected: '9990001111',
};

const codeOf = ([general, detail]: Failure): string => (detail ?? general).code;

export const NAMED_ERRORS: readonly NamedError[] = Object.entries<Failure>(FAILURES).map(([name, failure]) => ({
  service: 'messaging',
  name,
  code: codeOf(failure),
  text: (failure[1] ?? failure[0]).displayName,
  where: 'PDS queries',
  testData: { field: 'nhsNumber', value: TEST_DATA[name as keyof typeof FAILURES] },
}));

/** `fail` of a query's handler. */
export function failing(generation: Generation) {
  return (exchange: Exchange, name: string): InteractionReply | undefined => {
    const entries = Object.entries<Failure>(FAILURES);
    const failure = (entries.find(([own]) => own === name) ?? entries.find(([, one]) => codeOf(one) === name))?.[1];
    if (!failure) return undefined;
    const { code, displayName } = failure[1] ?? failure[0];
    exchange.refuse(code, displayName, 'A rule, or the NHS number of this message, asks for this failure.');
    return queryFailure(generation, failure);
  };
}
