/**
 * Mailboxes and workflows as the public MESH sandbox has them: JSON Lines, which projects mount into its container. They are
 * turned into the text of a seed file with the same line numbers, so that a fault is told where it stands.
 */

/** Members of the sandbox's lines and what they are called here; others say nothing that this world knows. */
const FILES: Record<string, { kind: 'mailboxes' | 'workflows'; names: Record<string, string> }> = {
  'mailboxes.jsonl': {
    kind: 'mailboxes',
    names: {
      mailbox_id: 'id',
      mailbox_name: 'name',
      billing_entity: 'billingEntity',
      ods_code: 'ods',
      org_code: 'organisationCode',
      org_name: 'organisationName',
      password: 'password',
      active: 'active',
    },
  },
  'workflows.jsonl': {
    kind: 'workflows',
    names: { workflow_id: 'id', senders: 'senders', receivers: 'receivers', restricted: 'restricted' },
  },
};

/** Names of the files that are read so. */
export const SANDBOX_FILES: readonly string[] = Object.keys(FILES);

/** The seed file that says the same. A line that is no record becomes a text, and is told as such. */
export function seedOfLines(file: string, text: string): string {
  const { kind, names } = FILES[file]!;
  const lines = text.split(/\r?\n/).map((line) => (line.trim() === '' ? '' : `${renamed(line, names)},`));
  return `${kind}: [ ${lines.join('\n  ')}\n  ]\n`;
}

function renamed(line: string, names: Record<string, string>): string {
  let members: unknown;
  try {
    members = JSON.parse(line);
  } catch {
    return JSON.stringify(line);
  }
  if (typeof members !== 'object' || members === null || Array.isArray(members)) return JSON.stringify(line);
  const kept = Object.entries(members).filter(
    ([name, value]) => Object.hasOwn(names, name) && value !== null && value !== '',
  );
  return JSON.stringify(Object.fromEntries(kept.map(([name, value]) => [names[name], value])));
}
