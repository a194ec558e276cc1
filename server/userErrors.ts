/** What a user can mend: told in words, without a stack. */
import { ConfigError } from './config/load.ts';
import { PkiError } from './core/pki/errors.ts';
import { PolicyError } from './core/policy/policy.ts';
import { StoreError } from './core/store/storeError.ts';
import { WorldError } from './core/world/errors.ts';
import { ProblemsError } from './core/yaml/problem.ts';
import { ListenError } from './listeners/listen.ts';

const KINDS = [ConfigError, ProblemsError, ListenError, PkiError, PolicyError, StoreError, WorldError];

/** True for a fault of settings, files, folders or ports, whose message says what to do. */
export function isUserError(error: unknown): error is Error {
  if (KINDS.some((kind) => error instanceof kind)) return true;
  // A file or folder that the system does not give: its message names both.
  const { syscall, path } = (error ?? {}) as NodeJS.ErrnoException;
  return error instanceof Error && syscall !== undefined && path !== undefined;
}
