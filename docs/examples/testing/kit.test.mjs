// With the package: the simulator in the process of the test, a space for each test. Run it with `node --test`.
import assert from 'node:assert/strict';
import { request } from 'node:https';
import { after, before, test } from 'node:test';
import { startSpine } from 'spine-cis-simulator/testing';

let spine;
before(async () => {
  spine = await startSpine();
});
after(() => spine.close());

test('GAS is down once', async () => {
  await using space = spine.space();
  await space.rule('down', { times: 1, when: { service: 'gas' }, do: { answer: { status: 503 } } });
  space.expect({ service: 'gas' }, { atLeast: 2, atMost: 2 });

  // Your client. It knows the name of the host; the agent knows where that is and whom to trust.
  const agent = spine.agent();
  const ask = () =>
    new Promise((resolve, reject) => {
      const options = { agent, headers: space.headers };
      request('https://gas.vn03.national.ncrs.nhs.uk/login/dtd', options, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      })
        .on('error', reject)
        .end();
    });
  assert.equal(await ask(), 503);
  assert.equal(await ask(), 200);
});
