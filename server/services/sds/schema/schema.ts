/** All attribute types and object classes, found by name or OID (RFC 4512 1.4: names are compared without case). */
import type { AttributeDefinition, AttributeType } from './attributeType.ts';
import { type Comparison, type ComparisonName, comparisons } from './comparison.ts';
import { organisationClasses, personClasses, referenceClasses, serviceClasses } from './nhsClasses.ts';
import type { ObjectClass } from './objectClass.ts';
import { operational, serverAttributes } from './operational.ts';
import { organisations } from './organisations.ts';
import { people } from './people.ts';
import { changeLog, referenceData, relationshipTimers } from './referenceData.ts';
import { findAttribute, registerAttribute } from './registry.ts';
import { services } from './services.ts';
import { standard, undocumented } from './standard.ts';
import { rootDseClasses, standardClasses } from './standardClasses.ts';

function build(definitions: AttributeDefinition[]): AttributeType[] {
  const types: AttributeType[] = definitions.map((definition, id) => ({
    ...definition,
    id,
    name: definition.names[0],
    compare: comparisons.ignore,
    family: [id],
    single: definition.single ?? false,
    operational: definition.operational ?? false,
  }));
  const byName = new Map(types.map((type) => [type.name, type]));
  for (const type of types) {
    let rule: ComparisonName | undefined = type.comparison;
    for (let up = type.superior; up !== undefined; up = byName.get(up)?.superior) {
      byName.get(up)!.family.push(type.id);
      rule ??= byName.get(up)!.comparison;
    }
    type.comparison = rule;
    type.compare = comparisons[rule ?? 'ignore'] as Comparison;
  }
  return types;
}

/** Every attribute type; its `id` is its place here. */
export const attributeTypes: readonly AttributeType[] = build([
  ...standard,
  ...operational,
  ...serverAttributes,
  ...services,
  ...organisations,
  ...people,
  ...referenceData,
  ...relationshipTimers,
  ...changeLog,
  ...undocumented,
]);

export const objectClasses: readonly ObjectClass[] = [
  ...standardClasses,
  ...rootDseClasses,
  ...serviceClasses,
  ...organisationClasses,
  ...personClasses,
  ...referenceClasses,
];

attributeTypes.forEach(registerAttribute);

const classesByName = new Map<string, ObjectClass>();
for (const objectClass of objectClasses) {
  for (const name of [objectClass.oid, objectClass.name]) {
    classesByName.set(name.toLowerCase(), objectClass);
    // As the attributes: entries mostly have the canonical spelling.
    classesByName.set(name, objectClass);
  }
}

export { findAttribute };

/** As `findAttribute`, for names that are known to be there. */
export function attribute(name: string): AttributeType {
  const type = findAttribute(name);
  if (!type) throw new Error(`no attribute type ${name}`);
  return type;
}

export function findClass(name: string): ObjectClass | undefined {
  return classesByName.get(name) ?? classesByName.get(name.toLowerCase());
}

/** A class and all above it, itself first. */
export function classChain(objectClass: ObjectClass): ObjectClass[] {
  const chain: ObjectClass[] = [];
  for (let up: ObjectClass | undefined = objectClass; up; up = up.superior ? findClass(up.superior) : undefined)
    chain.push(up);
  return chain;
}

/** The structural class of an entry: the one whose chain is longest (RFC 4512 2.4.2). */
export function structuralClass(names: string[]): ObjectClass | undefined {
  let found: ObjectClass | undefined;
  let depth = 0;
  for (const name of names) {
    const objectClass = findClass(name);
    if (objectClass?.kind !== 'STRUCTURAL') continue;
    const length = classChain(objectClass).length;
    if (length > depth || !found) {
      found = objectClass;
      depth = length;
    }
  }
  return found;
}
