/** Rows of figures as a Markdown table that also reads well in a terminal. */
import type { Row } from './figures.ts';

const HEAD = ['', 'simulator', 'beside it', 'ratio', 'target', ''];

function cells({ title, ours, other = '', ratio, target, note = '' }: Row): string[] {
  const verdict = target === undefined ? note : [target.met ? 'met' : 'MISSED', note].filter(Boolean).join('; ');
  return [title, ours, other, ratio === undefined ? '' : ratio.toFixed(2), target?.text ?? '', verdict];
}

export function table(rows: Row[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const text = lines.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`);
  text.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  return text.join('\n');
}
