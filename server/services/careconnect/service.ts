/** The built-in provider of urgent care booking: wiring only. */
import type { Core } from '../../core/core.ts';
import { FhirRefusal } from '../../core/fhir/refusal.ts';
import type { HttpService } from '../../core/http/service.ts';
import { bookingError, bookingOperation } from './provider.ts';

/** An appointment with its contained resources is small. */
const BODY_LIMIT_BYTES = 1 << 20;

export function createCareConnectService(core: Core): HttpService {
  return {
    name: 'careconnect',
    title: 'Urgent care booking (Care Connect)',
    hosts: ['careconnect'],
    paths: ['/'],
    ownCertificateErrors: true,
    bodies: 'buffer',
    bodyLimit: BODY_LIMIT_BYTES,
    // The service root is found from the directory.
    routes: [],
    notFound: bookingOperation(core),
    tooLarge: (exchange) =>
      bookingError(core, exchange, new FhirRefusal('tooLarge', `The body is longer than ${BODY_LIMIT_BYTES} bytes`)),
    failure: (exchange) =>
      bookingError(core, exchange, new FhirRefusal('internal', 'Unexpected internal server error')),
    coverage: [
      { item: 'Capability statement', status: 'faithful' },
      { item: 'Search slots of a service; book, read and cancel appointments', status: 'faithful' },
      { item: "The toolkit workbench's own service and slot ids", status: 'faithful' },
    ],
  };
}
