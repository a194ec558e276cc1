/**
 * XML Schemas of a folder that the user gives, such as the MIM's: found by file name, compiled when first needed. What a schema
 * includes or imports is read from that folder alone, never from elsewhere and never from the network.
 */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { XsdValidator } from 'libxml2-wasm';
import { loadLibxml, openLibxml } from './libxml.ts';

/** A whole MIM has about 3,000 files. */
const MAX_FILES = 50_000;

/** Compiled schemas are large (an HL7 message brings its data types), so few are kept. */
const MAX_COMPILED = 16;

/** A broken message repeats its fault; the first ones say enough. */
const MAX_FINDINGS = 20;

export interface SchemaFinding {
  /** What the validator says, without a stack. */
  message: string;
  /** Line in the message, from 1, where it is known. */
  line: number | undefined;
}

/** The answer of a validation: `unusable` is why the schema itself could not be compiled. */
export type SchemaVerdict = { schema: string; findings: SchemaFinding[] } | { schema: string; unusable: string };

/** Folders whose files libxml2 may open. */
const readable = new Set<string>();
let registered: Promise<void> | undefined;

export class SchemaFolder {
  readonly dir: string;
  /** Path by file name without `.xsd`; of several the one with the shortest path. */
  readonly #files = new Map<string, string>();
  readonly #compiled = new Map<string, XsdValidator | string>();

  /** Lists the folder. Throws when it is not there, or has more files than any MIM. */
  constructor(dir: string) {
    this.dir = realpathSync(dir);
    const names = readdirSync(this.dir, { recursive: true, encoding: 'utf8' });
    if (names.length > MAX_FILES) throw new Error(`${dir} holds more than ${MAX_FILES} files`);
    for (const name of names.filter((name) => name.toLowerCase().endsWith('.xsd')).sort(byLength)) {
      const key = basename(name).slice(0, -'.xsd'.length);
      if (!this.#files.has(key)) this.#files.set(key, join(this.dir, name));
    }
    readable.add(this.dir + sep);
  }

  /** How many schemas it has. */
  get size(): number {
    return this.#files.size;
  }

  has(name: string): boolean {
    return this.#files.has(name);
  }

  /**
   * Validates a document against `<name>.xsd`; undefined when the folder has none. Throws XmlError for a document that is not
   * well-formed.
   */
  async validate(name: string, text: string): Promise<SchemaVerdict | undefined> {
    const file = this.#files.get(name);
    if (file === undefined) return undefined;
    const schema = file.slice(this.dir.length + 1);
    const validator = await this.#compile(name, file);
    if (typeof validator === 'string') return { schema, unusable: validator };
    const { XmlValidateError } = await loadLibxml();
    const document = await openLibxml(text);
    try {
      validator.validate(document);
      return { schema, findings: [] };
    } catch (error) {
      if (!(error instanceof XmlValidateError)) throw error;
      const findings = error.details.slice(0, MAX_FINDINGS).map(({ message, line }) => ({
        message: message.trim(),
        line: line > 0 ? line : undefined,
      }));
      return { schema, findings };
    } finally {
      document.dispose();
    }
  }

  /** The validator, or why there is none. */
  async #compile(name: string, file: string): Promise<XsdValidator | string> {
    const known = this.#compiled.get(name);
    if (known !== undefined) return known;
    const { XmlDocument, XsdValidator } = await loadLibxml();
    await registerFiles();
    let result: XsdValidator | string;
    try {
      using document = XmlDocument.fromBuffer(readFileSync(file), { url: pathToFileURL(file).href });
      result = XsdValidator.fromDoc(document);
    } catch (error) {
      result = (error as Error).message.trim();
    }
    const oldest = this.#compiled.size >= MAX_COMPILED ? this.#compiled.keys().next().value : undefined;
    if (oldest !== undefined) {
      const gone = this.#compiled.get(oldest);
      if (typeof gone === 'object') gone.dispose();
      this.#compiled.delete(oldest);
    }
    this.#compiled.set(name, result);
    return result;
  }
}

const byLength = (a: string, b: string) => a.length - b.length || (a < b ? -1 : 1);

/** The path of a file that lies in one of the folders, links followed; undefined for everything else. */
function allowed(name: string): string | undefined {
  try {
    const path = realpathSync(name.startsWith('file:') ? fileURLToPath(name) : name);
    for (const folder of readable) if (path.startsWith(folder)) return path;
  } catch {
    // Not a path, or not there.
  }
  return undefined;
}

function registerFiles(): Promise<void> {
  registered ??= loadLibxml().then(({ xmlRegisterInputProvider }) => {
    xmlRegisterInputProvider({
      match: (name) => allowed(name) !== undefined,
      open: (name) => {
        const path = allowed(name);
        return path !== undefined && existsSync(path) ? openSync(path, 'r') : undefined;
      },
      read: (descriptor, buffer) => readSync(descriptor, buffer, 0, buffer.byteLength, null),
      close: (descriptor) => {
        closeSync(descriptor);
        return true;
      },
    });
  });
  return registered;
}
