/** An object class (RFC 4512 2.4). */
export type ClassKind = 'ABSTRACT' | 'STRUCTURAL' | 'AUXILIARY';

export interface ObjectClass {
  name: string;
  oid: string;
  kind: ClassKind;
  superior?: string | undefined;
  must: string[];
  may: string[];
  origin?: string;
}

const list = (names: string[]) => (names.length === 1 ? names[0]! : `( ${names.join(' $ ')} )`);

/** The definition as the subschema publishes it (RFC 4512 4.1.1). */
export function describeClass(objectClass: ObjectClass): string {
  const parts = ['(', objectClass.oid, 'NAME', `'${objectClass.name}'`];
  if (objectClass.superior) parts.push('SUP', objectClass.superior);
  parts.push(objectClass.kind);
  if (objectClass.must.length > 0) parts.push('MUST', list(objectClass.must));
  if (objectClass.may.length > 0) parts.push('MAY', list(objectClass.may));
  if (objectClass.origin) parts.push('X-ORIGIN', `'${objectClass.origin}'`);
  parts.push(')');
  return parts.join(' ');
}
