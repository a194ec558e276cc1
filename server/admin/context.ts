/** What the admin API works on. */
import type { FastifyRequest } from 'fastify';
import type { Core } from '../core/core.ts';
import { DEFAULT_SPACE, SPACE_HEADER, type Space } from '../core/space/space.ts';
import type { Party } from '../core/world/endpoints/endpoints.ts';
import { ConflictError, WorldError } from '../core/world/errors.ts';
import type { World } from '../core/world/world.ts';
import type { Ports } from '../environment.ts';
import type { EnvironmentChanges } from '../listeners/environmentChanges.ts';
import type { TlsPolicy } from '../listeners/tlsPolicy.ts';

export interface AdminContext {
  core: Core;
  tls: TlsPolicy;
  /** Dated rules and TLS profiles as changed by hand; whoever changes them keeps them. */
  changes: EnvironmentChanges;
  /** Where the listeners are bound. */
  ports(): Ports;
  /** True once everything is seeded, certificates are made and every listener is bound. */
  ready(): boolean;
  /** Each part with its state, for the readiness answer. */
  parts(): Record<string, boolean>;
  /** Services, the roles of their hosts, and a URL of each. */
  services(): { name: string; title: string; roles: string[]; url: string }[];
  /** Directory entries as LDIF, out of a world and into it. */
  ldif: {
    export(world: World, parties: readonly Party[]): NodeJS.ReadableStream;
    import(world: World, text: string): Promise<unknown>;
  };
  /** Rows of the coverage table. */
  coverage(): { service: string; item: string; status: string; note?: string }[];
}

/** Name in the header X-Spine-Sim-Space, or undefined. */
export function spaceName(request: FastifyRequest): string | undefined {
  const value = request.headers[SPACE_HEADER.toLowerCase()];
  const name = (Array.isArray(value) ? value[0] : value)?.trim().toLowerCase();
  return name === '' ? undefined : name;
}

/** What belongs to a space is not shown to a request that names another. */
export function isShown(request: FastifyRequest, space: string): boolean {
  return (spaceName(request) ?? space) === space;
}

/** An error with the status that the admin API answers. */
export class AdminError extends Error {
  readonly statusCode: number;
  readonly details: unknown;
  constructor(statusCode: number, message: string, details?: unknown) {
    super(message);
    this.statusCode = statusCode;
    this.details = details;
  }
}

/** The space that a request is about; the default space without a header. Throws AdminError 400 for a bad name. */
export function spaceOf(core: Core, request: FastifyRequest): Space {
  try {
    return core.spaces.get(spaceName(request) ?? DEFAULT_SPACE);
  } catch (error) {
    throw new AdminError(400, (error as Error).message);
  }
}

/** The world's own refusals as answers of the admin API. */
export async function kept<T>(put: Promise<T>): Promise<T> {
  try {
    return await put;
  } catch (error) {
    if (error instanceof WorldError) throw new AdminError(422, error.message, error.problems);
    if (error instanceof ConflictError) throw new AdminError(409, error.message);
    throw error;
  }
}
