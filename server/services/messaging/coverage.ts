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
      item: 'POST /reliablemessaging/reliablerequest',
      status: 'accepted',
      note: 'checked, kept, acknowledged, duplicates eliminated; the business response is not sent yet',
    },
    {
      item: 'POST /reliablemessaging/queryrequest',
      status: 'accepted',
      note: 'checked, kept, 202; the answer is not sent yet',
    },
    {
      item: 'POST /reliablemessaging/intermediary, /forwardreliable',
      status: 'accepted',
      note: 'checked, kept with all attachments, 202; not delivered to the other party yet',
    },
    {
      item: 'Acknowledgment and MessageError from receivers',
      status: 'accepted',
      note: 'checked; nothing waits for them',
    },
    { item: 'deliveries by Spine: responses, forwarding, retries, DeliveryFailure', status: 'planned' },
    { item: 'Ping', status: 'planned' },
  ];
}

/** What a domain answers: at once where the directory says that the interaction is synchronous, else not delivered yet. */
function domainRow({ spaces, interactions }: Core, name: string): CoverageRow {
  const serviceInteraction = SERVICE_PREFIX + name.replace('/', ':');
  const synchronous = isSynchronous(serviceInteraction, spineContracts(spaces.default.world, serviceInteraction));
  const { status = 'faithful' } = interactions.find(...(name.split('/') as [string, string]))!;
  if (synchronous) return { item: name, status, note: 'with behaviour' };
  return { item: name, status: 'accepted', note: 'has behaviour; its answer is not sent yet' };
}
