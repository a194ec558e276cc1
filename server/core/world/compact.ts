/** The same object without the properties that are undefined: absent values are absent fields in the world's schema. */
export function compact<T extends object>(value: T): T {
  for (const key of Object.keys(value) as (keyof T)[]) if (value[key] === undefined) delete value[key];
  return value;
}
