/** Reads the seed files. Every fault in every file is reported at once, with file, line and column. */
import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { YamlDocument } from '../../yaml/document.ts';
import { type Problem, ProblemsError } from '../../yaml/problem.ts';
import { type JsonSchema, readBySchema } from '../../yaml/schema.ts';
import { worldFormats } from '../formats.ts';
import { CsvDocument } from '../import/csvDocument.ts';
import { collectSeed, type SeedContent, type SeedFile } from './collect.ts';
import { expandCopies } from './copies.ts';
import { SANDBOX_FILES, seedOfLines } from './sandboxLines.ts';
import type { SeedWorld } from './seedWorld.ts';

/** The folder with the seed that comes with the simulator. */
export const SHIPPED_WORLD = fileURLToPath(new URL('../../../../stubs/world/', import.meta.url));

const SCHEMA_NAME = 'world.schema.json';

export interface SeedOptions {
  /** `YYYY-MM-DD`: what relative dates count from. Patients count from the day of each space. */
  today: string;
  /**
   * Folders of YAML files (CSV ones for patients, and the sandbox's two of JSON Lines), the shipped one alone by default. A record in
   * a later folder replaces the one of the same id in an earlier one; a folder that does not exist is skipped.
   */
  directories?: readonly string[] | undefined;
  /** Allows one party key for several organisations. */
  sharedPartyKeys?: boolean | undefined;
}

/** The last seed that was read, by what it was made from: tests start many environments in one process. Nobody changes a seed. */
let last: { key: string; seed: SeedWorld } | undefined;

/** Throws `ProblemsError` with all faults. */
export async function loadSeed(options: SeedOptions): Promise<SeedWorld> {
  const schemaText = await readFile(join(SHIPPED_WORLD, SCHEMA_NAME), 'utf8');
  const texts: { path: string; text: string; rank: number }[] = [];
  for (const [rank, directory] of (options.directories ?? [SHIPPED_WORLD]).entries()) {
    for (const path of await seedFiles(directory)) {
      const written = await readFile(path, 'utf8');
      texts.push({ path, rank, text: path.endsWith('.jsonl') ? seedOfLines(basename(path), written) : written });
    }
  }
  const { sharedPartyKeys = false, today } = options;
  const key = hash('sha256', JSON.stringify([today, sharedPartyKeys, schemaText, texts]));
  if (last?.key === key) return last.seed;
  const schema = JSON.parse(schemaText) as JsonSchema;
  const files = texts.map(({ path, text, rank }) => readSeedText(displayName(path), text, { schema, today, rank }));
  const problems: Problem[] = files.flatMap((file) => file.problems);
  const seed = collectSeed(files, { schema, sharedPartyKeys, today, problems });
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ProblemsError('The seed data of the world has faults:', errors);
  last = { key, seed };
  return seed;
}

async function seedFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const wanted = names.filter((name) => /\.(ya?ml|csv)$/.test(name) || SANDBOX_FILES.includes(name)).sort();
  return wanted.map((name) => join(directory, name));
}

/** What octets that are no UTF-8 become, and what the other halves of UTF-16 are. */
const NOT_UTF8 = /[\ufffd\0]/;

/** How a file is read: `today` is `YYYY-MM-DD`, of `mostPatients` no more are looked at. */
export interface Reading {
  schema: JsonSchema;
  today: string;
  rank?: number;
  mostPatients?: number;
}

/** What a file says, with its faults; `name` ends with .csv for patients in rows, else it is YAML. */
export function readSeedText(name: string, text: string, reading: Reading): SeedFile {
  const { schema, today, rank = 0, mostPatients } = reading;
  const document = name.toLowerCase().endsWith('.csv') ? new CsvDocument(name, text) : new YamlDocument(name, text);
  const file: SeedFile = {
    document,
    rank,
    raw: {},
    content: {},
    origin: (path) => path,
    faulty: new Set(),
    problems: [],
  };
  const foreign = encodingFault(name, text);
  if (foreign) return { ...file, problems: [foreign] };
  const written = document.problems.length === 0 ? document.value() : undefined;
  for (const problem of document.problems) file.problems.push(problem);
  const patients = (written as { patients?: unknown[] } | undefined)?.patients;
  if (Array.isArray(patients) && mostPatients !== undefined && patients.length > mostPatients) {
    const suggestion = 'put the file into stubs/world, or make patients with "spine-sim world generate"';
    const message = `there are ${patients.length} patients; ${mostPatients} are the most`;
    file.problems.push(document.problem(['patients'], message, { suggestion }));
  }
  if (file.problems.length > 0) return file;
  const expansion = expandCopies(written);
  const read = readBySchema(schema, expansion.value, worldFormats(today));
  for (const fault of expansion.faults) file.problems.push(document.problem(fault.path, fault.message, fault));
  const told = new Set<string>();
  for (const fault of read.faults) {
    file.faulty.add(fault.path.slice(0, 2).join('/'));
    const problem = document.problem(expansion.origin(fault.path), fault.message, fault);
    // A fault in a record with copies is one fault, however many copies have it.
    const key = `${problem.line}:${problem.column}:${fault.message.replaceAll(/\d+/g, '')}`;
    if (!told.has(key)) file.problems.push(problem);
    told.add(key);
  }
  file.raw = expansion.value as Record<string, unknown[]>;
  file.content = contentOf(read.value, file.faulty);
  file.origin = expansion.origin;
  return file;
}

function encodingFault(file: string, text: string): Problem | undefined {
  const at = text.search(NOT_UTF8);
  if (at < 0) return undefined;
  const before = text.slice(0, at).split(/\r\n|\r|\n/);
  const [line, column] = [before.length, before.at(-1)!.length + 1];
  const suggestion = 'save the file as UTF-8';
  return { severity: 'error', file, line, column, path: '', message: 'octets that are no UTF-8', suggestion };
}

/** What of a faulty file can still be looked at: lists that are lists, and patterns without faults. */
function contentOf(value: unknown, faulty: Set<string>): SeedContent {
  if (typeof value !== 'object' || value === null) return {};
  const { patterns, ...lists } = value as SeedContent;
  const kept = Object.entries(lists).filter(([, list]) => Array.isArray(list));
  const known = typeof patterns === 'object' ? Object.entries(patterns) : [];
  const checked = known.map(([name, pattern]) => [name, faulty.has(`patterns/${name}`) ? null : pattern]);
  return { ...Object.fromEntries(kept), patterns: Object.fromEntries(checked) };
}

/** Relative to where the user is, if the file is below. */
function displayName(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
