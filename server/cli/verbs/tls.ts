/** `spine-sim tls`: the TLS laboratory. */
import { writeFileSync } from 'node:fs';
import type { CheckReport } from '../../core/tlsClient/check/check.ts';
import { adminJson } from '../adminClient.ts';
import { type Invocation, textFlag, UsageError, type Verb } from '../verb.ts';

interface TlsView {
  hosts: { host: string; profile: string; reason: string; rule?: string }[];
  profiles: { name: string; description: string }[];
}

async function demo(invocation: Invocation): Promise<number> {
  const { runDemo } = await import('../tls/demo.ts');
  const dates = textFlag(invocation, 'date')?.split(',') ?? [];
  const tables = await runDemo(invocation, dates);
  const page = textFlag(invocation, 'html');
  if (page !== undefined) {
    const { demoHtml } = await import('../tls/demoHtml.ts');
    writeFileSync(page, demoHtml(tables));
    invocation.complain(`written: ${page}`);
  }
  if (invocation.flags.json) {
    invocation.print(JSON.stringify(tables, null, 2));
    return 0;
  }
  const { demoText } = await import('../tls/demoText.ts');
  for (const table of tables) for (const line of demoText(table)) invocation.print(line);
  return 0;
}

async function profiles(invocation: Invocation): Promise<number> {
  const { profiles: all } = await adminJson<TlsView>(invocation, 'GET', '/api/tls');
  const width = Math.max(...all.map(({ name }) => name.length));
  for (const { name, description } of all) invocation.print(`${name.padEnd(width)}  ${description}`);
  return 0;
}

async function hosts(invocation: Invocation): Promise<number> {
  const { hosts: all } = await adminJson<TlsView>(invocation, 'GET', '/api/tls');
  const width = Math.max(...all.map(({ host }) => host.length));
  for (const { host, profile, reason } of all) invocation.print(`${host.padEnd(width)}  ${profile} (${reason})`);
  return 0;
}

async function use(invocation: Invocation, host: string, profile: string): Promise<number> {
  const path = `/api/tls/hosts/${encodeURIComponent(host)}`;
  const view =
    profile === 'default'
      ? await adminJson<TlsView['hosts'][number]>(invocation, 'DELETE', path)
      : await adminJson<TlsView['hosts'][number]>(invocation, 'PUT', path, { profile });
  invocation.print(`${view.host} has ${view.profile} (${view.reason})`);
  return 0;
}

async function check(invocation: Invocation, target: string): Promise<number> {
  const wish = { target, connect: textFlag(invocation, 'connect'), as: textFlag(invocation, 'as') };
  const report = await adminJson<CheckReport>(invocation, 'POST', '/api/tls/check', wish);
  const { checkText } = await import('../tls/checkText.ts');
  const lines = invocation.flags.json ? [JSON.stringify(report, null, 2)] : checkText(report);
  for (const line of lines) invocation.print(line);
  return report.toMend === 0 ? 0 : 1;
}

async function client(invocation: Invocation, host: string): Promise<number> {
  const command = textFlag(invocation, 'run');
  if (command === undefined) throw new UsageError(`use: spine-sim ${tls.usage}`);
  const { meetingText, meetProfiles } = await import('../tls/client.ts');
  const meetings = await meetProfiles(invocation, host, command);
  const lines = invocation.flags.json ? [JSON.stringify(meetings, null, 2)] : meetingText(meetings);
  for (const line of lines) invocation.print(line);
  return meetings.some(({ outcome }) => outcome === 'mend') ? 1 : 0;
}

export const tls: Verb = {
  name: 'tls',
  usage:
    'tls demo [--date <time>,...] [--json] [--html <file>] | tls check <host:port> [--connect <host:port>] [--as <name>] [--json] | tls client <host> --run <command> [--json] | tls profiles | tls hosts | tls use <host> <profile | default>',
  summary:
    'try every TLS version with every service; try your own server as Spine would, or your own client with each profile; give a host a profile',
  async run(invocation) {
    const [action, host, profile] = invocation.words;
    if (action === 'demo') return demo(invocation);
    if (action === 'profiles') return profiles(invocation);
    if (action === 'hosts') return hosts(invocation);
    if (action === 'check' && host !== undefined) return check(invocation, host);
    if (action === 'client' && host !== undefined) return client(invocation, host);
    if (action === 'use' && host !== undefined && profile !== undefined) return use(invocation, host, profile);
    throw new UsageError(`use: spine-sim ${tls.usage}`);
  },
};
