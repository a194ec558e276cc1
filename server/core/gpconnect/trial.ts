/** Calls of a consumer to a provider, one after another, and the report on all. */

import { londonDay } from '../clock/london.ts';
import type { Core } from '../core.ts';
import { type Credentials, pemBlocks } from '../pki/pki.ts';
import type { Space } from '../space/space.ts';
import type { AccreditedSystem, Patient } from '../world/types.ts';
import { type Context, type GpConnectCall, PREFIX } from './calls/call.ts';
import { CALLS } from './calls/index.ts';
import { makeCall, type Run, type TrialWish } from './oneCall.ts';
import { type CallReport, skippedCall, type TrialReport } from './report.ts';

/** The wish can't be fulfilled; the message says why, for whoever wished. */
export class TrialError extends Error {}

/** The consumer that the shipped world has. */
const DEFAULT_FROM = '200000000903';

/** After so many calls without an answer in time the others are not made: each would wait as long. */
const MAX_LATE = 3;

export class Trials {
  readonly #core: Core;
  #credentials = new Map<string, Promise<Credentials>>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** Throws TrialError. */
  async run(space: Space, wish: TrialWish): Promise<TrialReport> {
    const chosen = chooseCalls(wish.calls ?? []);
    const run = await this.#prepare(space, wish);
    const calls: CallReport[] = [];
    for (const call of chosen) {
      const hopeless = calls.filter(({ late }) => late).length >= MAX_LATE;
      calls.push(
        hopeless ? skippedCall(call, `${MAX_LATE} calls before got no answer in time`) : await makeCall(run, call),
      );
    }
    const count = (outcome: CallReport['outcome']) => calls.filter((call) => call.outcome === outcome).length;
    return {
      from: run.consumer.asid,
      to: run.provider.asid,
      through: wish.direct ? 'no SSP' : 'the SSP',
      nhsNumber: run.context.nhsNumber,
      calls,
      passed: count('passed'),
      failed: count('failed'),
      skipped: count('skipped'),
    };
  }

  async #prepare(space: Space, wish: TrialWish): Promise<Run> {
    const { world, clock } = space;
    const consumer = systemOf(space, wish.from ?? DEFAULT_FROM);
    const provider = systemOf(space, wish.to);
    const fqdn = consumer.fqdn ?? world.handlers.byPartyKey(consumer.partyKey)[0]?.fqdn;
    if (fqdn === undefined) {
      throw new TrialError(`${consumer.asid} has no host name; give it an fqdn in the world`);
    }
    const requester = world.organisations.get(consumer.ods);
    const now = clock.now();
    const context: Context = {
      ods: provider.ods,
      nhsNumber: wish.nhsNumber ?? (await patientOf(space, provider.ods)),
      now,
      today: londonDay(now),
      requester: { ods: consumer.ods, name: requester?.name ?? consumer.ods },
      traceId: '',
      found: {},
    };
    const credentials = wish.direct ? undefined : await this.#credentialsOf(fqdn);
    const unreachable = new Set<string>();
    return { core: this.#core, space, consumer, provider, wish, fqdn, credentials, context, unreachable };
  }

  /** A client certificate of the consumer, made once. */
  #credentialsOf(fqdn: string): Promise<Credentials> {
    let made = this.#credentials.get(fqdn);
    if (!made) {
      made = this.#core.pki.issueClient({ cn: fqdn }).then(({ certificate, chain, privateKey }) => ({
        cert: certificate + pemBlocks(chain)[0]!.text,
        key: privateKey,
      }));
      made.catch(() => this.#credentials.delete(fqdn));
      this.#credentials.set(fqdn, made);
    }
    return made;
  }
}

function chooseCalls(names: string[]): GpConnectCall[] {
  if (names.length === 0 || names.includes('all'))
    return CALLS.filter(({ extra, name }) => !extra || names.includes(name));
  const unknown = names.filter((name) => !CALLS.some((call) => call.name === name || isInteraction(call, name)));
  if (unknown.length > 0) {
    throw new TrialError(
      `there is no call ${unknown.join(', ')}; there are ${CALLS.map(({ name }) => name).join(', ')}`,
    );
  }
  return CALLS.filter((call) => names.some((name) => call.name === name || isInteraction(call, name)));
}

const isInteraction = ({ interaction }: GpConnectCall, name: string) =>
  name === interaction || name === PREFIX + interaction;

function systemOf({ world }: Space, asid: string): AccreditedSystem {
  const system = world.systems.get(asid);
  if (!system) throw new TrialError(`nobody has the ASID ${asid}`);
  return system;
}

/** A living patient of the practice whose record anyone may see. */
async function patientOf({ world }: Space, ods: string): Promise<string> {
  const isOpen = (patient: Patient) =>
    patient.gp?.ods === ods &&
    patient.dateOfDeath === undefined &&
    (patient.confidentiality === undefined || patient.confidentiality === 'B') &&
    !patient.consents?.some(({ type, value }) => type === '4' && value === '2') &&
    !patient.invalid &&
    patient.supersededBy === undefined;
  const found = (await world.patients.list()).find(isOpen);
  if (found) return found.nhsNumber;
  throw new TrialError(`the world has no patient of ${ods}; name one that the provider knows by its NHS number`);
}
