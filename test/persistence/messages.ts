/** Messages: accepted over ebXML, sent and acknowledged over MESH. */

import { MeshClient } from '../services/mesh/client.ts';
import { ebxmlRequest, HOST } from '../services/messaging/requests.ts';
import { failing, type Ledger } from './ledger.ts';
import type { Running } from './process.ts';

/** Said again, an accepted message is a duplicate: the same bytes are the answer, and one delivery is owed for both. */
export function ebxml(): Ledger {
  const known = new Map<string, string>();
  const upload = async ({ spine }: Running, messageId: string) => {
    const request = ebxmlRequest({ messageId, conversationId: messageId });
    return spine.ask(HOST, { path: '/reliablemessaging/reliablerequest', ...request });
  };
  return {
    name: 'ebXML acceptance',
    async work(running, n) {
      const messageId = `0A11B5C0-0003-4000-8000-${String(n).padStart(12, '0')}`;
      const { status, text } = await upload(running, messageId);
      if (status !== 202) throw new Error(`upload refused: ${text}`);
      known.set(messageId, text);
    },
    count: () => known.size,
    faults: (running) =>
      failing(known, async ([messageId, acknowledgement]) => {
        const again = await upload(running, messageId);
        if (again.status !== 202 || again.text !== acknowledgement) return 'it is not known as a duplicate';
        const { body } = await running.spine.admin('GET', `/api/deliveries?conversation=${messageId}`);
        return body.deliveries.length === 1 || `${body.deliveries.length} deliveries`;
      }),
  };
}

/** A body that tells its own length, in a row or in a blob. */
const SIZES = [40, 30_000, 200_000];
const bodyOf = (n: number) => Buffer.from(`${n} ${SIZES[n % 3]}\n`.padEnd(SIZES[n % 3]!, String(n % 10)));
const isWhole = (body: Buffer) => body.length === Number(/^\d+ (\d+)/.exec(body.toString('latin1', 0, 40))?.[1]);

export function mesh(): Ledger {
  const sent = new Map<string, number>();
  const collected = new Set<string>();
  const twice: string[] = [];
  let clients: { of: Running; sender: MeshClient; reader: MeshClient } | undefined;
  const clientsOf = (running: Running) => {
    if (clients?.of !== running) {
      clients?.sender.close();
      clients?.reader.close();
      clients = {
        of: running,
        sender: new MeshClient(running.spine, 'X26ABC1'),
        reader: new MeshClient(running.spine, 'X26ABC2'),
      };
    }
    return clients;
  };
  return {
    name: 'MESH',
    async work(running, n) {
      const { sender, reader } = clientsOf(running);
      const { status, json } = await sender.send('X26ABC2', bodyOf(n));
      if (status !== 202) throw new Error(`send refused: ${JSON.stringify(json)}`);
      const id: string = json.message_id;
      if (sent.has(id)) twice.push(id);
      sent.set(id, n);
      if (n % 3 > 0) return;
      await reader.acknowledge(id);
      collected.add(id);
    },
    count: () => sent.size + collected.size,
    async faults(running) {
      const { sender, reader } = clientsOf(running);
      const { json } = await reader.list('?max_results=5000');
      const waiting = new Set<string>(json.messages);
      const wrong = await failing(sent, async ([id, n]) => {
        if (collected.has(id)) return !waiting.has(id) || 'collected, and in the inbox again';
        if (!waiting.has(id)) return (await sender.track(id)).json.status === 'acknowledged' || 'gone';
        return (await reader.get(id)).body.equals(bodyOf(n)) || 'another body';
      });
      const others = [...waiting].filter((id) => !sent.has(id));
      const half = await failing(others, async (id) => isWhole((await reader.get(id)).body) || 'half a body');
      for (const one of [sender, reader]) one.close();
      clients = undefined;
      return [...wrong, ...half, ...twice.map((id) => `${id} was given twice`)];
    },
  };
}
