import t from 'tap';
import { parse } from 'yaml';
import { isNhsNumber } from '../../server/core/hl7/nhsNumber.ts';
import { Mask } from '../../server/core/journal/mask.ts';
import { Scrubber } from '../../server/core/record/scrub.ts';
import { toRules } from '../../server/core/record/toRules.ts';
import { startSpine } from '../helper.ts';
import { HOST, soapAction, syncRequest, UUID } from '../services/messaging/requests.ts';
import { journalEntry } from './journalEntries.ts';

const body = (text: string) => ({ bytes: Buffer.byteLength(text), content: Buffer.from(text) });

t.test('people and secrets are replaced, the same by the same, and nothing else', (t) => {
  const scrubber = new Scrubber(new Mask());
  // 4000000004 has a right check digit and is in the range that is issued; 4000000005 is no NHS number.
  const text = scrubber.text('<id extension="4000000004"/><id extension="4000000005"/><id extension="9996010007"/>');
  const [first] = /\d{10}/.exec(text)!;
  t.ok(first.startsWith('9998') && isNhsNumber(first), first);
  t.equal(text, `<id extension="${first}"/><id extension="4000000005"/><id extension="9996010007"/>`);
  t.equal(scrubber.nhsNumber('4000000004'), first);
  t.equal(
    scrubber.text('<n:family>SMYTH</n:family><given>A</given><given>A</given><familyName>SMYTH</familyName>'),
    '<n:family>FAMILY2</n:family><given>GIVEN3</given><given>GIVEN3</given><familyName>SMYTH</familyName>',
  );
  t.match(
    scrubber.text('<family value="SMYTH"/><telecom value="tel:01234567890"/>'),
    /"FAMILY2"\/>.*"tel:00000000000"/,
  );
  t.equal(
    scrubber.text('<telecom value="tel:01234 567 890"/>'),
    '<telecom value="tel:00000000000"/>',
    'spaces and all',
  );
  const json = JSON.stringify({
    family: 'SMYTH',
    given: ['B', 'C'],
    birthDate: '1980-02-03',
    telecom: [{ value: '01234 567890' }],
  });
  const scrubbed = JSON.parse(scrubber.text(json));
  t.match(scrubbed, { family: 'FAMILY2', birthDate: '1970-01-01', telecom: [{ value: '00000000000' }] });
  t.not(scrubbed.given[0], 'B');
  t.equal(scrubber.text('{"access_token": "abc"}'), '{"access_token": "***"}');
  t.end();
});

t.test('what can not be recorded is named', (t) => {
  const scrubber = new Scrubber(new Mask());
  const { rules, skipped } = toRules(
    [
      journalEntry({ protocol: 'ldap' }),
      journalEntry({ status: 200, response: { body: { bytes: 10, content: Buffer.from('abc') } } }),
      journalEntry({ status: 200, response: { body: { bytes: 1, content: Buffer.from([255]) } } }),
      journalEntry({ status: 200, path: '/a?x=1&token=abc', response: { body: body('b {{c}}') } }),
    ],
    { diff: true, scrubber },
  );
  t.equal(skipped.length, 3);
  t.match(rules, [{ when: { path: '/a', query: { x: '1' } }, do: { answer: { body: 'b {{c}}' }, diff: true } }]);
  t.equal(rules[0]!.when!.query!.token, undefined);
  t.end();
});

t.test('what was recorded is answered again, by the ids of the day; with diff it is compared', async (t) => {
  const spine = await startSpine(t);
  const ask = (space: string, messageId = UUID) =>
    spine.ask(HOST, {
      path: '/sync-service',
      headers: { ...soapAction(), 'X-Spine-Sim-Space': space },
      body: syncRequest({ messageId, id: messageId }),
    });
  await spine.admin(
    'PUT',
    '/api/rules/once',
    { times: 1, do: { answer: { status: 503, body: 'later' } } },
    { 'X-Spine-Sim-Space': 'a' },
  );
  await ask('a');
  const usual = await ask('a');
  t.equal(usual.status, 200);
  const recorded = await spine.admin('GET', '/api/record/rules?all=true&scrub=false', undefined, {
    'X-Spine-Sim-Space': 'a',
  });
  const { rules } = parse(recorded.body);
  t.equal(rules.length, 2);
  for (const rule of rules.toReversed()) {
    t.match(await spine.admin('POST', '/api/rules', rule, { 'X-Spine-Sim-Space': 'b' }), { status: 201 });
  }
  t.match(await ask('b'), { status: 503, text: 'later' });
  const other = '5B1C0F4E-0001-4A6B-9C11-00000000B002';
  const again = await ask('b', other);
  t.equal(again.text.trim(), usual.text.replaceAll(UUID, other).trim());
  t.equal((await ask('b', other)).text, again.text, 'also the third time');
  const scrubbed = await spine.admin('GET', '/api/record/rules?all=true', undefined, { 'X-Spine-Sim-Space': 'a' });
  t.notMatch(scrubbed.body, /Fennelmere|Gorse Rise|19890620/);

  const changed = { ...rules[1], do: { ...rules[1].do, diff: true } };
  const made = changed.do.template ?? changed.do.answer;
  made.body = made.body.replace('queryResponseCode code="OK"', 'queryResponseCode code="NF"');
  await spine.admin('POST', '/api/rules', changed, { 'X-Spine-Sim-Space': 'c' });
  t.match((await ask('c')).text, /queryResponseCode code="OK"/, 'ours is given');
  const { body: list } = await spine.admin('GET', '/api/journal?full=true', undefined, { 'X-Spine-Sim-Space': 'c' });
  const steps = list.entries[0].steps.filter(({ name }: { name: string }) => name === 'diff');
  t.match(steps, [{ detail: '1 differences' }, { detail: /queryResponseCode\/@code: ours "OK", theirs "NF"/ }]);
});
