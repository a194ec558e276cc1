/** The document with which GAS and SSB answer what has no result of its own; agents look for its text alone. */
import type { HttpAnswer } from '../http/answer.ts';

/** `text` must need no escaping. The status is 200 for failures too: agents take anything else for a broken server. */
export function statusPage(text: string): HttpAnswer {
  return {
    status: 200,
    headers: [['Content-Type', 'text/html;charset=UTF-8']],
    body: `<HTML><STATUS>${text}</STATUS></HTML>`,
  };
}

export const okPage = (): HttpAnswer => statusPage('OK');
