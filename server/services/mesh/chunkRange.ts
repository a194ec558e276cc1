/** Mex-Chunk-Range: `2:3` is the second chunk of three. */
import { MAX_CHUNKS } from './limits.ts';

export interface ChunkRange {
  number: number;
  total: number;
}

/** Blanks around the numbers are tolerated. Undefined if it is not a range. */
export function parseChunkRange(text: string): ChunkRange | undefined {
  const match = form(text);
  return match && match.number >= 1 && match.number <= match.total ? match : undefined;
}

function form(text: string): ChunkRange | undefined {
  const match = /^\s*(\d{1,9})\s*:\s*(\d{1,9})\s*$/.exec(text);
  return match ? { number: Number(match[1]), total: Number(match[2]) } : undefined;
}

/** What is wrong with the range of a chunk whose path says `number`, in words for the journal. */
export function rangeFault(text: string | undefined, number: number): string {
  if (text === undefined || text.trim() === '') return 'there is no Mex-Chunk-Range';
  const range = form(text);
  if (!range) return `"${text}" is not of the form <number>:<total>`;
  if (range.number < 1) return `"${text}" has the number ${range.number}, and chunks count from 1`;
  if (range.number > range.total) return `"${text}" has a number beyond its total`;
  if (range.total > MAX_CHUNKS) return `"${text}" has a total of more than ${MAX_CHUNKS}`;
  return `it is "${text}" where the path stands for chunk ${number}`;
}
