/** `spine-sim hosts`: lines for a hosts file. */
import { isIP } from 'node:net';
import { PUBLIC_HOST_NAMES } from '../../config/hosts.ts';
import { textFlag, UsageError, type Verb } from '../verb.ts';

/** Names on one line: Windows reads at most nine. */
const NAMES_PER_LINE = 5;

/** Hosts-file lines that point every host name of the environment at one address. */
export function hostsLines(address: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < PUBLIC_HOST_NAMES.length; at += NAMES_PER_LINE) {
    lines.push(`${address} ${PUBLIC_HOST_NAMES.slice(at, at + NAMES_PER_LINE).join(' ')}`);
  }
  return lines;
}

export const hosts: Verb = {
  name: 'hosts',
  usage: 'hosts [--address <ip>]',
  summary: 'print the hosts-file lines for every host name',
  flags: ['address'],
  words: 0,
  run(invocation) {
    const address = textFlag(invocation, 'address') ?? '127.0.0.1';
    if (isIP(address) === 0) throw new UsageError(`"${address}" is not an IP address`);
    for (const line of hostsLines(address)) invocation.print(line);
    return 0;
  },
};
