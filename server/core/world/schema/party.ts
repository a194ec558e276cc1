/** The compact notation of parties: systems and message handlers as patterns times interactions. */
import Type from 'typebox';
import { AccreditedSystem, BuiltIn, ContractProperties, Product, Registration } from './service.ts';
import { Asid, Fqdn, Ods, PartyKey, Pattern, STRICT, Text } from './text.ts';

export const ContractPattern = Type.Object(
  {
    ...ContractProperties.properties,
    listedOnly: Type.Optional(
      Type.Boolean({ description: 'the system lists the interaction, but no message handler has it' }),
    ),
    endpoint: Type.Optional(Text('URL; {ods}, {partyKey} and the variables of the party are replaced')),
    interactionType: Type.Optional(Text('HL7, FHIR, ebXML, N/A')),
    templateKey: Type.Optional(Pattern('[0-9]{1,9}', 'a number', '28')),
    description: Type.Optional(Text('what the pattern means, for the reader')),
  },
  { ...STRICT, description: 'Contract properties that many interactions share.' },
);

const Contract = Type.Object(
  {
    ...ContractPattern.properties,
    service: Text('service without urn:nhs:names:services:, or a whole urn; several are separated by blanks'),
    pattern: Text('name of a pattern'),
    first: Type.Optional(Pattern('[A-Z0-9]*[0-9]{3}', 'the first CPA id, counted up for each interaction', '2A000001')),
    interactions: Type.String({
      description: 'names separated by blanks; A{x y} is Ax Ay; NAME=1A000168 gives a CPA id by hand',
    }),
  },
  STRICT,
);

const PartySystem = Type.Object(
  {
    asid: Asid,
    interactions: AccreditedSystem.properties.interactions,
    accessControl: AccreditedSystem.properties.accessControl,
    unlisted: AccreditedSystem.properties.unlisted,
    services: Type.Optional(
      Type.Array(Type.String(), { description: 'lists the interactions of these services only' }),
    ),
    product: AccreditedSystem.properties.product,
  },
  STRICT,
);

export const Party = Type.Object(
  {
    ods: Ods,
    partyKey: PartyKey,
    fqdn: Type.Optional(Fqdn),
    manufacturer: Type.Optional(Ods),
    product: Type.Optional(Product),
    registration: Type.Optional(Registration),
    description: Type.Optional(Text('nhsMHSServiceDescription of its handlers')),
    ipAddress: Type.Optional(Text('nhsMhsIPAddress of its handlers')),
    spine: Type.Optional(Type.Boolean()),
    builtIn: Type.Optional(BuiltIn),
    cpaIdPrefix: Type.Optional(Text('put before every CPA id')),
    variables: Type.Optional(Type.Record(Type.String(), Type.String())),
    systems: Type.Array(PartySystem, { default: [] }),
    contracts: Type.Array(Contract, { default: [] }),
  },
  { ...STRICT, description: 'One party: its accredited systems and the interactions it receives.' },
);
