/** A function of a rule threw, took too long, or gave what can't be used; the message says which and where. */
export class RuleCodeError extends Error {
  get advice(): string {
    return `Mend the function, in the rule file or the test that made the rule: ${this.message}`;
  }
}
