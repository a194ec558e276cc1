import t from 'tap';
import type { HostRole } from '../../server/config/hosts.ts';
import { type Mounted, VirtualHosts } from '../../server/listeners/virtualHosts.ts';

const mounted = (name: string, hosts: HostRole[], paths: string[]) =>
  ({ service: { name, hosts, paths }, app: {} }) as unknown as Mounted;

t.test('a path of a host belongs to one service', async (t) => {
  const hosts = new VirtualHosts();
  hosts.mount(mounted('one', ['msg'], ['/a', '/']));
  hosts.mount(mounted('two', ['msg'], ['/a/b', '/']));
  hosts.mount(mounted('three', ['proxy'], ['/a']));
  t.throws(() => hosts.mount(mounted('four', ['gas', 'msg'], ['/c', '/a/b'])), /two and four both claim \/a\/b/);
  const { mounted: found } = hosts.select('msg.dev.spine2.ncrs.nhs.uk:8443', undefined, '/a/b/c', true);
  t.equal(found?.service.name, 'two', 'the longest prefix has it');
});

t.test('a path that another host has is known there, by environment', async (t) => {
  const hosts = new VirtualHosts();
  hosts.mount(mounted('pds', ['msg'], ['/sync-service']));
  hosts.mount(mounted('mini', ['simple-sync'], ['/smsp']));
  hosts.mount(mounted('ssp', ['proxy'], ['/']));
  const told = (host: string, path: string) => {
    const { match } = hosts.select(host, undefined, path, true);
    const found = hosts.elsewhere(path, match);
    return found && `${found.service.name} at ${found.host}`;
  };
  t.equal(told('msg.dev.spine2.ncrs.nhs.uk', '/smsp/pds'), 'mini at simple-sync.dev.spine2.ncrs.nhs.uk');
  t.equal(told('msg.int.spine2.ncrs.nhs.uk', '/smsp/pds'), 'mini at simple-sync.int.spine2.ncrs.nhs.uk');
  t.equal(told('msg.dev.spine2.ncrs.nhs.uk', '/https://gp.example/metadata'), 'ssp at proxy.dev.spine2.ncrs.nhs.uk');
  t.equal(told('nobody.example', '/https%3A%2F%2Fgp.example'), 'ssp at proxy.dev.spine2.ncrs.nhs.uk');
  t.equal(told('msg.dev.spine2.ncrs.nhs.uk', '/nothing'), undefined);
});
