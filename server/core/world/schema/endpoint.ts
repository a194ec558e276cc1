/** The registration of a supplier's endpoint: what its developer knows, from which the directory's entries are made. */
import Type from 'typebox';
import { Mailbox, Workflow } from './exchange.ts';
import { Organisation } from './organisation.ts';
import { AccreditedSystem, ContractProperties, Registration } from './service.ts';
import { Asid, Fqdn, Ods, PartyKey, Pattern, STRICT, Text } from './text.ts';

const Url = Pattern('https?://[^\\s]+', 'a URL', 'https://mhs.my-system.thirdparty.nhs.uk/inbound');

const Interactions = (description: string) =>
  Type.Array(Pattern('[^\\s]{1,200}', 'an interaction', 'pdsquery:QUPA_IN000008UK02'), { default: [], description });

/** The manufacturer's product and its version; together with the ODS code they say which system is meant. */
const EndpointProduct = Type.Object(
  {
    name: Text('nhsProductName'),
    version: Type.Optional(Text('nhsProductVersion; 1 where it is absent')),
    key: Type.Optional(Pattern('[0-9]{1,9}', 'a number', '9901')),
  },
  STRICT,
);

const { ods: _ods, name, ...details } = Organisation.properties;

const EndpointOrganisation = Type.Object(
  { name, ...Type.Partial(Type.Object(details)).properties },
  { ...STRICT, description: 'Adds the organisation, or changes it; a GP practice where no type is given.' },
);

const EndpointMailbox = Type.Object(
  {
    id: Type.Optional(Mailbox.properties.id),
    name: Type.Optional(Mailbox.properties.name),
    password: Type.Optional(Mailbox.properties.password),
    workflows: Type.Array(Workflow.properties.id, {
      default: [],
      description: 'MESH workflows that the mailbox sends and receives',
    }),
  },
  { ...STRICT, description: 'Adds a MESH mailbox of the organisation; without an id one is given.' },
);

const Address = Type.Object(
  {
    url: Type.Optional(Url),
    interactions: Interactions('what is received there'),
    contract: Type.Optional(ContractProperties),
  },
  STRICT,
);

export const Endpoint = Type.Object(
  {
    ods: Ods,
    product: Type.Optional(EndpointProduct),
    manufacturer: Type.Optional(Ods),
    organisation: Type.Optional(EndpointOrganisation),
    interactions: Interactions(
      'what the system uses: pdsquery:QUPA_IN000008UK02, or a whole service, gp2gp:*. Whether each is sent or received is known',
    ),
    sends: Interactions('what it sends, whatever is known of it'),
    receives: Interactions('what it receives at the url, whatever is known of it'),
    addresses: Type.Array(Address, { default: [], description: 'what is received elsewhere, or by another contract' }),
    answers: Type.Boolean({ default: true, description: 'adds what Spine sends back to what the system sends' }),
    url: Type.Optional(Url),
    fqdn: Type.Optional(Fqdn),
    asid: Type.Optional(Asid),
    partyKey: Type.Optional(PartyKey),
    clients: AccreditedSystem.properties.clients,
    accessControl: AccreditedSystem.properties.accessControl,
    description: Type.Optional(Text('nhsMHSServiceDescription')),
    ipAddress: Type.Optional(Text('nhsMhsIPAddress')),
    contract: Type.Optional(ContractProperties),
    registration: Type.Optional(Registration),
    mailbox: Type.Optional(EndpointMailbox),
  },
  { ...STRICT, description: "A supplier's endpoint: ids that are left out are given." },
);
