/** Pages of the console as a browser has them. */
import t from 'tap';
import { startSpine } from '../helper.ts';
import { MeshClient } from '../services/mesh/client.ts';
import { noBrowser, openPage } from './browser.ts';

t.test(
  'the page of MESH follows what clients do, and shows hostile texts as texts',
  { skip: noBrowser() },
  async (t) => {
    const spine = await startSpine(t);
    const space = 'page';
    const hostile = '<img src=x onerror="document.title=1">';
    const world = { 'X-Spine-Sim-Space': space };
    const mailbox = { id: 'X26NEW1', name: hostile, password: 'password', ods: 'X26' };
    t.equal((await spine.admin('PUT', '/api/world/mailboxes/X26NEW1', mailbox, world)).status, 200);
    const [alice, reader] = ['X26ABC1', 'X26NEW1'].map((id) => new MeshClient(spine, id, { space })) as [
      MeshClient,
      MeshClient,
    ];
    t.teardown(() => [alice, reader].map((client) => client.close()));
    const first = await alice.sent('X26NEW1', '<script>document.title=2</script>', { 'Mex-Subject': hostile });

    const address = `http://127.0.0.1:${spine.environment.ports.admin}/mesh?space=${space}&mailbox=X26NEW1`;
    const page = await openPage(t, address);
    const rows = "[...document.querySelectorAll('#list tr')]";
    await page.until(`${rows}.length === 1`);
    t.equal(await page.read("document.querySelector('#filter').elements.space.value"), space);
    await page.read(`${rows}[0].click()`);
    await page.until("document.querySelector('#detail').innerText.includes('<script>document.title=2</script>')");
    t.match(await page.read("document.querySelector('#list').innerText"), hostile);
    t.equal(await page.read("document.querySelectorAll('img').length"), 0);
    t.match(await page.read('document.title'), /^MESH/);

    await alice.sent('X26NEW1', 'second');
    await page.until(`${rows}.length === 2`);
    t.equal(await page.read(`${rows}[1].getAttribute('aria-selected')`), 'true', 'what was chosen stays chosen');
    await reader.acknowledge(first);
    await page.until(`${rows}[1].children[1].textContent === 'acknowledged'`);
    await page.until("!document.querySelector('#detail').innerText.includes('Let expire')");
  },
);

t.test('the list of exchanges grows as they end', { skip: noBrowser() }, async (t) => {
  const spine = await startSpine(t);
  const page = await openPage(t, `http://127.0.0.1:${spine.environment.ports.admin}/`);
  await page.until("document.querySelector('#empty')?.hidden === false");
  // The page may not follow yet: what ends before that is read with the list.
  await page.until("/\\d/.test(document.querySelector('#clock').textContent)");
  await spine.ask('msg.int.spine2.ncrs.nhs.uk', { path: '/messageexchange/_ping' });
  await page.until("document.querySelector('#list')?.innerText.includes('/messageexchange/_ping')");
  t.match(await page.read("document.querySelector('#list').innerText"), 'mesh');

  await spine.ask('msg.int.spine2.ncrs.nhs.uk', { path: '/nowhere' });
  await page.until("document.querySelector('#list').innerText.includes('/nowhere')");
  t.match(await page.read("document.querySelector('#list').innerText"), 'answers to /nowhere', 'with the reason');
  const { body } = await spine.admin('GET', '/api/journal?path=/nowhere');
  const named = body.entries[0].id.slice(0, 8);
  const entry = await openPage(t, `http://127.0.0.1:${spine.environment.ports.admin}/#${named}`);
  await entry.until("document.querySelector('#detail').innerText.includes('What was near')");
  const none = await openPage(t, `http://127.0.0.1:${spine.environment.ports.admin}/#no"entry`);
  await none.until("document.querySelector('#detail').innerText.includes('has no entry')");
});
