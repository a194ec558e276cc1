import Type from 'typebox';
import { Asid, CpaId, Fqdn, Interaction, Ods, PartyKey, Pattern, STRICT, Text } from './text.ts';

const Stamp = Pattern('[0-9]{14}', '14 digits yyyyMMddHHmmss', '20240102103000');

export const Product = Type.Object(
  {
    name: Text('nhsProductName'),
    version: Text('nhsProductVersion'),
    key: Type.Optional(Pattern('[0-9]{1,9}', 'a number', '9901')),
  },
  STRICT,
);

export const Registration = Type.Object(
  {
    requestor: Type.Optional(Text('DN-like text of a role, or SYSTEM')),
    requested: Type.Optional(Stamp),
    approver: Type.Optional(Text('DN-like text of a role, or SYSTEM')),
    approved: Type.Optional(Stamp),
    dnsApprover: Type.Optional(Text('DN-like text of a role, or SYSTEM')),
    dnsApproved: Type.Optional(Stamp),
  },
  STRICT,
);

export const BuiltIn = Type.Union(
  [Type.Literal('gp-connect'), Type.Literal('care-connect'), Type.Literal('responder')],
  {
    description: 'the stub inside the simulator that answers in place of the endpoint',
  },
);

export const AccreditedSystem = Type.Object(
  {
    asid: Asid,
    ods: Ods,
    clients: Type.Optional(
      Type.Array(Ods, { description: 'ODS codes served; normally absent, which means the owner' }),
    ),
    partyKey: PartyKey,
    manufacturer: Type.Optional(Ods),
    product: Type.Optional(Product),
    interactions: Type.Array(Interaction, { default: [], description: 'what the system may send and receive' }),
    accessControl: Type.Optional(Type.Array(Type.String({ description: 'CNST, DOLR, RBAC' }))),
    fqdn: Type.Optional(Fqdn),
    registration: Type.Optional(Registration),
    description: Type.Optional(Text('free text')),
    categories: Type.Optional(Type.Array(Text('nhsAsCategoryBag'))),
    spine: Type.Optional(Type.Boolean({ description: 'Spine itself answers to this ASID' })),
    unlisted: Type.Optional(Type.Boolean({ description: 'not shown in the directory' })),
    builtIn: Type.Optional(BuiltIn),
  },
  { ...STRICT, description: 'An accredited system (nhsAs).' },
);

const Duration = Pattern('P(T[0-9HMS.]+|[0-9WDTHMS.]+)', 'an ISO 8601 duration', 'PT1M');

export const ContractProperties = Type.Object(
  {
    syncReplyMode: Type.Optional(Text('MSHSignalsOnly, None, never, SignalsAndResponse')),
    ackRequested: Type.Optional(Text('always, never')),
    duplicateElimination: Type.Optional(Text('always, never')),
    actor: Type.Optional(Text('urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH, ...:nextMSH, IGNORED')),
    retries: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
    retryInterval: Type.Optional(Duration),
    persistDuration: Type.Optional(Duration),
    isAuthenticated: Type.Optional(Text('none, transient, persistent')),
  },
  { ...STRICT, description: 'Contract properties; what is absent is not in the directory entry.' },
);

export const MessageHandler = Type.Object(
  {
    cpaId: CpaId,
    ods: Ods,
    partyKey: PartyKey,
    service: Pattern('urn:[^\\s]+', 'a service name', 'urn:nhs:names:services:psis'),
    interaction: Pattern('[^\\s]+', 'an interaction', 'REPC_IN150016UK05'),
    endpoint: Pattern(
      'https?://[^\\s]+',
      'a URL',
      'https://mhs.example-practice.nhs.uk/reliablemessaging/forwardreliable',
    ),
    fqdn: Fqdn,
    ipAddress: Type.Optional(Text('nhsMhsIPAddress')),
    network: Type.Optional(Text('nhsMhsNetwork')),
    sinCode: Type.Optional(Text('nhsMhsSinCode')),
    description: Type.Optional(Text('nhsMHSServiceDescription')),
    interactionType: Type.Optional(Text('HL7, FHIR, ebXML, N/A')),
    templateKey: Type.Optional(Pattern('[0-9]{1,9}', 'a number', '28')),
    manufacturer: Type.Optional(Ods),
    product: Type.Optional(Product),
    contract: ContractProperties,
    registration: Type.Optional(Registration),
    builtIn: Type.Optional(BuiltIn),
  },
  { ...STRICT, description: 'A message handler entry (nhsMhs): one interaction that one party can receive.' },
);
