/** The pages of the web server in front of Spine: what a client meets before any service sees its request. */
import type { HttpAnswer } from './answer.ts';

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Not Allowed',
  408: 'Request Time-out',
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Large',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

/**
 * The page for a status. `detail` is the second line that nginx shows for its own 400 causes, such as
 * `No required SSL certificate was sent`.
 */
export function nginxPage(status: number, detail?: string): HttpAnswer {
  const title = `${status} ${TITLES[status] ?? 'Error'}`;
  const lines = ['<html>', `<head><title>${detail ? `400 ${detail}` : title}</title></head>`, '<body>'];
  lines.push(`<center><h1>${title}</h1></center>`);
  if (detail) lines.push(`<center>${detail}</center>`);
  lines.push('<hr><center>nginx</center>', '</body>', '</html>', '');
  return {
    status,
    headers: [
      ['Server', 'nginx'],
      ['Content-Type', 'text/html'],
      ['Connection', 'close'],
    ],
    body: lines.join('\r\n'),
  };
}
