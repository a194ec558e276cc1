/** Short notation of a list of interactions: `QUPA_IN{000005UK01 000008UK02} ITEM{LIST DETAIL}QUERYUK01 NAME=1A000168`. */

export interface NamedInteraction {
  name: string;
  /** Given by hand after `=`. */
  cpaId?: string | undefined;
}

/** Reads the notation; throws a SyntaxError that says what is wrong. */
export function parseInteractions(text: string): NamedInteraction[] {
  const found: NamedInteraction[] = [];
  for (const [, head, inner, tail, plain] of text.matchAll(/([^\s{}]*)\{([^{}]*)\}([^\s{}]*)|([^\s{}]+)|[{}]/g)) {
    if (inner !== undefined) for (const part of words(inner)) found.push(named(`${head}${part}${tail}`));
    else if (plain !== undefined) found.push(named(plain));
    else throw new SyntaxError('a brace has no partner: write QUPA_IN{000005UK01 000008UK02}');
  }
  if (found.length === 0) throw new SyntaxError('no interaction is named');
  return found;
}

function named(word: string): NamedInteraction {
  const [name, cpaId] = word.split('=');
  return cpaId === undefined ? { name: word } : { name: name!, cpaId };
}

/** The words between white space. */
export function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
