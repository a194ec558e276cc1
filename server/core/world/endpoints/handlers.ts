/** Message handler entries for what a system receives. */
import type { Path } from '../../yaml/document.ts';
import { error, type Finding, warning } from '../check/finding.ts';
import { compact } from '../compact.ts';
import type { Tables } from '../tables/tables.ts';
import type { AccreditedSystem, MessageHandler } from '../types.ts';
import { newCpaId } from './allocate.ts';
import { termsOf, withOwnTerms } from './contract.ts';
import { shortName } from './names.ts';
import type { EndpointWish } from './plan.ts';
import type { Received } from './use.ts';

/** What system and handlers have in common. */
export type SharedPart = Pick<AccreditedSystem, 'ods' | 'partyKey' | 'manufacturer' | 'product' | 'registration'>;

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** What the DNS team registered had to end so. */
const NHS_DOMAIN = /\.nhs\.(?:uk|net)$/i;

export function planHandlers(
  received: readonly Received[],
  own: SharedPart,
  asid: string,
  wish: EndpointWish,
  tables: Tables,
  findings: Finding[],
): MessageHandler[] {
  const address = wish.url ?? (wish.fqdn === undefined ? undefined : `https://${wish.fqdn}`);
  if (address !== undefined) checkAddress(address, wish, findings);
  warnOfOthers(received, own, tables, findings);
  const chosen = new Set<string>();
  const others = tables.systems.byPartyKey(own.partyKey).some((system) => system.asid !== asid);
  return received.flatMap(({ name, url = address, contract, path }) => {
    if (url === undefined) {
      findings.push(error(path, 'what is received needs an address', 'add url: https://...'));
      return [];
    }
    const fault = urlFault(url, [...path.slice(0, 2), 'url']);
    if (fault) {
      // That of the whole registration has been told once.
      if (url !== address) findings.push(fault);
      return [];
    }
    const terms = termsOf(name, tables);
    const before = tables.handlers.contract(own.partyKey, name);
    const cpaId = before?.cpaId ?? newCpaId(own.partyKey, name, (id) => tables.handlers.has(id) || chosen.has(id));
    chosen.add(cpaId);
    if (before && others) {
      const message = `${own.partyKey} has a contract for ${shortName(name)} already (${cpaId}), which this one replaces`;
      findings.push(warning(path, message, 'another system shares the party key'));
    }
    return compact({
      ...own,
      cpaId,
      service: terms.service,
      interaction: terms.interaction,
      endpoint: terms.interactionType === 'FHIR' ? url.replace(/\/+$/, '') : url,
      fqdn: (URL.parse(url)?.hostname ?? '').toLowerCase(),
      ipAddress: wish.ipAddress,
      description: wish.description ?? own.product?.name,
      interactionType: terms.interactionType,
      templateKey: terms.templateKey,
      contract: withOwnTerms(terms.contract, { ...wish.contract, ...contract }),
      builtIn: before?.builtIn,
    });
  });
}

/** Clients that look a route up by ODS code and interaction want one answer. */
function warnOfOthers(received: readonly Received[], own: SharedPart, tables: Tables, findings: Finding[]): void {
  const others = new Map<string, number>();
  for (const { name } of received) {
    for (const { ods, partyKey } of tables.handlers.each('svcIa', name)) {
      if (ods === own.ods && partyKey !== own.partyKey) others.set(partyKey, (others.get(partyKey) ?? 0) + 1);
    }
  }
  for (const [partyKey, count] of others) {
    const message = `${partyKey} receives ${count} of these interactions at ${own.ods} already`;
    findings.push(
      warning(['ods'], message, 'who looks up by ODS code finds both: remove it, or register at another organisation'),
    );
  }
}

/** Said of the url as it was written, before a message handler is made of it. */
function urlFault(url: string, path: Path): Finding | undefined {
  const parsed = URL.parse(url);
  if (!parsed) return error(path, `"${url}" is not a URL`);
  if (parsed.protocol === 'https:' || LOOPBACK.test(parsed.hostname)) return undefined;
  return error(path, 'Spine calls endpoints by https', url.replace(/^\w+:/, 'https:'));
}

/** What the real registration demanded of an address, and what it could not know: that a developer's is on loopback. */
function checkAddress(address: string, { fqdn, url }: EndpointWish, findings: Finding[]): void {
  const fault = urlFault(address, ['url']);
  if (fault) {
    findings.push(fault);
    return;
  }
  const { hostname, port } = new URL(address);
  if (LOOPBACK.test(hostname)) return;
  if (url !== undefined && fqdn !== undefined && hostname.toLowerCase() !== fqdn.toLowerCase()) {
    findings.push(
      error(['fqdn'], `is "${fqdn}", but the url is at ${hostname}`, 'the certificate has the name that is called'),
    );
  }
  if (!NHS_DOMAIN.test(hostname)) {
    findings.push(warning(['url'], `${hostname} does not end in nhs.uk`, 'real registrations ask for that'));
  }
  if (port !== '') findings.push(warning(['url'], `the real Spine calls port 443 only, not ${port}`));
}
