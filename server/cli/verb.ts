/** What a command-line verb is. */

export interface Invocation {
  /** Arguments that are not flags, after the verb. */
  words: string[];
  /** Flags without their dashes; a flag without a value is `true`. */
  flags: Record<string, string | boolean | undefined>;
  print(line: string): void;
  complain(line: string): void;
}

export interface Verb {
  name: string;
  /** Arguments as the help shows them. */
  usage: string;
  summary: string;
  /** Returns the exit code. */
  run(invocation: Invocation): Promise<number> | number;
}

/** A wrong use of a verb; its message is shown without a stack. */
export class UsageError extends Error {}

/** The value of a flag that takes one, or undefined. Throws UsageError when the value is missing. */
export function textFlag(invocation: Invocation, name: string): string | undefined {
  const value = invocation.flags[name];
  if (value === true) throw new UsageError(`--${name} needs a value`);
  return value === false ? undefined : value;
}
