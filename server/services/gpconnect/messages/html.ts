/** The HTML view of a section: a heading, and a table of what is in it. */
import { escapeAttribute } from '../../../core/xml/escape.ts';

export interface Table {
  title: string;
  columns: string[];
  rows: string[][];
}

const cell = (name: 'td' | 'th', text: string) => `<${name}>${escapeAttribute(text)}</${name}>`;

const row = (name: 'td' | 'th', cells: string[]) => `<tr>${cells.map((text) => cell(name, text)).join('')}</tr>`;

/** XHTML of a section as one div; an empty table says so in words. */
export function sectionHtml(title: string, tables: Table[]): string {
  const parts = tables.map(({ title: heading, columns, rows }) => {
    const content =
      rows.length === 0
        ? `<p>No '${escapeAttribute(heading)}' data is recorded for this patient.</p>`
        : `<table><thead>${row('th', columns)}</thead><tbody>${rows.map((cells) => row('td', cells)).join('')}</tbody></table>`;
    return `<div><h2>${escapeAttribute(heading)}</h2>${content}</div>`;
  });
  return `<div xmlns="http://www.w3.org/1999/xhtml"><h1>${escapeAttribute(title)}</h1>${parts.join('')}</div>`;
}
