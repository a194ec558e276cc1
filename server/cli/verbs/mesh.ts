/** `spine-sim mesh`: messages of the running simulator, and the folders of the MESH client application. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { adminJson } from '../adminClient.ts';
import { MAILBOXES, RECORD_FLAGS, record, WORKFLOWS } from '../mesh/records.ts';
import { type Invocation, textFlag, UsageError, type Verb, VerbError } from '../verb.ts';

interface MessageView {
  id: string;
  type: string;
  status: string;
  from?: string;
  to?: string;
  workflow: string;
  size: number;
  createdAt: string;
  subject?: string;
}

const MESSAGES = '/api/mesh/messages';
const pathOf = (id: string) => `${MESSAGES}/${encodeURIComponent(id)}`;

const line = ({ id, type, status, from = 'MESH', to = '?', workflow, size, createdAt, subject = '' }: MessageView) =>
  `${createdAt} ${id} ${status.padEnd(13)} ${type} ${from} > ${to} ${workflow} ${size} bytes ${subject}`.trimEnd();

function show(invocation: Invocation, view: MessageView): number {
  invocation.print(invocation.flags.json ? JSON.stringify(view, null, 2) : line(view));
  return 0;
}

/** The values of these flags, under the names that the admin API has for them. */
function flagsOf(invocation: Invocation, names: Record<string, string>): Record<string, string> {
  const values = Object.entries(names).map(([flag, name]) => [name, textFlag(invocation, flag)]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Record<string, string>;
}

const DESCRIBED = { subject: 'subject', 'local-id': 'localId', 'file-name': 'fileName' };

type Action = (invocation: Invocation, words: string[]) => Promise<number>;

/** Each action with the words that it needs. */
const ACTIONS: Record<string, { words: string[]; optional?: number; run: Action }> = {
  list: {
    words: ['<mailbox>'],
    optional: 1,
    async run(invocation, [mailbox]) {
      const named = flagsOf(invocation, { box: 'box', status: 'status', limit: 'limit' });
      const query = new URLSearchParams(mailbox === undefined ? named : { ...named, mailbox });
      const views = await adminJson<MessageView[]>(invocation, 'GET', `${MESSAGES}?${query}`);
      if (invocation.flags.json) invocation.print(JSON.stringify(views, null, 2));
      else for (const view of views.reverse()) invocation.print(line(view));
      return 0;
    },
  },
  show: {
    words: ['<id>'],
    async run(invocation, [id]) {
      invocation.print(JSON.stringify(await adminJson(invocation, 'GET', pathOf(id!)), null, 2));
      return 0;
    },
  },
  send: {
    words: ['<from>', '<to>', '<file>'],
    async run(invocation, [from, to, file]) {
      const names = { ...DESCRIBED, workflow: 'workflow', 'content-type': 'contentType' };
      const body = { from, to, fileName: basename(file!), ...flagsOf(invocation, names), base64: contentOf(file!) };
      return show(invocation, await adminJson(invocation, 'POST', MESSAGES, body));
    },
  },
  report: {
    words: ['<mailbox>', '<code>', '<description>'],
    async run(invocation, [mailbox, code, description]) {
      const names = { ...DESCRIBED, workflow: 'workflow', status: 'status', event: 'event', linked: 'linkedId' };
      const body = { mailbox, code, description, ...flagsOf(invocation, names) };
      return show(invocation, await adminJson(invocation, 'POST', '/api/mesh/reports', body));
    },
  },
  event: {
    words: ['<id>', '<status>'],
    async run(invocation, [id, status]) {
      const names = { event: 'event', code: 'code', description: 'description', linked: 'linkedId' };
      const body = { status, ...flagsOf(invocation, names) };
      return show(invocation, await adminJson(invocation, 'POST', `${pathOf(id!)}/events`, body));
    },
  },
  expire: {
    words: ['<id>'],
    run: async (invocation, [id]) => show(invocation, await adminJson(invocation, 'POST', `${pathOf(id!)}/expire`)),
  },
  mailbox: {
    words: ['list|set|remove', '<id>'],
    optional: 1,
    run: (invocation, [action, id]) => record(invocation, MAILBOXES, action!, id),
  },
  workflow: {
    words: ['list|set|remove', '<id>'],
    optional: 1,
    run: (invocation, [action, id]) => record(invocation, WORKFLOWS, action!, id),
  },
  client: {
    words: ['<mailbox>[,<mailbox>]', '<dir>'],
    async run(invocation, [mailboxes, dir]) {
      const { clientFiles } = await import('../mesh/clientFiles.ts');
      return clientFiles(invocation, mailboxes!.split(','), dir!);
    },
  },
  folder: {
    words: ['<mailbox>', '<dir>'],
    async run(invocation, [mailbox, dir]) {
      const { folder } = await import('../mesh/folder.ts');
      const { RefusedError, TransientError } = await import('../mesh/refusal.ts');
      try {
        return await folder(invocation, mailbox!, dir!);
      } catch (error) {
        const refused = error instanceof RefusedError || error instanceof TransientError;
        // Errors of sockets and files carry a code.
        if (refused || typeof (error as NodeJS.ErrnoException).code === 'string') {
          throw new VerbError((error as Error).message);
        }
        throw error;
      }
    },
  },
};

function contentOf(file: string): string {
  try {
    return readFileSync(file).toString('base64');
  } catch (error) {
    throw new VerbError(`${file} can not be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

export const mesh: Verb = {
  name: 'mesh',
  usage:
    'mesh list [<mailbox>] [--box inbox|outbox] [--status <status>] | mesh show <id> | mesh send <from> <to> <file> --workflow <id> [--subject <text>] | mesh report <mailbox> <code> <description> --workflow <id> | mesh event <id> <status> [--code <code>] | mesh expire <id> | mesh mailbox list|set|remove [<id>] [--ods <code>] [--password <text>] [--active yes|no] | mesh workflow list|set|remove [<id>] [--senders <ids>] [--receivers <ids>] [--restricted yes|no] | mesh client <mailbox>[,<mailbox>] <dir> | mesh folder <mailbox> <dir> [--poll <seconds>] [--once]',
  summary:
    'messages, reports and status events put in by hand; mailboxes and workflows; files for the Java client, or in, out, sent and failed folders as it has',
  flags: [
    ...[
      'json',
      'box',
      'status',
      'limit',
      'workflow',
      'content-type',
      'subject',
      'local-id',
      'file-name',
      'event',
      'code',
    ],
    ...['description', 'linked', 'poll', 'once', 'retries', 'chunk-bytes', 'url', 'password', 'shared-key'],
    ...RECORD_FLAGS,
  ],
  async run(invocation) {
    const [name, ...words] = invocation.words;
    const action = name !== undefined && Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (!action) throw new UsageError(`use: spine-sim ${mesh.usage}`);
    const { words: wanted, optional = 0 } = action;
    if (words.length > wanted.length || words.length < wanted.length - optional) {
      throw new UsageError(`use: spine-sim mesh ${name} ${wanted.join(' ')}`);
    }
    return action.run(invocation, words);
  },
};
