/** The filter of an inbox list: `X` equals, `X*` starts, `*X*` contains; a `!` before it turns it round. Case counts. */
export type WorkflowFilter = (workflow: string) => boolean;

export function workflowFilter(text: string | undefined): WorkflowFilter | undefined {
  let pattern = text?.trim() ?? '';
  if (pattern === '') return undefined;
  const negated = pattern.startsWith('!');
  if (negated) pattern = pattern.slice(1);
  const test = positive(pattern);
  return negated ? (workflow) => !test(workflow) : test;
}

function positive(pattern: string): WorkflowFilter {
  if (pattern.startsWith('*')) {
    const part = pattern.replace(/^\*|\*$/g, '');
    return (workflow) => workflow.includes(part);
  }
  if (pattern.endsWith('*')) {
    const start = pattern.slice(0, -1);
    return (workflow) => workflow.startsWith(start);
  }
  return (workflow) => workflow === pattern;
}
