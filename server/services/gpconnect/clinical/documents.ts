/** Documents of a patient: letters that a practice has filed. */
import { concept, reference, snomed } from '../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import { author, type ClinicalContext, clinicalId, clinicalResource, daysOf, isAdult, subject } from './context.ts';

export interface Document {
  /** Logical id of its Binary. */
  id: string;
  /** `YYYY-MM-DD`; absent for one whose date of writing is not known. */
  created: string | undefined;
  /** ISO time at which the practice filed it. */
  indexed: string;
  type: { code: string; display: string };
  description: string;
  contentType: string;
  /** Bytes; 0 when the file was lost. */
  size: number;
  /** Makes the file; undefined when it was lost. */
  content: (() => Buffer) | undefined;
}

/** Larger files are for migration only (GP Connect, documents guidance). */
export const MAX_DOCUMENT_BYTES = 5 << 20;

const LOST = 'The file is no longer held by the practice';
const TOO_LARGE = 'The file is larger than 5 MB';

const LETTERS = [
  {
    code: '823691000000103',
    display: 'Clinical letter',
    description: 'Letter from the cardiology clinic',
    type: 'text',
  },
  { code: '823571000000103', display: 'Scanned document', description: 'Scanned discharge summary', type: 'pdf' },
  { code: '823691000000103', display: 'Clinical letter', description: 'Letter that was lost', type: 'lost' },
  { code: '823571000000103', display: 'Scanned document', description: 'Scanned paper record', type: 'large' },
] as const;

/** In the order of their filing. */
export function documentsOf(context: ClinicalContext): Document[] {
  if (!isAdult(context)) return [];
  const days = daysOf(context, 'documents', LETTERS.length);
  return LETTERS.map(({ code, display, description, type }, index) => ({
    ...FILES[type](description),
    id: clinicalId(context, `document-${index + 1}`),
    created: type === 'pdf' ? undefined : days[index]!,
    indexed: `${days[index]}T12:00:00+00:00`,
    type: { code, display },
    description,
  }));
}

type File = Pick<Document, 'contentType' | 'size' | 'content'>;

const fileOf = (contentType: string, file: Buffer): File => ({ contentType, size: file.length, content: () => file });

/** Paper that was scanned is long; it is made when it is asked for. */
const LARGE_BYTES = MAX_DOCUMENT_BYTES + (1 << 20);

const FILES: Record<(typeof LETTERS)[number]['type'], (description: string) => File> = {
  text: (description) => fileOf('text/plain', Buffer.from(`${description}\r\n\r\nThis letter is invented.\r\n`)),
  pdf: (description) => fileOf('application/pdf', pdf(description)),
  lost: () => ({ contentType: 'text/plain', size: 0, content: undefined }),
  large: () => ({
    contentType: 'text/plain',
    size: LARGE_BYTES,
    content: () => Buffer.alloc(LARGE_BYTES, 'This page is invented.\r\n'),
  }),
};

/** The smallest file that a PDF reader opens: one page with one line. */
function pdf(line: string): Buffer {
  const stream = `BT /F1 18 Tf 72 720 Td (${line.replace(/[()\\]/g, '')}) Tj ET`;
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${stream.length}>>\nstream\n${stream}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = text.length;
  const lines = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  text += `xref\n0 ${size}\n0000000000 65535 f \n${lines}trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

/**
 * `root`: service root under which the Binary lies; the address is absolute, and consumers put the SSP before it. A file of
 * more than `most` bytes, or one that was lost, has no address, and a title that says why.
 */
export function documentReference(context: ClinicalContext, document: Document, root: string, most: number): Resource {
  const { id, created, indexed, type, description, contentType, size, content } = document;
  const attachment =
    content && size <= most
      ? { contentType, url: `${root}/Binary/${id}`, size }
      : { contentType, size, title: content ? TOO_LARGE : LOST };
  return clinicalResource(
    context,
    'DocumentReference',
    'CareConnect-GPC-DocumentReference-1',
    id.replace(/^\d+-/, ''),
    {},
    {
      status: 'current',
      type: snomed(type.code, type.display),
      subject: subject(context),
      created,
      indexed,
      author: [author(context)],
      custodian: reference('Organization', context.ods),
      description,
      content: [{ attachment }],
      context: {
        practiceSetting: concept('http://snomed.info/sct', '1060971000000108', 'General practice service'),
      },
    },
  );
}

/** STU3 has the bytes in `content`. */
export function binary({ id, contentType, content }: Document): Resource {
  return { resourceType: 'Binary', id, meta: { versionId: '1' }, contentType, content: content!().toString('base64') };
}
