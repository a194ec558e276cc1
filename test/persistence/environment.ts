/** What testers set: records of the world, registrations, entries over LDAP, rules, clocks, scenarios, counts, dated rules, TLS. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Attribute, Change, Client } from 'ldapts';
import { failing, type Ledger } from './ledger.ts';
import { inSpace, type Running } from './process.ts';

/** One call of the admin API for each piece of work, and how it is seen that it holds. */
function calls(
  name: string,
  work: (running: Running, n: number) => Promise<{ status: number; body: unknown }>,
  holds: (running: Running, n: number) => Promise<boolean | string>,
): Ledger {
  const known: number[] = [];
  return {
    name,
    async work(running, n) {
      const { status, body } = await work(running, n);
      if (status >= 300) throw new Error(`${name} refused: ${JSON.stringify(body)}`);
      known.push(n);
    },
    count: () => known.length,
    faults: (running) => failing(known, (n) => holds(running, n)),
  };
}

const GAS = 'gas.vn03.national.ncrs.nhs.uk';
const DTD = '/login/dtd';
const TLS_HOST = 'msg.dev.spine2.ncrs.nhs.uk';

export const world = (space: string) =>
  calls(
    `world of ${space}`,
    ({ spine }, n) => inSpace(spine, space).admin('POST', '/api/world/workflows', { id: `FLOW_${n}` }),
    async ({ spine }, n) => (await inSpace(spine, space).admin('GET', `/api/world/workflows/FLOW_${n}`)).status === 200,
  );

export const rules = (space: string) =>
  calls(
    `rules of ${space}`,
    ({ spine }, n) =>
      inSpace(spine, space).admin('PUT', `/api/rules/r-${n}`, {
        when: { service: 'gas', path: DTD, header: { 'X-Own': String(n) } },
        do: { answer: { status: 299, body: `rule ${n}` } },
      }),
    async ({ spine }, n) =>
      (await inSpace(spine, space).ask(GAS, { path: DTD, headers: { 'X-Own': String(n) } })).text === `rule ${n}`,
  );

export const scenarios = (space: string) =>
  calls(
    `scenarios of ${space}`,
    ({ spine }, n) => inSpace(spine, space).admin('PUT', `/api/scenarios/s-${n}`, { state: `state ${n}` }),
    async ({ spine }, n) => {
      const { body } = await inSpace(spine, space).admin('GET', '/api/scenarios');
      return body.some((one: { name: string; state: string }) => one.name === `s-${n}` && one.state === `state ${n}`);
    },
  );

const timeOf = (n: number) => new Date(Date.UTC(2030, 0, 1) + n * 3_600_000).toISOString();

/** A frozen clock and one that runs on, in spaces that hold nothing else. */
export const clocks = () =>
  calls(
    'clocks',
    ({ spine }, n) =>
      inSpace(spine, `clock-${n}`).admin(
        'PUT',
        '/api/clock',
        n % 2 ? { now: timeOf(n), frozen: true } : { now: timeOf(n) },
      ),
    async ({ spine }, n) => {
      const { body } = await inSpace(spine, `clock-${n}`).admin('GET', '/api/clock');
      if (n % 2) return body.now === timeOf(n) && body.frozen;
      const ahead = Date.parse(body.now) - Date.parse(timeOf(n));
      return (ahead >= 0 && ahead < 600_000) || `it shows ${body.now}`;
    },
  );

