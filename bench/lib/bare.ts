/** Starts the bare server. */
import { Child } from './child.ts';

export interface RecordedAnswer {
  method: string;
  /** Fastify route path. */
  route: string;
  status: number;
  type: string;
  /** Base64. */
  body: string;
}

export interface BareServer {
  key: string;
  cert: string;
  answers: RecordedAnswer[];
}

/** Resolves when it listens. */
export async function startBare(order: BareServer): Promise<{ child: Child; port: number }> {
  const child = new Child('bench/lib/bareServer.ts');
  child.send(order);
  const [, port] = await child.printed(/on (\d+)\./);
  return { child, port: Number(port) };
}
