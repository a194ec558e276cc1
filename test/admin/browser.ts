/** Pages of the console in a real browser: headless Chromium by its DevTools protocol. */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const chromium = NAMES.find((name) => spawnSync(name, ['--version']).status === 0);

/** The reason to skip a test, or false. */
export const noBrowser = (): string | false => (chromium ? false : 'there is no Chromium here');

type Teardown = { teardown(run: () => unknown): void; testdir(): string };

export interface Page {
  /** The value of an expression in the page, awaited. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the page gives
  read(expression: string): Promise<any>;
  /** Resolves when the expression is true; rejects after some seconds. */
  until(expression: string): Promise<void>;
}

export async function openPage(t: Teardown, url: string): Promise<Page> {
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'];
  const browser = spawn(chromium!, [...flags, `--user-data-dir=${t.testdir()}`, 'about:blank']);
  const ended = new Promise((resolve) => browser.once('close', resolve));
  t.teardown(async () => {
    browser.kill();
    await ended;
  });
  const socket = new WebSocket(await addressOf(browser.stderr));
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  t.teardown(() => socket.close());
  const waiting = new Map<number, (result: unknown) => void>();
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(String(data));
    waiting.get(id)?.(result);
  };
  let last = 0;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  const ask = (method: string, params: object, sessionId?: string): Promise<any> =>
    new Promise((resolve) => {
      waiting.set(++last, resolve);
      socket.send(JSON.stringify({ id: last, method, params, sessionId }));
    });
  const { targetId } = await ask('Target.createTarget', { url });
  const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true });
  const read = async (expression: string) => {
    const options = { expression, awaitPromise: true, returnByValue: true };
    return (await ask('Runtime.evaluate', options, sessionId)).result?.value;
  };
  return {
    read,
    async until(expression) {
      for (let round = 0; round < 100; round++) {
        if (await read(expression)) return;
        await wait(100);
      }
      throw new Error(`it did not come true: ${expression}`);
    },
  };
}

/** Chromium says on its standard error where it listens. */
async function addressOf(errors: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: errors })) {
    const address = /ws:\/\/\S+/.exec(line)?.[0];
    if (address) return address;
  }
  throw new Error('Chromium ended');
}
