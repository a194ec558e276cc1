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
