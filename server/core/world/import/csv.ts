/** CSV as RFC 4180 has it, and as spreadsheets write it: comma, semicolon or tab, quotes doubled, a byte order mark before it. */

const SEPARATORS = [',', ';', '\t'] as const;

export interface Cell {
  text: string;
  /** From 1. */
  line: number;
  column: number;
}

export interface CsvFault {
  line: number;
  column: number;
  message: string;
}

/** Rows without those that are empty. The separator is what the first line has more of. */
export function readCsv(source: string): { rows: Cell[][]; faults: CsvFault[] } {
  const text = source.startsWith('\ufeff') ? source.slice(1) : source;
  const head = text.slice(0, text.search(/\r|\n|$/));
  const count = (separator: string) => head.split(separator).length;
  const separator = SEPARATORS.reduce((most, other) => (count(other) > count(most) ? other : most));
  const rows: Cell[][] = [];
  const faults: CsvFault[] = [];
  let row: Cell[] = [];
  let [at, line, lineStart] = [0, 1, 0];

  const newLine = () => {
    // A carriage return and a line feed are one end.
    at += text.startsWith('\r\n', at) ? 2 : 1;
    line++;
    lineStart = at;
  };
  const endRow = () => {
    if (row.some((cell) => cell.text !== '')) rows.push(row);
    row = [];
  };

  while (at < text.length) {
    const cell: Cell = { text: '', line, column: at - lineStart + 1 };
    if (text[at] === '"') {
      at++;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote < 0) {
          faults.push({ line: cell.line, column: cell.column, message: 'the quote that begins here has no end' });
          return { rows, faults };
        }
        const part = text.slice(at, quote);
        for (const end of part.matchAll(/\r\n|\r|\n/g)) {
          line++;
          lineStart = at + end.index + end[0].length;
        }
        cell.text += part;
        at = quote + 1;
        if (text[at] !== '"') break;
        cell.text += '"';
        at++;
      }
    }
    const rest = at;
    while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at++;
    cell.text = (cell.text + text.slice(rest, at)).trim();
    row.push(cell);
    if (text[at] === separator) at++;
    else if (at < text.length) {
      newLine();
      endRow();
    }
  }
  endRow();
  return { rows, faults };
}
