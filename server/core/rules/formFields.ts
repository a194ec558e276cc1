/** Fields of a form, or the parameters of the documents that GAS and its clients exchange. */

/** Not parsed as XML: these documents have a DOCTYPE and bare ampersands, and real peers read them by such patterns. */
const GP_PARAM = /<gpPARAM\s+name="([^"<>]{1,200})"[^<>]*>([^<]*)<\/gpPARAM>/g;

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The first value of each field; empty for a body that is neither. */
export function formFields(body: string, contentType: string | undefined): Record<string, string> {
  // Without a prototype: a field may be named `constructor`.
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  // By content before type: agents of the field send gpOBJECTs as forms by their Content-Type.
  if (!body.trimStart().startsWith('<')) {
    if (!/^application\/x-www-form-urlencoded\b/i.test(contentType ?? '')) return fields;
    for (const [name, value] of new URLSearchParams(body)) fields[name] ??= value;
  } else {
    for (const [, name, value] of body.matchAll(GP_PARAM)) {
      fields[name!] ??= value!.replace(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => ENTITIES[entity]!);
    }
  }
  return fields;
}
