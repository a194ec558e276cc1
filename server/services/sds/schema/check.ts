/** Whether an entry holds to the schema (RFC 4512 2.4 and 2.5). */
import type { Entry } from '../directory/entry.ts';
import { type LdapResult, result } from '../protocol/result.ts';
import { ResultCode } from '../protocol/resultCode.ts';
import { classChain, findAttribute, findClass, structuralClass } from './schema.ts';

/** The first breach, as the result of the operation that would make it; undefined where there is none. */
export function schemaBreach(entry: Entry): LdapResult | undefined {
  const names = entry.attributes.find(([type]) => type.name === 'objectClass')?.[1] ?? [];
  const unknown = names.find((name) => !findClass(name));
  if (unknown !== undefined) return result(ResultCode.invalidAttributeSyntax, `objectClass: no class ${unknown}`);
  if (!structuralClass(names)) return result(ResultCode.objectClassViolation, 'no structural object class provided');
  const chain = names.flatMap((name) => classChain(findClass(name)!));
  const must = new Set(chain.flatMap((one) => one.must.map((name) => findAttribute(name)!)));
  const may = new Set(chain.flatMap((one) => one.may.map((name) => findAttribute(name)!)));
  const held = new Set(entry.attributes.map(([type]) => type));
  for (const type of must) {
    if (!held.has(type)) return result(ResultCode.objectClassViolation, `attribute ${type.name} is required`);
  }
  for (const [type, values] of entry.attributes) {
    if (!must.has(type) && !may.has(type))
      return result(ResultCode.objectClassViolation, `attribute ${type.name} is not allowed`);
    if (type.single && values.length > 1)
      return result(ResultCode.constraintViolation, `${type.name} has one value at most`);
    const keys = values.map((value) => type.compare.normalize(value));
    if (keys.includes(undefined) || values.includes('')) {
      return result(ResultCode.invalidAttributeSyntax, `${type.name} has an invalid value`);
    }
    if (new Set(keys).size !== keys.length)
      return result(ResultCode.attributeOrValueExists, `${type.name} has a value twice`);
  }
  return undefined;
}
