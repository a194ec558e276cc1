/** The commonest fault of documents that are put together as text; parsers tell of it late, and as something else. */

const NEXT = /&|<!--|<!\[CDATA\[|<\?/g;
const ENDS: Record<string, string> = { '<!--': '-->', '<![CDATA[': ']]>', '<?': '?>' };
const REFERENCE = /&(?:#\d+|#x[\da-f]+|[^\s&<;#]+);/iy;

/** Where the first ampersand stands that begins no reference (XML 1.0 4.1), or undefined. Takes time linear in the document. */
export function bareAmpersand(document: string): number | undefined {
  let at = 0;
  for (;;) {
    NEXT.lastIndex = at;
    const found = NEXT.exec(document);
    if (!found) return undefined;
    const end = ENDS[found[0]];
    if (end === undefined) {
      REFERENCE.lastIndex = found.index;
      if (!REFERENCE.test(document)) return found.index;
      at = REFERENCE.lastIndex;
      continue;
    }
    const closed = document.indexOf(end, found.index + found[0].length);
    if (closed < 0) return undefined;
    at = closed + end.length;
  }
}
