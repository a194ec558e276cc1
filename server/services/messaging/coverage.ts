/** What of messaging is there, and how far, for the table in the documentation. */
import type { Core } from '../../core/core.ts';
import type { CoverageRow } from '../../core/http/service.ts';
import { SERVICE_PREFIX } from '../../core/soap/action.ts';
import { isSynchronous, spineContracts } from './contracts.ts';

export function coverage(core: Core): CoverageRow[] {
  return [
    { item: 'POST /sync-service and its older paths: transport, checks, faults, rejects', status: 'faithful' },
    ...core.interactions.names().map((name) => domainRow(core, name)),
    ...core.p1r1
      .names()
      .map((item) => ({ item, status: 'shaped' as const, note: 'form of the success answer assumed' })),
    {
      item: 'any other synchronous interaction of the directory',
      status: 'shaped',
      note: 'every check, then a fault unless a rule answers',
    },
    {
      item: 'POST /reliablemessaging/reliablerequest, /queryrequest: checks, acknowledgement, duplicates, responses',
      status: 'faithful',
    },
    {
      item: 'any other reliable interaction of the directory',
      status: 'accepted',
      note: 'acknowledged; response by rule, else an application acknowledgement (setting messaging.unhandled)',
    },
    {
      item: 'any other express interaction of the directory',
      status: 'accepted',
      note: '202; answered by rule alone',
    },
    {
      item: 'POST /reliablemessaging/intermediary, /forwardreliable: every forwarded interaction',
      status: 'faithful',
      note: 'to the other party byte for byte; acknowledgements of hop and end party; DeliveryFailure',
    },
    { item: 'Acknowledgment and MessageError from receivers', status: 'faithful' },
    {
      item: 'deliveries by Spine: mutual TLS, retries by contract, duplicates, dead letters, replay',
      status: 'faithful',
    },
    {
      item: 'the responder X26-9199246',
      status: 'shaped',
      note: 'acknowledges, answers, asks for fragments; the inside of its request to go on is assumed',
    },
    { item: 'Ping', status: 'shaped', note: 'that it is answered, and how, is assumed' },
  ];
}

/** What a domain answers: at once where the directory says that the interaction is synchronous, else as a delivery. */
function domainRow({ spaces, interactions }: Core, name: string): CoverageRow {
  const serviceInteraction = SERVICE_PREFIX + name.replace('/', ':');
  const synchronous = isSynchronous(serviceInteraction, spineContracts(spaces.default.world, serviceInteraction));
  const { status = 'faithful' } = interactions.find(...(name.split('/') as [string, string]))!;
  return {
    item: name,
    status,
    note: synchronous ? 'with behaviour' : 'with behaviour; answered on another connection',
  };
}
