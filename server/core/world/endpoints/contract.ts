/** By which contract a new message handler receives an interaction. */
import { SERVICES } from '../formats.ts';
import { patternOf } from '../pattern.ts';
import type { Tables } from '../tables/tables.ts';
import type { ContractProperties, MessageHandler } from '../types.ts';
import { isAnswer } from './answers.ts';

export interface HandlerTerms {
  service: string;
  interaction: string;
  contract: ContractProperties;
  interactionType: string;
  templateKey: string;
}

/** What Spine sends back comes asynchronously, whatever way it would come to Spine itself. */
const EXPRESS: ContractProperties = {
  syncReplyMode: 'MSHSignalsOnly',
  ackRequested: 'never',
  duplicateElimination: 'never',
  actor: 'urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH',
  isAuthenticated: 'transient',
};

const FHIR: ContractProperties = {
  syncReplyMode: 'None',
  ackRequested: 'never',
  duplicateElimination: 'never',
  isAuthenticated: 'none',
};

/** Of an interaction that nobody else receives: forwarded by Spine, and acknowledged. Assumed. */
const FORWARDED: ContractProperties = {
  syncReplyMode: 'None',
  ackRequested: 'always',
  duplicateElimination: 'always',
  actor: 'urn:oasis:names:tc:ebxml-msg:actor:nextMSH',
  retries: 2,
  retryInterval: 'PT1M',
  persistDuration: 'PT4M',
  isAuthenticated: 'transient',
};

const TEMPLATE_HL7 = '28';
const TEMPLATE_FHIR = '14';

/** True for the name of a FHIR interaction, such as `fhir:rest:read:metadata-1`. */
export const isFhirName = (svcIa: string): boolean => /(?::|^)fhir:|:DocumentReference\./.test(svcIa);

/** Spine's own contract for an interaction, of which suppliers' differ in nothing but the address. */
export function spineContract(svcIa: string, { handlers, systems }: Tables): MessageHandler | undefined {
  for (const handler of handlers.each('svcIa', svcIa)) if (systems.isSpineParty(handler.partyKey)) return handler;
  return undefined;
}

/** The terms that the directory shows for others, or what the name says where nobody receives it. */
export function termsOf(svcIa: string, tables: Tables): HandlerTerms {
  const spine = spineContract(svcIa, tables);
  const [other] = tables.handlers.each('svcIa', svcIa);
  const example = spine ?? other;
  const { service, interaction } = example ?? split(svcIa);
  if (spine && isAnswer(interaction) && patternOf(spine) === 'sync') {
    return { service, interaction, contract: EXPRESS, interactionType: 'HL7', templateKey: TEMPLATE_HL7 };
  }
  const fhir = example ? example.interactionType === 'FHIR' : isFhirName(svcIa);
  return {
    service,
    interaction,
    contract: example?.contract ?? (fhir ? FHIR : FORWARDED),
    interactionType: example?.interactionType ?? (fhir ? 'FHIR' : 'HL7'),
    templateKey: example?.templateKey ?? (fhir ? TEMPLATE_FHIR : TEMPLATE_HL7),
  };
}

/** FHIR interactions have colons too, so the service ends at the first behind the common prefix. */
function split(svcIa: string): { service: string; interaction: string } {
  const from = svcIa.startsWith(SERVICES) ? SERVICES.length : svcIa.lastIndexOf(':');
  const at = Math.max(svcIa.indexOf(':', from), 0);
  return { service: svcIa.slice(0, at), interaction: svcIa.slice(at + 1) };
}

/** The terms with what the registration says of its own; who waives acknowledgements waives retries. */
export function withOwnTerms(contract: ContractProperties, own: ContractProperties | undefined): ContractProperties {
  if (!own) return contract;
  const merged = { ...contract, ...own };
  const reliable = merged.ackRequested === 'always' && merged.duplicateElimination === 'always';
  if (reliable) return merged;
  for (const name of ['retries', 'retryInterval', 'persistDuration'] as const) {
    if (own[name] === undefined) delete merged[name];
  }
  return merged;
}
