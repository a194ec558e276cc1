import t from 'tap';
import { startSpine } from '../../helper.ts';

const DEV = 'portal.vn03.national.ncrs.nhs.uk';

t.test('the portal is a page that an Identity Agent can open after a login', async (t) => {
  const spine = await startSpine(t);
  const { status, text, headers } = await spine.ask(DEV, { path: '/' });
  t.equal(status, 200);
  t.match(headers['content-type'], 'text/html');
  t.match(text, 'Portal of DEV');
  t.match(text, 'gas.vn03.national.ncrs.nhs.uk');
  t.notMatch(text, 'href="https:', 'most systems have no page at their root');
  t.notMatch(text, 'nis1');
  t.match((await spine.ask('portal.nis1.national.ncrs.nhs.uk', { path: '/portal/' })).text, 'gas.nis1');

  const ticket = '/?token=%3Cscript%3E';
  t.notMatch((await spine.ask(DEV, { path: ticket })).text, 'script', 'nothing of the request comes back');
  const lost = await spine.ask(DEV, { path: '/nothing' });
  t.equal(lost.status, 404);
  const { body } = await spine.admin('GET', '/api/journal?service=portal&limit=1');
  t.match(body.entries[0], { outcome: 'refused', error: { code: 'not-found' } });
});

t.test('it links to the console where its port is known', async (t) => {
  const { landingPage } = await import('../../../server/services/portal/landingPage.ts');
  const exchange = { header: () => undefined, entry: {} } as unknown as Parameters<typeof landingPage>[0];
  t.match(landingPage(exchange, 8900).body, 'http://127.0.0.1:8900/');
  t.notMatch(landingPage(exchange, 0).body, 'Console');
});
