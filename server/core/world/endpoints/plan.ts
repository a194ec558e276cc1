/** From a registration to the records that it makes, without putting any of them. */
import type { Static } from 'typebox';
import { type Finding, warning } from '../check/finding.ts';
import { compact } from '../compact.ts';
import type { Endpoint } from '../schema/endpoint.ts';
import type { Tables } from '../tables/tables.ts';
import type { AccreditedSystem, Mailbox, MessageHandler, Organisation, Workflow } from '../types.ts';
import { productKey } from './allocate.ts';
import { planHandlers } from './handlers.ts';
import { identify } from './identity.ts';
import { planMailbox } from './mailbox.ts';
import { planUse } from './use.ts';

/** A registration, shaped by its schema. */
export type EndpointWish = Static<typeof Endpoint>;

export interface PlanContext {
  tables: Tables;
  /** Name of the space. */
  space: string;
  /** Date of request and approval, `yyyyMMddHHmmss`; undefined leaves the directory's own. */
  at: string | undefined;
}

export interface EndpointPlan {
  /** The system was there already: it keeps its ids. */
  again: boolean;
  organisation: Organisation | undefined;
  system: AccreditedSystem;
  handlers: MessageHandler[];
  /** CPA ids of the party that the registration no longer has. */
  obsolete: string[];
  mailbox: Mailbox | undefined;
  workflows: Workflow[];
  /** Interactions that were added because Spine answers with them. */
  answers: string[];
  findings: Finding[];
}

export function planEndpoint(wish: EndpointWish, context: PlanContext): EndpointPlan {
  const { tables } = context;
  const findings: Finding[] = [];
  const identity = identify(wish, context, findings);
  const use = planUse(wish, tables, findings);
  const version = wish.product?.version ?? '1';
  const key = wish.product?.key ?? productKey(wish.manufacturer, identity.product, version);
  const product = { name: identity.product, version, key };
  const own = compact({
    ods: wish.ods,
    partyKey: identity.partyKey,
    manufacturer: wish.manufacturer,
    product,
    registration: wish.registration ?? registrationAt(context.at),
  });
  const handlers = planHandlers(use.received, own, identity.asid, wish, tables, findings);
  const system: AccreditedSystem = compact({
    ...own,
    asid: identity.asid,
    clients: wish.clients,
    accessControl: wish.accessControl,
    fqdn: (wish.fqdn ?? handlers[0]?.fqdn)?.toLowerCase(),
    interactions: use.listed,
    builtIn: identity.before?.builtIn,
  });
  const organisation = planOrganisation(wish, tables);
  if (system.interactions.length === 0) {
    findings.push(warning(['interactions'], 'the system may neither send nor receive anything', 'name some'));
  }
  const { mailbox, workflows } = planMailbox(wish, product.name, organisation, tables, findings);
  return {
    again: identity.before !== undefined,
    organisation,
    system,
    handlers,
    obsolete: identity.before ? obsoleteOf(identity.before, handlers, tables) : [],
    mailbox,
    workflows,
    answers: use.answers,
    findings,
  };
}

/** Registered and approved by the system itself, at once. */
function registrationAt(at: string | undefined) {
  if (at === undefined) return undefined;
  return {
    requestor: 'SYSTEM',
    requested: at,
    approver: 'SYSTEM',
    approved: at,
    dnsApprover: 'SYSTEM',
    dnsApproved: at,
  };
}

const GP_PRACTICE = { typeCode: 'PR', type: 'GP Practice' };

function planOrganisation({ ods, organisation }: EndpointWish, { organisations }: Tables): Organisation | undefined {
  if (!organisation) return undefined;
  const before = organisations.get(ods);
  return compact({ ...GP_PRACTICE, address: ['', '', '', '', ''], ...before, ...compact({ ...organisation }), ods });
}

/** A system whose party key is its own may be registered anew with less; another system's contracts are left alone. */
function obsoleteOf(before: AccreditedSystem, handlers: MessageHandler[], tables: Tables): string[] {
  const { partyKey } = before;
  if (tables.systems.byPartyKey(partyKey).length > 1) return [];
  const wanted = new Set(handlers.map(({ cpaId }) => cpaId));
  return tables.handlers
    .byPartyKey(partyKey)
    .map(({ cpaId }) => cpaId)
    .filter((cpaId) => !wanted.has(cpaId));
}
