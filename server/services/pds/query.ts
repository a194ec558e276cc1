/** The items of a query: `<person.id><semanticsText/><value/></person.id>`, in any order, as Spine's own checks read them. */
import type { InteractionRequest } from '../../core/interactions/registry.ts';
import type { XmlElement } from '../../core/xml/element.ts';
import { NS } from '../../core/xml/namespaces.ts';
import { type Failure, failedCheck } from './issues.ts';

export class Query {
  #element: XmlElement | undefined;

  constructor({ message }: Pick<InteractionRequest, 'message'>) {
    this.#element = message.descend('ControlActEvent/query', NS.hl7);
  }

  /** The values of all items of a name. */
  values(name: string): XmlElement[] {
    return this.#element?.descendAll(`${name}/value`, NS.hl7) ?? [];
  }

  /** Names of items that came more than once, of those that may come once. */
  repeated(): string[] {
    const names = (this.#element?.children() ?? [])
      .map(({ local }) => local)
      .filter((name) => name !== 'retrievalItem');
    return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  }

  /** Whether the item is there, whatever is in it. */
  has(name: string): boolean {
    return this.#element?.child(name, NS.hl7) !== undefined;
  }

  value(name: string): XmlElement | undefined {
    return this.values(name)[0];
  }

  /** What retrievalItem asks for, in lower case: clients differ in theirs. */
  retrievalItems(): string[] {
    return (this.#element?.children('retrievalItem', NS.hl7) ?? []).map((item) =>
      (item.textAt('semanticsText', NS.hl7) ?? '').toLowerCase(),
    );
  }
}

/** Values of an item that are codes of that system: Spine's checks of an advanced trace see no others. */
export function codedValues(query: Query, name: string, codeSystem: string): XmlElement[] {
  return query.values(name).filter((value) => value.attr('codeSystem', '') === codeSystem);
}

/** historicDataIndicator: true for 1, false for 0; anything else, or none, fails. */
export function readHistoric(query: Query): boolean | Failure {
  const code = query.value('historicDataIndicator')?.attr('code', '');
  if (code !== '0' && code !== '1') return failedCheck('INVALID_HISTORIC_DATA_INDICATOR');
  return code === '1';
}
