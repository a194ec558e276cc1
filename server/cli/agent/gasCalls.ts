/** The agent's calls to GAS: gpOBJECT documents over HTTPS, read as agents read them. */
import { request } from 'node:https';

export interface GasAddress {
  /** Such as `https://gas.vn03.national.ncrs.nhs.uk:8443`. */
  baseUrl: string;
  /** Where the socket goes, when the name in the URL does not resolve. */
  connectTo?: string | undefined;
  /** PEM of the CA to trust. */
  ca: string;
  /** Further header lines. */
  headers?: Record<string, string> | undefined;
}

/** Longest wait for an answer, in milliseconds. */
const TIMEOUT_MS = 30_000;

/** The body of the answer. Rejects when there is none. */
export function call(gas: GasAddress, method: 'GET' | 'POST', path: string, body = ''): Promise<string> {
  const url = new URL(path, gas.baseUrl);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: gas.connectTo ?? url.hostname,
        port: url.port || 443,
        servername: url.hostname,
        ca: gas.ca,
        method,
        path: url.pathname + url.search,
        headers: { Host: url.host, 'Content-Length': String(Buffer.byteLength(body)), ...gas.headers },
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A document with these parameters. */
export function gpObject(parameters: Record<string, string>): string {
  const lines = Object.entries(parameters).map(([name, value]) => {
    const encoding = name === 'response' ? ' encoding="base64"' : '';
    return `<gpPARAM name="${name}"${encoding}>${escaped(value)}</gpPARAM>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE USER SYSTEM "gpOBJECT.DTD">\n<gpOBJECT>\n${lines.join('\n')}\n</gpOBJECT>`;
}

/** A parameter of an answer, or undefined. */
export function parameter(answer: string, name: string): string | undefined {
  return new RegExp(`<gpPARAM name="${name}">([^<]*)</gpPARAM>`).exec(answer)?.[1];
}

export interface OfferedRole {
  id: string;
  organisation: string;
  /** Organisation name and job role, as GAS writes them. */
  text: string;
}

export function offeredRoles(answer: string): OfferedRole[] {
  const line = /<gpPARAM name="nhsjobrole\d+" id="([^"]+)" orgcode="([^"]+)">([^<]+)<\/gpPARAM>/g;
  return [...answer.matchAll(line)].map(([, id, organisation, text]) => ({
    id: id!,
    organisation: organisation!,
    text: text!,
  }));
}
