/** The HL7 message against the XML Schema of its interaction, where the user gave a folder of them. */
import type { CheckResult } from '../../../core/conformance/conformance.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import type { SchemaFolder } from '../../../core/xml/schemas.ts';
import { toXml } from '../../../core/xml/serialise.ts';

const NAME = 'XML_SCHEMA';

/** How many findings of a validator stand in one result. */
const SHOWN_FINDINGS = 5;

/** Nothing without a folder. It is never enforced: Spine's answer to what breaks the schema alone is not known. */
export async function schemaResults(schemas: SchemaFolder | undefined, message: XmlElement): Promise<CheckResult[]> {
  if (!schemas) return [];
  const file = `${message.local}.xsd`;
  const base = { name: NAME, source: file, enforced: false };
  const verdict = await schemas.validate(message.local, toXml(message));
  if (!verdict) return [{ ...base, outcome: 'not-checked', detail: `the folder has no ${file}` }];
  const found = { ...base, source: verdict.schema };
  if ('unusable' in verdict) return [{ ...found, outcome: 'not-checked', detail: `unusable: ${verdict.unusable}` }];
  if (verdict.findings.length === 0) return [{ ...found, outcome: 'passed' }];
  const detail = verdict.findings
    .slice(0, SHOWN_FINDINGS)
    .map(({ message: text }) => text)
    .join(' ');
  return [{ ...found, outcome: 'failed', detail, advice: 'Mend the message so that it is valid against its schema.' }];
}
