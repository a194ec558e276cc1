/** Queries for whoever is named: a retrieval by number, a simple trace by name, birth date, gender and postcode. */
import { HOST, retrievalQuery, soapAction, syncRequest } from '../../test/services/messaging/requests.ts';
import type { Request } from '../lib/connection.ts';

export interface Person {
  nhsNumber: string;
  given: string;
  family: string;
  gender: string;
  /** HL7 digits. */
  dateOfBirth: string;
  postcode: string;
}

export { HOST };

/** The named patient that every other one is compared with. */
export const NAMED: Person = {
  nhsNumber: '9996010007',
  given: 'Brisella',
  family: 'Fennelmere',
  gender: '2',
  dateOfBirth: '19890620',
  postcode: 'ZZ99 3VZ',
};

const SIMPLE_TRACE = 'QUPA_IN000005UK01';

/** Spine keeps a connection only for a client that asks for it by name. */
const KEPT = { Connection: 'keep-alive' };

export function retrievalOf({ nhsNumber }: Person): Request {
  const body = syncRequest({ act: retrievalQuery(nhsNumber) });
  return { method: 'POST', path: '/sync-service', headers: { ...soapAction(), ...KEPT }, body };
}

const item = (name: string, value: string) =>
  `<person.${name}><semanticsText>Person.${name}</semanticsText>${value}</person.${name}>`;

/** At another path than the retrieval, so that the bare server can tell them apart. */
export function traceOf({ given, family, gender, dateOfBirth, postcode }: Person): Request {
  const act = `<query>${[
    item('address', `<value use="H"><postalCode>${postcode}</postalCode></value>`),
    item('administrativeGenderCode', `<value code="${gender}"/>`),
    item('birthTime', `<value value="${dateOfBirth}"/>`),
    item('name', `<value use="L"><given>${given}</given><family>${family}</family></value>`),
  ].join('')}</query>`;
  const headers = { ...soapAction({ interaction: SIMPLE_TRACE }), ...KEPT };
  return {
    method: 'POST',
    path: '/syncservice-pds/pds',
    headers,
    body: syncRequest({ interaction: SIMPLE_TRACE, act }),
  };
}