/** A rule that applies to ten exchanges, whatever happens between them. */
export function counts(): Ledger {
  const LIMIT = 10;
  let applied = 0;
  return {
    name: 'counts of rules',
    async begin({ spine }) {
      const rule = {
        when: { service: 'gas', path: DTD, header: { 'X-Counted': 'yes' } },
        do: { answer: { status: 299 } },
        times: LIMIT,
      };
      const { status, body } = await spine.admin('PUT', '/api/rules/counted', rule);
      if (status !== 200) throw new Error(body.message);
    },
    async work({ spine }, n) {
      if (n % 3 === 0 && (await spine.ask(GAS, { path: DTD, headers: { 'X-Counted': 'yes' } })).status === 299)
        applied++;
    },
    count: () => applied,
    async faults({ spine }) {
      for (let n = 0; n < LIMIT + 2; n++) {
        if ((await spine.ask(GAS, { path: DTD, headers: { 'X-Counted': 'yes' } })).status === 299) applied++;
      }
      const { body } = await spine.admin('GET', '/api/rules/counted');
      if (applied > LIMIT) return [`it applied ${applied} times`];
      return body.matched === LIMIT ? [] : [`its count is ${body.matched}`];
    },
  };
}

/** Messages that a rule sends a second after the exchange, to a server of ours. */
export function callbacks(): Ledger {
  const known = new Set<string>();
  const heard = new Set<string>();
  return {
    name: 'callbacks',
    async begin({ spine }) {
      const server = createServer((request, response) => {
        heard.add(request.url!);
        response.end();
      });
      server.listen(0, '127.0.0.1').unref();
      await once(server, 'listening');
      const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}/{{header "X-Call"}}`;
      const rule = {
        when: { service: 'gas', header: { 'X-Call': { present: true } } },
        do: { callback: { to, delay: 1_000 } },
      };
      const { status, body } = await spine.admin('PUT', '/api/rules/calls', rule);
      if (status !== 200) throw new Error(body.message);
    },
    async work({ spine }, n) {
      const { status } = await spine.ask(GAS, { path: DTD, headers: { 'X-Call': `call-${n}` } });
      if (status === 200) known.add(`/call-${n}`);
    },
    count: () => known.size,
    async faults() {
      const missing = () => [...known].filter((path) => !heard.has(path));
      for (let round = 0; round < 50 && missing().length > 0; round++) await wait(100);
      return missing();
    },
  };
}

export const policies = () =>
  calls(
    'dated rules',
    ({ spine }, n) => spine.admin('PATCH', `/api/policy/own-${n}`, { kind: 'notice', title: `Notice ${n}` }),
    async ({ spine }, n) => {
      const { body } = await spine.admin('GET', '/api/policy');
      return body.rules.some(
        (rule: { id: string; title: string }) => rule.id === `own-${n}` && rule.title === `Notice ${n}`,
      );
    },
  );

export const tls = () =>
  calls(
    'TLS profiles',
    ({ spine }, n) => spine.admin('PUT', `/api/tls/hosts/t-${n}.${TLS_HOST}`, { profile: 'tls12-only' }),
    async ({ spine }, n) => {
      const { body } = await spine.admin('GET', '/api/tls', undefined, { 'X-Spine-Sim-Space': `t-${n}` });
      return body.hosts.some(
        (one: { host: string; profile: string }) => one.host === `t-${n}.${TLS_HOST}` && one.profile === 'tls12-only',
      );
    },
  );

export function certificates(): Ledger {
  const known = new Map<string, boolean>();
  return {
    name: 'certificates',
    // A key takes a second of a busy machine: at least one is there when the first process is killed.
    async begin(running) {
      await this.work(running, 0);
    },
    async work({ spine }, n) {
      const { body } = await spine.admin('POST', '/api/certificates', { cn: `client-${n}.example.nhs.uk` });
      known.set(body.serial, false);
      if (n % 2) return;
      const { status } = await spine.admin('POST', `/api/certificates/${body.serial}/revoke`, {});
      if (status === 200) known.set(body.serial, true);
    },
    count: () => known.size,
    async faults({ spine }) {
      const { body } = await spine.admin('GET', '/api/certificates');
      const found = new Map(
        body.map((one: { serial: string; revoked?: object }) => [one.serial, one.revoked !== undefined]),
      );
      return failing(known, async ([serial, revoked]) => found.get(serial) === revoked || found.get(serial) === true);
    },
  };
}

/** Registrations of a system that receives several interactions: all of one or nothing. */
export function endpoints(space: string): Ledger {
  const known = new Map<string, number>();
  const interactions = ['pdsquery:QUPA_IN000008UK02', 'gp2gp:*'];
  return {
    name: 'registrations',
    async work({ spine }, n) {
      const { status, body } = await inSpace(spine, space).admin('POST', '/api/endpoints', {
        ods: 'Z99903',
        product: { name: `Product ${n}` },
        interactions,
        url: `https://mhs-${n}.example.thirdparty.nhs.uk/in`,
        mailbox: {},
      });
      if (status >= 300) throw new Error(`registration refused: ${body.message}`);
      known.set(body.partyKey, body.handlers.length);
    },
    count: () => known.size,
    async faults({ spine }) {
      const { body: parties } = await inSpace(spine, space).admin('GET', '/api/endpoints?ods=Z99903');
      const wanted = [...known.values()][0];
      const own = parties.filter(({ systems }: Party) =>
        systems.some(({ product }) => product?.name?.startsWith('Product ')),
      );
      const half = own.filter(({ handlers }: Party) => handlers.length !== wanted);
      const keys = new Set(own.map(({ partyKey }: Party) => partyKey));
      const lost = [...known.keys()].filter((partyKey) => !keys.has(partyKey));
      return [...half.map(({ partyKey }: Party) => `${partyKey} is there by half`), ...lost];
    },
  };
}

