/** The client application's life: handshake, the question for a newer version of itself, then rounds of sending and collecting. */
import { takeFolder } from './folderLock.ts';
import { openFolders } from './folders.ts';
import { collect } from './incoming.ts';
import type { MeshHttp } from './meshHttp.ts';
import { Outgoing } from './outgoing.ts';
import { refusalOf } from './refusal.ts';

/** What the application says of itself. */
const CLIENT: Record<string, string> = {
  'mex-clientversion': 'spine-sim-folder',
  'mex-javaversion': 'N/A',
  'mex-osarchitecture': process.arch,
  'mex-osname': process.platform,
  'mex-osversion': process.version,
};

/** A handshake is due once a day. */
const HANDSHAKE_MS = 24 * 3_600_000;

export interface BridgeOptions {
  http: MeshHttp;
  dir: string;
  chunkBytes?: number | undefined;
  retries: number;
  print(line: string): void;
  complain(line: string): void;
}

export class Bridge {
  readonly #options: BridgeOptions;
  readonly #folders: ReturnType<typeof openFolders>;
  readonly #outgoing: Outgoing;
  readonly #giveBack: () => void;
  #shakenAt: number | undefined;

  /** Throws VerbError when another bridge works on the folder. */
  constructor(options: BridgeOptions) {
    this.#options = options;
    this.#folders = openFolders(options.dir);
    this.#giveBack = takeFolder(this.#folders.temp);
    this.#outgoing = new Outgoing({ ...options, folders: this.#folders });
  }

  close(): void {
    this.#giveBack();
  }

  /** Rejects when the mailbox is refused or the server is not there. */
  async handshake(): Promise<void> {
    const { http } = this.#options;
    for (const path of ['', '/update']) {
      const { status, text } = await http.askText('POST', path, { headers: CLIENT });
      if (status !== 200 && status !== 204) throw refusalOf(status, text);
    }
    this.#shakenAt = http.now();
  }

  /** One round. A server that does not answer is told, and tried again in the next. */
  async round(): Promise<void> {
    const { complain, http, print } = this.#options;
    try {
      if (this.#shakenAt === undefined || http.now() - this.#shakenAt >= HANDSHAKE_MS) await this.handshake();
      await this.#outgoing.run();
      await collect({ http, folders: this.#folders, print });
    } catch (error) {
      complain((error as Error).message);
    }
  }
}
