/** One rule that an answer keeps or breaks. */

export interface Finding {
  /** What was looked at, in a few words. */
  check: string;
  outcome: 'ok' | 'wrong';
  /** Where in the answer: a header, or a path as `Bundle.entry[0].resource.meta`. */
  where?: string;
  /** What was seen, and what should have been. */
  text: string;
  /** Page of the specification that has the rule. */
  rule: string;
}

/** Collects findings; a check that found nothing wrong is one finding too, so that a report can say what was looked at. */
export class Findings {
  readonly all: Finding[] = [];

  /** Notes what came of one check. `text` may quote an answer, of which the beginning tells enough. */
  expect(good: boolean, check: string, text: string, rule: string, where?: string): boolean {
    const at = where === undefined ? {} : { where };
    this.all.push(
      good
        ? { check, outcome: 'ok', ...at, text: 'as it should be', rule }
        : { check, outcome: 'wrong', ...at, text: shortened(text), rule },
    );
    return good;
  }

  /** Several of one kind: each that is wrong, or one finding that all are well. */
  each(check: string, rule: string, wrong: { where: string; text: string }[]): void {
    if (wrong.length === 0) this.expect(true, check, '', rule);
    for (const { where, text } of wrong) this.expect(false, check, text, rule, where);
  }
}

/** Longest text of a finding, in characters. */
const MAX_TEXT = 1000;

const shortened = (text: string) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)} ...` : text);

/** Pages that the rules come from. */
export const PAGES = {
  general: 'GP Connect, general API guidance',
  resources: 'GP Connect, FHIR resource guidance',
  errors: 'GP Connect, error handling guidance',
  capability: 'GP Connect, get the FHIR capability statement',
  patient: 'GP Connect, find a patient',
  register: 'GP Connect, register a patient',
  slots: 'GP Connect, search for free slots',
  book: 'GP Connect, book an appointment',
  amend: 'GP Connect, amend an appointment',
  cancel: 'GP Connect, cancel an appointment',
  appointments: "GP Connect, retrieve a patient's appointments",
  structured: 'GP Connect, structured record: bundle',
  list: 'GP Connect, structured record: List',
  migrate: 'GP Connect, migrate a structured record',
  documents: "GP Connect, search for a patient's documents",
  binary: 'GP Connect, retrieve a document',
  security: 'GP Connect, API security guidance',
  stu3: 'FHIR STU3 (3.0.1)',
  suite: 'GP Connect provider acceptance suite',
} as const;
