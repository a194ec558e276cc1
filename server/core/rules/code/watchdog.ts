/**
 * The thread that looks on: when the first one stands still for too long in a module of the rules folder it says where, and ends the
 * process. To break only the loop would take pending work of other exchanges with it, unsaid; what was acknowledged outlives a sudden end.
 */
import { writeSync } from 'node:fs';
import { Session } from 'node:inspector';
import { basename } from 'node:path';
import { workerData } from 'node:worker_threads';
import { VERSION } from './modules.ts';
import { BEATS, LONGEST_MS, RUNNING } from './watch.ts';

const LOOK_MS = 500;

/** Looks are counted, and not the time: a machine that slept has lost none. */
const MOST_LOOKS = LONGEST_MS / LOOK_MS;

/** A thread that code of the system holds can't say where it is. */
const LONGEST_ASKING_MS = 2_000;

/** Between two turns of a loop that awaits, the thread is in no module, so it may take many times to find it in the loop. */
const ASK_AGAIN_MS = 100;

const STACK = '(() => { Error.stackTraceLimit = 50; return String(new Error().stack); })()';

/** Place in a module of the rules folder, known by its version. */
const FRAME = new RegExp(`file:([^?\\s]+)\\?${VERSION}=\\d+:(\\d+)`);

const STDERR = 2;

const memory = workerData as Int32Array<SharedArrayBuffer>;
let before = -1;
let still = 0;

function look(): void {
  const beats = Atomics.load(memory, BEATS);
  still = Atomics.load(memory, RUNNING) > 0 && beats === before ? still + 1 : 0;
  before = beats;
  if (still < MOST_LOOKS) {
    setTimeout(look, LOOK_MS);
    return;
  }
  askWhere((place) => {
    if (place === undefined) {
      still = MOST_LOOKS - 1;
      setTimeout(look, ASK_AGAIN_MS);
      return;
    }
    writeSync(
      STDERR,
      `A function of a rule at ${place} has run for ${LONGEST_MS / 1_000} seconds without a pause, and nothing else can run: the \
simulator ends. Mend the loop there and start it again; what was acknowledged is kept where there is a data folder.\n`,
    );
    process.kill(process.pid, 'SIGKILL');
  });
}

/** Gives the innermost place in a module of the rules folder at which the first thread is; undefined: it is in none, or can't say. */
function askWhere(found: (place: string | undefined) => void): void {
  const session = new Session();
  let asked = true;
  const done = (place: string | undefined) => {
    if (!asked) return;
    asked = false;
    clearTimeout(late);
    session.disconnect();
    found(place);
  };
  const late = setTimeout(done, LONGEST_ASKING_MS, undefined);
  session.connectToMainThread();
  // It is run on top of what runs there, wherever that is; to pause it would wait for the next statement.
  session.post('Runtime.evaluate', { expression: STACK }, (_error, answer) =>
    done(placeOf(String(answer?.result.value))),
  );
}

function placeOf(stack: string): string | undefined {
  const [, file, line] = FRAME.exec(stack) ?? [];
  return file && `${basename(decodeURIComponent(file))}:${line}`;
}

look();
