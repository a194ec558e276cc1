/** A consumer as the published adaptors are: a query with two parameters, an API key and a correlation id. */
import type { Answer, Spine } from '../../../helper.ts';

export const HOST = 'int.api.service.nhs.uk';
export const ROOT = '/spine-directory/FHIR/R4';
export const CORRELATION = '0b6f4e0a-6d0c-4a53-8a35-3d7f1f0f6a11';
export const P = 'urn:nhs:names:services:';
export const ID = 'https://fhir.nhs.uk/Id/';

export const ods = (code: string): [string, string] => ['organization', `${ID}ods-organization-code|${code}`];
export const svc = (name: string): [string, string] => ['identifier', `${ID}nhsServiceInteractionId|${P}${name}`];
export const key = (value: string): [string, string] => ['identifier', `${ID}nhsMhsPartyKey|${value}`];

type Headers = Record<string, string>;

export interface Client {
  get(resource: string, query?: [string, string][], headers?: Headers, host?: string): Promise<Answer>;
  /** The resources found. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into resources of every shape
  find(resource: string, query: [string, string][], headers?: Headers, host?: string): Promise<any[]>;
}

export function clientOf(spine: Spine): Client {
  const get: Client['get'] = (resource, query = [], headers = {}, host = HOST) =>
    spine.ask(host, {
      path: `${ROOT}/${resource}${query.length > 0 ? `?${new URLSearchParams(query)}` : ''}`,
      headers: { apikey: 'invented', 'X-Correlation-Id': CORRELATION, Accept: '*/*', ...headers },
    });
  return {
    get,
    async find(...asked) {
      const answer = await get(...asked);
      return JSON.parse(answer.text).entry.map(({ resource }: { resource: unknown }) => resource);
    },
  };
}

/** The value of a resource's identifier of that system. */
export const identified = (resource: { identifier: { system: string; value: string }[] }, system: string) =>
  resource.identifier.find((one) => one.system === `${ID}${system}`)?.value;
