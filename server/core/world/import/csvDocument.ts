/** A CSV file of patients as a seed file: the same value, and problems at the cell that they are about. */
import type { Path } from '../../yaml/document.ts';
import { formatPath, type Problem } from '../../yaml/problem.ts';
import { type Cell, readCsv } from './csv.ts';
import { fieldHint, fieldOf, recordOf, TELECOM_USES } from './fields.ts';

export class CsvDocument {
  readonly file: string;
  /** Faults of the file itself: an open quote, a column that there is not. */
  readonly problems: Problem[] = [];
  #columns: Cell[];
  #rows: Cell[][];

  constructor(file: string, text: string) {
    this.file = file;
    const { rows, faults } = readCsv(text);
    const [columns = [], ...others] = rows;
    this.#columns = columns;
    this.#rows = others;
    for (const { line, column, message } of faults)
      this.problems.push({ severity: 'error', file, line, column, path: '', message });
    if (faults.length > 0) return;
    if (columns.length === 0)
      this.#fault({ text: '', line: 1, column: 1 }, 'the first line must name the columns', fieldHint(''));
    const seen = new Set<string>();
    for (const cell of columns) {
      const field = fieldOf(cell.text);
      if (!field) this.#fault(cell, `there is no column "${cell.text}"`, fieldHint(cell.text));
      else if (seen.has(field.name)) this.#fault(cell, `the column ${field.name} is there twice`);
      if (field) seen.add(field.name);
    }
    for (const row of others) {
      const beyond = row[columns.length];
      if (beyond)
        this.#fault(
          beyond,
          `there are ${row.length} cells, but ${columns.length} columns`,
          'put text with a comma in quotes',
        );
    }
  }

  value(): unknown {
    const patients = this.#rows.map((row) =>
      recordOf(this.#columns.map(({ text }, index) => [text, row[index]?.text ?? ''] as const)),
    );
    return { patients };
  }

  /** A problem at the cell of that path (`patients`, number of the row, path in the record), else at the row. */
  problem(path: Path, message: string, { suggestion }: { suggestion?: string | undefined } = {}): Problem {
    const [, index, ...within] = path;
    const row = typeof index === 'number' ? this.#rows[index] : undefined;
    const at = row?.[this.#columnOf(within, row)] ?? row?.[0] ?? this.#columns[0];
    const { line = 1, column = 1 } = at ?? {};
    return { severity: 'error', file: this.file, line, column, path: formatPath(within), message, suggestion };
  }

  #fault({ line, column }: Cell, message: string, suggestion?: string): void {
    this.problems.push({ severity: 'error', file: this.file, line, column, path: '', message, suggestion });
  }

  /** The column whose place in the record the path leads to, or through. */
  #columnOf(path: Path, row: readonly Cell[]): number {
    const wanted = formatPath(path[0] === 'telecoms' ? this.#telecomPath(path, row) : path);
    return this.#columns.findIndex(({ text }) => {
      const own = formatPath(fieldOf(text)?.path ?? []);
      return own !== '' && (own === wanted || wanted.startsWith(`${own}[`) || wanted.startsWith(`${own}.`));
    });
  }

  /** In the record the contacts stand without gaps. */
  #telecomPath([list, index, ...within]: Path, row: readonly Cell[]): Path {
    const filled = TELECOM_USES.flatMap((_use, place) => {
      const at = this.#columns.findIndex(
        ({ text }) => formatPath(fieldOf(text)?.path ?? []) === `telecoms[${place}].value`,
      );
      return at >= 0 && row[at]?.text ? [place] : [];
    });
    return [list!, filled[Number(index)] ?? 0, ...within];
  }
}
