/** The built-in GP Connect providers: wiring only. */

import type { Core } from '../../core/core.ts';
import { FhirRefusal } from '../../core/fhir/refusal.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import type { HttpService } from '../../core/http/service.ts';
import { answerFormat } from './checks/mediaType.ts';
import type { FhirErrorName } from './errors.ts';
import { fhirError } from './messages/answer.ts';
import { providerOperation } from './provider.ts';

/** Requests are small: search parameters, an appointment, a patient to register. */
const BODY_LIMIT_BYTES = 5 << 20;

export function createGpConnectService(core: Core): HttpService {
  const provider = providerOperation(core);
  const error = (exchange: HttpExchange, kind: FhirErrorName, diagnostics: string) =>
    fhirError(exchange, answerFormat(exchange), new FhirRefusal(kind, diagnostics), core.config.gpconnect);
  return {
    name: 'gpconnect',
    title: 'GP Connect providers',
    hosts: ['gpconnect'],
    paths: ['/'],
    ownCertificateErrors: true,
    bodies: 'buffer',
    bodyLimit: BODY_LIMIT_BYTES,
    // Practice, capability and operation are found from the directory and one table.
    routes: [],
    notFound: provider,
    tooLarge: (exchange) => error(exchange, 'tooLarge', `The body is longer than ${BODY_LIMIT_BYTES} bytes`),
    failure: (exchange) => error(exchange, 'internal', 'Unexpected internal server error'),
    coverage: [
      { item: 'Capability statements of all three roots', status: 'faithful' },
      { item: 'Find and read patient, organisation, practitioner, location', status: 'faithful' },
      { item: 'Register patient', status: 'faithful' },
      { item: 'Structured record, nine areas', status: 'faithful', note: 'clinical contents are made up' },
      { item: 'Migrate structured record', status: 'faithful' },
      { item: 'Search and retrieve documents', status: 'faithful' },
      { item: 'Search slots; book, read, amend, cancel and list appointments', status: 'faithful' },
      { item: 'HTML record (0.x), ten sections', status: 'faithful', note: 'without the other operations of 0.x' },
    ],
  };
}
