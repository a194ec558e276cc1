import { request } from 'node:https';
import t from 'tap';
import { connectSpine, type Spine, startSpine, type TestSpace } from '../../server/testing/testing.ts';
import { HOST, soapAction, syncRequest } from '../services/messaging/requests.ts';

/** A client as a supplier may have it: knows the host name of Spine and nothing of ports. */
function retrieve(
  spine: Spine,
  host: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const agent = spine.agent();
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent, headers: { ...soapAction(), ...headers } };
    const asking = request(`https://${host}/sync-service`, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () => {
        agent.destroy();
        resolve({ status: response.statusCode!, text });
      });
    });
    asking.on('error', reject);
    asking.end(syncRequest());
  });
}

t.setTimeout(300_000);

t.test('a test has a space with rules, clock and expectations of its own', async (t) => {
  const spine = await startSpine();
  const space = spine.space();
  await space.rule('down', { times: 1, when: { service: 'messaging' }, do: { answer: { status: 503 } } });
  space.expect({ interaction: 'QUPA_IN000008UK02' }, { atLeast: 2, atMost: 2 });
  t.equal((await retrieve(spine, HOST, space.headers)).status, 503);
  t.equal((await retrieve(spine, space.host(HOST))).status, 200, 'the space by its host name');
  t.match(await space.verify({ rule: 'down' }), [{ service: 'messaging', status: 503 }]);
  const sequence = await space.verifySequence([{ status: 503 }, { status: 200 }], { span: '10s' });
  t.equal(sequence.length, 2);
  t.match(await space.clock({ now: '2030-01-01T00:00:00Z', frozen: true }), /^2030-01-01/);
  t.match(await space.export('har'), /"version": ?"1.2"/);
  await space.close();
  t.same(await spine.space(space.name).journal(), [], 'closed spaces are forgotten');
  await spine.close();
});

t.test('what was expected and did not happen fails the closing, with what nearly did', async (t) => {
  const spine = await startSpine();
  const space = spine.space();
  await retrieve(spine, HOST, space.headers);
  await space.rule('idle', { when: { service: 'mesh' }, do: { passOn: true } });
  await space.rule('may-be-idle', { when: { service: 'mesh' }, do: { passOn: true } }, { optional: true });
  space.expect({ service: 'messaging', status: 500 });
  await t.rejects(
    space.verifySequence([{ service: 'messaging' }, { service: 'gas' }]),
    /step 2: 0 of 1 exchanges after step 1/,
  );
  const failed = await spine.close().then(
    () => undefined,
    (error: Error) => error,
  );
  t.match(failed?.message, /at least 1 exchanges with .*, 0 found\n {2}nearly: messaging .*status was 200, not 500/);
  t.match(failed?.message, /the rule idle never matched/);
  t.notMatch(failed?.message, /may-be-idle/);
});

t.test('a rule of the same process may have functions, which answer, match and fail in the open', async (t) => {
  const spine = await startSpine();
  const space = spine.space();
  const asked: (string | undefined)[] = [];
  await space.rule('own', {
    when: { service: 'messaging', matches: async (exchange) => exchange.header('X-Own') === 'yes' },
    do: {
      respond: async (exchange) => {
        asked.push(exchange.nhsNumber);
        return { status: 299, body: `${asked.length} ${exchange.space}` };
      },
    },
  });
  const own = { ...space.headers, 'X-Own': 'yes' };
  t.match(await retrieve(spine, HOST, own), { status: 299, text: `1 ${space.name}` });
  t.equal((await retrieve(spine, HOST, space.headers)).status, 200);
  t.same(asked, ['9996010007']);
  await space.rule('own', { when: { service: 'messaging' }, do: { respond: () => ({ status: 298 }) } });
  t.equal((await retrieve(spine, HOST, own)).status, 298, 'said again it replaces the first');
  await space.rule('own', { when: { service: 'messaging' }, do: { answer: { status: 297 } } });
  t.equal((await retrieve(spine, HOST, own)).status, 297, 'and data replaces functions');
  await t.rejects(space.rule('wrong', { when: { srevice: 'gas' } as never, do: { respond: () => undefined } }), {
    status: 422,
    message: /srevice/,
  });
  const nobody = connectSpine({ adminUrl: 'http://127.0.0.1:9', httpsPort: 9 });
  await t.rejects(nobody, { message: 'no simulator answers at http://127.0.0.1:9: is it started?' });
  const remote = await connectSpine({ adminUrl: spine.adminUrl, httpsPort: spine.httpsPort });
  const refused = remote.space(space.name).rule('far', { do: { respond: () => undefined } });
  await t.rejects(refused, { message: /the rule far has functions, and this simulator runs in another process/ });
  await spine.close();
});

/** What one of many tests at once does; every value is its own. */
async function oneOfMany(spine: Spine, index: number): Promise<string[]> {
  const space: TestSpace = spine.space(`parallel-${index}`);
  const year = 2100 + index;
  await space.clock({ now: `${year}-06-01T12:00:00Z`, frozen: true });
  await space.rule('own', { when: { call: 2 }, do: { template: { status: 299, body: `${index} {{now}} {{space}}` } } });
  const first = await retrieve(spine, HOST, space.headers);
  const second = await retrieve(spine, space.host(HOST));
  const problems: string[] = [];
  const check = (holds: boolean, what: string) => holds || problems.push(`${index}: ${what}`);
  check(first.status === 200, `the first answer has status ${first.status}`);
  check(first.text.includes(`<creationTime value="${year}0601`), 'the answer is not by the own clock');
  check(second.status === 299, `the second answer has status ${second.status}`);
  check(second.text.startsWith(`${index} ${year}-06-01T12`) && second.text.endsWith(space.name), second.text);
  const seen = await space.journal();
  check(seen.length === 2, `${seen.length} entries in the journal`);
  await space.verify({ service: 'messaging' }, { atLeast: 2, atMost: 2 });
  await space.close().catch((error: Error) => problems.push(error.message));
  return problems;
}

t.test('200 tests at once against one simulator do not see one another', async (t) => {
  // 400 handshakes and 2,000 calls of the admin API; on a busy machine that takes its time.
  t.setTimeout(200_000);
  const started = await startSpine();
  // As other processes have it: by address alone.
  const spine = await connectSpine({ adminUrl: started.adminUrl, httpsPort: started.httpsPort });
  const problems = await Promise.all(Array.from({ length: 200 }, (_, index) => oneOfMany(spine, index)));
  t.same(problems.flat(), []);
  t.same((await started.space('parallel-7').journal()).length, 0);
  await spine.close();
  await started.close();
});
