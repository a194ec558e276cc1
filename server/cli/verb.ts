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
  /** Names of the flags that it takes, beside those of every verb; absent: it looks at them itself. */
  flags?: readonly string[];
  /** How many words it takes behind its name; absent: it looks at them itself. */
  words?: number;
  /** Returns the exit code. */
  run(invocation: Invocation): Promise<number> | number;
}

/** A wrong use of a verb; its message is shown without a stack. */
export class UsageError extends Error {}

/** The verb was used rightly and could not be done; its message is shown without a stack. */
export class VerbError extends Error {}

/** The value of a flag that takes one, or undefined. Throws UsageError when the value is missing. */
export function textFlag(invocation: Invocation, name: string): string | undefined {
  const value = invocation.flags[name];
  if (value === true) throw new UsageError(`--${name} needs a value`);
  return value === false ? undefined : value;
}