interface Party {
  partyKey: string;
  systems: { product?: { name?: string } }[];
  handlers: unknown[];
}

const SERVICES = 'ou=Services,o=nhs';
const entryOf = (n: number) => ({
  objectClass: ['top', 'nhsAs'],
  nhsIDCode: 'Z99901',
  nhsMHSPartyKey: `Z99901-${String(7_000_000 + n)}`,
  nhsAsSvcIA: ['urn:nhs:names:services:pdsquery:QUPA_IN000008UK02'],
  nhsAsClient: 'Z99901',
  nhsProductName: `Directory ${n}`,
  nhsProductVersion: '1',
  nhsProductKey: '77',
  nhsRequestorURP: 'SYSTEM',
  nhsDateRequested: '20260101090000',
  nhsApproverURP: 'SYSTEM',
  nhsDateApproved: '20260101090000',
});

/** Entries that are added; every second is changed, every fourth deleted again. */
export function directory(): Ledger {
  const known = new Map<string, 'added' | 'changed' | 'deleted'>();
  let client: { of: Running; ldap: Client } | undefined;
  const connected = async (running: Running) => {
    if (client?.of !== running) {
      const ldap = new Client({ url: `ldap://127.0.0.1:${running.ldap}`, timeout: 10_000 });
      await ldap.bind('cn=simulator,o=nhs', 'simulator');
      client = { of: running, ldap };
    }
    return client.ldap;
  };
  return {
    name: 'LDAP',
    async work(running, n) {
      const ldap = await connected(running);
      const id = String(200_000_100_000 + n);
      const dn = `uniqueIdentifier=${id},${SERVICES}`;
      await ldap.add(dn, entryOf(n));
      known.set(id, 'added');
      if (n % 2) return;
      known.delete(id);
      const version = new Attribute({ type: 'nhsProductVersion', values: ['2'] });
      await ldap.modify(dn, new Change({ operation: 'replace', modification: version }));
      known.set(id, 'changed');
      if (n % 4) return;
      known.delete(id);
      await ldap.del(dn);
      known.set(id, 'deleted');
    },
    count: () => known.size,
    async faults(running) {
      const ldap = await connected(running);
      const wrong = await failing(known, async ([id, state]) => {
        const filter = `(uniqueIdentifier=${id})`;
        const { searchEntries } = await ldap.search(SERVICES, {
          scope: 'sub',
          filter,
          attributes: ['nhsProductVersion'],
        });
        if (state === 'deleted') return searchEntries.length === 0 || 'it is there again';
        return searchEntries[0]?.nhsProductVersion === (state === 'added' ? '1' : '2');
      });
      await ldap.unbind();
      client = undefined;
      return wrong;
    },
  };
}
