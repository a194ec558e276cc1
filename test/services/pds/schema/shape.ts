/**
 * What a message must look like, in lines: an element a line, its children indented below it, in their order.
 *
 *     name? name* name+      how often; once without a mark
 *     name{1,2}              from one to two times
 *     name = Type            content of a named type: below, or one of TYPES
 *     name [typeCode=SBJ]    fixed attributes; others than these and those of its type are wrong; `*` is any value
 *     a | b                  one of two elements
 */
import type { XmlElement } from '../../../../server/core/xml/element.ts';
import { checkType, isType } from './types.ts';

interface Particle {
  names: string[];
  least: number;
  most: number;
  type: string | undefined;
  attributes: Map<string, string>;
  children: Particle[];
}

const LINE = /^( *)(\S+?)(\?|\*|\+|\{(\d+),(\d+)\})?(?: \| (\S+))?(?: \[([^\]]*)\])?(?: = (\S+))?$/;

export class Schema {
  #elements = new Map<string, Particle>();

  constructor(text: string) {
    const open: { depth: number; particle: Particle }[] = [];
    for (const line of text.split('\n')) {
      if (line.trim() === '') continue;
      const match = LINE.exec(line);
      if (!match) throw new Error(`not a line of a shape: ${line}`);
      const depth = match[1]!.length;
      const particle = particleOf(match);
      while (open.length > 0 && open.at(-1)!.depth >= depth) open.pop();
      if (open.length > 0) open.at(-1)!.particle.children.push(particle);
      else this.#elements.set(particle.names[0]!, particle);
      open.push({ depth, particle });
    }
  }

  /** Everything that is wrong with the element; it must be one of the top. */
  faults(element: XmlElement): string[] {
    const particle = this.#elements.get(element.local);
    return particle ? this.#check(element, particle, element.local) : [`${element.local} is no message`];
  }

  #check(element: XmlElement, particle: Particle, path: string): string[] {
    const { attributes, type } = particle;
    const faults: string[] = [];
    for (const [name, value] of attributes) {
      const own = element.attr(name, '');
      if (value === '*' ? !own : own !== value)
        faults.push(`${path}/@${name} is ${element.attr(name, '')}, not ${value}`);
    }
    const allowed = new Set(attributes.keys());
    if (type !== undefined && isType(type)) return [...faults, ...checkType(type, element, path, allowed)];
    for (const { name } of element.attributes) {
      if (!allowed.has(name) && name !== 'xsi:nil') faults.push(`${path}/@${name} is not in the schema`);
    }
    const children = type === undefined ? particle.children : this.#named(type).children;
    return [...faults, ...this.#sequence(element, children, path)];
  }

  #named(type: string): Particle {
    const particle = this.#elements.get(type);
    if (!particle) throw new Error(`there is no type ${type}`);
    return particle;
  }

  #sequence(element: XmlElement, particles: readonly Particle[], path: string): string[] {
    const faults: string[] = [];
    const children = element.children();
    if (children.length === 0 && element.text.trim() !== '') faults.push(`${path} has text`);
    let at = 0;
    for (const particle of particles) {
      let count = 0;
      while (at < children.length && particle.names.includes(children[at]!.local) && count < particle.most) {
        const child = children[at++]!;
        if (child.ns !== 'urn:hl7-org:v3') faults.push(`${path}/${child.local} is in the namespace ${child.ns}`);
        faults.push(...this.#check(child, particle, `${path}/${child.local}`));
        count++;
      }
      if (count < particle.least) {
        faults.push(`${path}: ${particle.names.join(' or ')} ${count} times, at least ${particle.least}`);
      }
    }
    if (at < children.length) faults.push(`${path}/${children[at]!.local} is not expected there`);
    return faults;
  }
}

function particleOf(match: RegExpExecArray): Particle {
  const [, , name, mark, least, most, other, attributes = '', type] = match;
  const bounds = { '?': [0, 1], '*': [0, Infinity], '+': [1, Infinity] }[mark ?? ''];
  const pairs = attributes.split(' ').filter((pair) => pair !== '');
  return {
    names: other === undefined ? [name!] : [name!, other],
    least: bounds?.[0] ?? (least === undefined ? 1 : Number(least)),
    most: bounds?.[1] ?? (most === undefined ? 1 : Number(most)),
    type,
    attributes: new Map(pairs.map((pair) => pair.split('=') as [string, string])),
    children: [],
  };
}
