/** `spine-sim send`: has a message sent to an endpoint of the directory, to try a listener alone. */
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { adminJson } from '../adminClient.ts';
import { type Invocation, textFlag, UsageError, type Verb, VerbError } from '../verb.ts';
import { deliveryLine } from './deliveries.ts';

/** Content types by ending, for attachments; any other is sent as bytes. */
const TYPES: Record<string, string> = {
  '.txt': 'text/plain',
  '.xml': 'text/xml',
  '.html': 'text/html',
  '.pdf': 'application/pdf',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.tif': 'image/tiff',
};

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new VerbError(`${file} can not be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

async function attachmentsOf(invocation: Invocation): Promise<object[]> {
  const list = async (flag: string, fragment: boolean) => {
    const files = textFlag(invocation, flag)?.split(',') ?? [];
    return Promise.all(
      files.map(async (file) => {
        const contentType = TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream';
        const large = fragment ? 'Yes' : 'No';
        const description = `Filename="${basename(file)}" ContentType=${contentType} Compressed=No LargeAttachment=${large} OriginalBase64=No`;
        return { contentType, base64: (await read(file)).toString('base64'), description, fragment };
      }),
    );
  };
  return [...(await list('attach', false)), ...(await list('fragment', true))];
}

export const send: Verb = {
  name: 'send',
  usage:
    'send <service>/<interaction> --to <party key or ASID> [--from <party key or ASID>] [--message <file> | --subject <file>] [--attach <files>] [--fragment <files>] [--conversation <id>] [--reference <message id>] [--after <duration>]',
  summary: 'send a message to an endpoint of the directory now',
  flags: ['to', 'from', 'message', 'subject', 'attach', 'fragment', 'conversation', 'reference', 'after', 'json'],
  words: 1,
  async run(invocation) {
    const slash = invocation.words[0]?.lastIndexOf('/') ?? -1;
    const to = textFlag(invocation, 'to');
    if (slash < 1 || to === undefined) throw new UsageError(`use: spine-sim ${send.usage}`);
    const name = invocation.words[0]!;
    const file = async (flag: string) => {
      const path = textFlag(invocation, flag);
      return path === undefined ? undefined : (await read(path)).toString('utf8');
    };
    const body = {
      to,
      from: textFlag(invocation, 'from'),
      service: name.slice(0, slash),
      interaction: name.slice(slash + 1),
      message: await file('message'),
      subject: await file('subject'),
      conversationId: textFlag(invocation, 'conversation'),
      refToMessageId: textFlag(invocation, 'reference'),
      after: textFlag(invocation, 'after'),
      attachments: await attachmentsOf(invocation),
    };
    const sent = await adminJson<{ deliveries: Parameters<typeof deliveryLine>[0][] }>(
      invocation,
      'POST',
      '/api/messages',
      body,
    );
    if (invocation.flags.json) invocation.print(JSON.stringify(sent, null, 2));
    else for (const view of sent.deliveries) invocation.print(deliveryLine(view));
    return 0;
  },
};
