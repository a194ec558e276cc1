/** The control file beside a data file: a DTSControl document of flat elements and one StatusRecord. */
import { escapeText } from '../../core/xml/escape.ts';
import { parseXml } from '../../core/xml/parse.ts';
import { compactTime } from '../../services/mesh/times.ts';

export interface StatusRecord {
  /** `yyyyMMddHHmmss`. */
  DateTime: string;
  Event: string;
  Status: 'SUCCESS' | 'ERROR';
  StatusCode: string;
  Description: string;
}

export interface ControlFile {
  /** Elements by name, such as `To_DTS`, in the order in which they stand. */
  fields: Record<string, string>;
  status?: StatusRecord | undefined;
}

/** Largest control file that is read; a real one has about 1 kB. */
export const MAX_CONTROL_BYTES = 64 * 1024;

const ROOT = 'DTSControl';
const STATUS = 'StatusRecord';

export class ControlFileError extends Error {}

/** Throws ControlFileError for what is no control file. An old StatusRecord is left out: a new one takes its place. */
export function parseControlFile(bytes: Buffer): ControlFile {
  let root: ReturnType<typeof parseXml>;
  try {
    root = parseXml(bytes);
  } catch (error) {
    throw new ControlFileError((error as Error).message);
  }
  if (root.local !== ROOT) throw new ControlFileError(`its root is ${root.local}, not ${ROOT}`);
  const fields: Record<string, string> = {};
  for (const { local, text } of root.children()) if (local !== STATUS) fields[local] = text.trim();
  return { fields };
}

export function writeControlFile({ fields, status }: ControlFile): string {
  const lines = (values: object, indent: string) =>
    Object.entries(values).map(([name, value]) => `${indent}<${name}>${escapeText(String(value))}</${name}>`);
  const record = status ? [`  <${STATUS}>`, ...lines(status, '    '), `  </${STATUS}>`] : [];
  return [`<${ROOT}>`, ...lines(fields, '  '), ...record, `</${ROOT}>`, ''].join('\n');
}

/** `at` in milliseconds. */
export function statusRecord(at: number, event: string, code: string, description: string): StatusRecord {
  const Status = code === '00' ? 'SUCCESS' : 'ERROR';
  return { DateTime: compactTime(at), Event: event, Status, StatusCode: code, Description: description };
}
