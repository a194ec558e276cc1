/** Finds the operation for a verb and a path below a service root. */
import type { Capability, ProviderOperation } from './providerCall.ts';

export interface Route {
  operation: ProviderOperation;
  params: Record<string, string>;
}

export interface Routing {
  /** Every operation of that path, whatever its verb. */
  atPath: Route[];
}

export function routesAt(operations: readonly ProviderOperation[], capability: Capability, rest: string): Route[] {
  const segments = rest.split('/').map(decode);
  return operations.flatMap((operation) => {
    if (operation.capability !== capability) return [];
    const params = match(operation.path.split('/'), segments);
    return params ? [{ operation, params }] : [];
  });
}

function match(pattern: string[], segments: string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index]!;
    if (part.startsWith(':')) {
      // An operation name is no logical id.
      if (segment === '' || segment.startsWith('$')) return undefined;
      params[part.slice(1)] = segment;
    } else if (part !== segment) return undefined;
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
