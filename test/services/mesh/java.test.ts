/** Java against MESH: the files that `spine-sim mesh client` writes, a client certificate from its keystore, names by a hosts file. */
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { mesh } from '../../../server/cli/verbs/mesh.ts';
import { runVerb } from '../../cli/runVerb.ts';
import { startSpine } from '../../helper.ts';

const run = promisify(execFile);

t.test('a round in Java with the keystore of the PKI, where a client certificate is asked for', async (t) => {
  if (!existsSync('/usr/bin/java')) {
    t.pass('the round in Java', { skip: 'there is no Java here' });
    return;
  }
  const spine = await startSpine(t, { mesh: { clientCertificate: 'required' } });
  const folder = t.testdir();
  t.equal((await runVerb(spine, mesh, ['client', 'X26ABC1,X26ABC2', folder])).code, 0);
  const hosts = join(folder, 'hosts');
  writeFileSync(hosts, '127.0.0.1 msg.dev.spine2.ncrs.nhs.uk\n');
  const source = join(import.meta.dirname, 'MeshRound.java');
  const { stdout } = await run('java', [`-Djdk.net.hosts.file=${hosts}`, source, join(folder, 'meshclient.cfg')]);
  t.same(stdout.trim().split('\n'), [
    'handshake 200 {"mailboxId":"X26ABC1"}',
    'update 204 []',
    'send 202 ',
    'chunk 202 {"messageID":"ID","blockID":2}',
    'inbox 200 {"messages":["ID"]}',
    'download 206 one two a.dat SUCCESS',
    'acknowledge 200 {"messageId":"ID"}',
    'again 410',
  ]);
});
