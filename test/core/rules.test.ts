import t from 'tap';
import type { RuleFacts } from '../../server/core/rules/facts.ts';
import { formFields } from '../../server/core/rules/formFields.ts';
import { Pattern } from '../../server/core/rules/pattern.ts';
import { xmlParts } from '../../server/core/rules/xmlParts.ts';
import { openStore } from '../../server/core/store/open.ts';
import { answering, decides, facts, rulesOf, space } from './ruleTools.ts';

const SOAP = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
  <QUPA_IN000008UK02 xmlns="urn:hl7-org:v3"><query><id extension="9996010007"/><id extension="9996010015"/></query>
  <code code="1"/></QUPA_IN000008UK02></soap:Body></soap:Envelope>`;

/** Whether a single rule with this condition matches. */
async function matches(when: object, given: Partial<RuleFacts> = {}): Promise<boolean> {
  return (await decides(await rulesOf([answering('it', when)]), facts(given))) === 'it';
}

t.test('a rule without a condition always applies, one with a condition when all of it holds', async (t) => {
  t.ok(await matches({}));
  t.ok(await matches({ service: 'messaging', interaction: 'QUPA_IN000008UK02', nhsNumber: '9996010007' }));
  t.notOk(await matches({ service: 'messaging', interaction: 'QUPA_IN000008UK02', nhsNumber: '9996010015' }));
  t.notOk(await matches({ user: '555000000101' }), 'a fact that is not known is not equal to anything');
});

t.test('every field can be asked for', async (t) => {
  const given: Partial<RuleFacts> = {
    host: 'msg.dev.spine2.ncrs.nhs.uk',
    toAsid: '918999199084',
    partyKey: 'Z99901-0009901',
    toPartyKey: 'YES-0000806',
    mailbox: 'Z99901OT001',
    user: '555000000101',
    role: '555000000201',
    messageId: 'M1',
    conversationId: 'C1',
    clientCertificate: { cn: 'mhs.example.nhs.uk', fingerprint: 'AB:CD' },
  };
  const { clientCertificate: _, ...plain } = facts(given);
  for (const [field, value] of Object.entries(plain)) {
    t.ok(await matches({ [field]: value as string }, given), field);
    t.notOk(await matches({ [field]: 'another' }, given), field);
  }
  t.ok(await matches({ clientCertificate: 'mhs.example.nhs.uk', certificateFingerprint: 'AB:CD' }, given));
  t.notOk(await matches({ clientCertificate: 'mhs.example.nhs.uk' }));
});

t.test('a text is tested in every way that a rule can say', async (t) => {
  const host = 'Msg.Dev.nhs.uk';
  const holds = (test: object | string | string[]) => matches({ host: test }, { host });
  t.ok(await holds(['a', 'Msg.Dev.nhs.uk']));
  t.ok(await holds({ equals: 'Msg.Dev.nhs.uk' }));
  t.ok(await holds({ oneOf: ['x', 'msg.dev.NHS.UK'], ignoreCase: true }));
  t.notOk(await holds({ oneOf: ['x', 'msg.dev.nhs.uk'] }));
  t.ok(await holds({ contains: 'Dev', startsWith: 'Msg', endsWith: '.uk', matches: '^M.+k$' }));
  t.notOk(await holds({ contains: 'Dev', startsWith: 'Dev' }), 'all of it must hold');
  t.ok(await holds({ contains: 'dEV', ignoreCase: true }));
  t.ok(await holds({ matches: '^msg', ignoreCase: true }));
  t.ok(await holds({ present: true }));
  t.notOk(await holds({ present: false }));
  t.ok(await matches({ host: { present: false } }));
  t.notOk(await matches({ host: { present: true } }));
});

t.test('headers, query, form fields and body are matched', async (t) => {
  const given: Partial<RuleFacts> = {
    header: (name) => ({ soapaction: '"urn:nhs:names:services:pdsquery/QUPA_IN000008UK02"' })[name.toLowerCase()],
    query: new URLSearchParams('a=1&a=2'),
    form: () => ({ log_session_id: 'abc' }),
    bodyText: () => 'some text\nof two lines',
  };
  t.ok(await matches({ header: { SOAPAction: { contains: 'pdsquery' } } }, given));
  t.notOk(await matches({ header: { SOAPAction: 'x' } }, given));
  t.ok(await matches({ query: { a: '2', b: { present: false } } }, given), 'one of several values is enough');
  t.notOk(await matches({ query: { a: '3' } }, given));
  t.ok(await matches({ form: { log_session_id: 'abc' }, body: { matches: 'two lines$' } }, given));
  t.notOk(await matches({ form: { toString: { present: true } } }, given), 'only what was sent counts');
  t.notOk(await matches({ body: 'x' }), 'an exchange without a body');
});

t.test('XPath sees every XML part, with the namespaces of the rule or the known ones', async (t) => {
  const given = { bodyText: () => SOAP };
  const id = '//hl7:query/hl7:id/@extension';
  t.ok(await matches({ xpath: { [id]: '9996010015' } }, given), 'any node of the set');
  t.notOk(await matches({ xpath: { [id]: '9990000000' } }, given));
  t.ok(await matches({ xpath: { 'count(//hl7:id)': '2', 'count(//hl7:id) > 1': { present: true } } }, given));
  t.ok(await matches({ xpath: { '//hl7:nothing': { present: false }, '//hl7:id > 99': { present: false } } }, given));
  const named = answering('it', { xpath: { '//v3:code/@code': '1' } }, { namespaces: { v3: 'urn:hl7-org:v3' } });
  t.equal(await decides(await rulesOf([named]), facts(given)), 'it');
  t.ok(await matches({ xpath: { '//b': 'two' } }, { xml: () => ['<a/>', '<b>two</b>'] }));
  for (const body of ['', 'no xml', '<open>', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>']) {
    t.notOk(await matches({ xpath: { '//*': { present: true } } }, { bodyText: () => body }), JSON.stringify(body));
  }
});

t.test('JSONPath sees a JSON body', async (t) => {
  const given = { bodyText: () => '{"resourceType":"Bundle","total":2,"entry":[{"id":"a"},{"id":"b"}]}' };
  t.ok(await matches({ jsonPath: { '$.resourceType': 'Bundle', '$.total': '2', '$.entry[*].id': 'b' } }, given));
  t.notOk(await matches({ jsonPath: { '$.entry[?@.id == "c"]': { present: true } } }, given));
  t.notOk(await matches({ jsonPath: { $: { present: true } } }, { bodyText: () => '{"broken"' }));
  t.ok(await matches({ jsonPath: { '$.a': 'x' } }, { json: () => ({ a: 'x' }) }));
});

t.test('LDAP operations are matched by base, filter, asserted values and bind', async (t) => {
  const given: Partial<RuleFacts> = {
    service: 'sds',
    ldap: {
      base: 'ou=services,o=nhs',
      filter: '(&(nhsIDCode=Z99901)(objectClass=nhsAs))',
      attributes: { nhsIDCode: 'Z99901', objectClass: ['nhsAs', 'top'] },
      scope: 'sub',
      bindDn: '',
    },
  };
  t.ok(await matches({ ldap: { base: { endsWith: 'o=nhs' }, scope: 'sub', bindDn: '' } }, given));
  t.ok(await matches({ ldap: { attributes: { nhsidcode: 'Z99901', objectclass: 'top' } } }, given));
  t.ok(await matches({ ldap: { filter: { contains: '(nhsIDCode=Z99901)' } } }, given));
  t.notOk(await matches({ ldap: { base: 'ou=people,o=nhs' } }, given));
  t.notOk(await matches({ ldap: { base: 'ou=services,o=nhs' } }));
});

t.test('all, any and not combine', async (t) => {
  const pds = { interaction: 'QUPA_IN000008UK02' };
  const other = { interaction: 'QUPA_IN000005UK01' };
  t.ok(await matches({ any: [other, pds] }));
  t.notOk(await matches({ any: [other] }));
  t.ok(await matches({ not: other }));
  t.notOk(await matches({ not: { any: [other, pds] } }));
  t.ok(await matches({ all: [pds, { not: other }, { any: [{ all: [pds, { service: 'messaging' }] }] }] }));
  t.ok(await matches({ any: [{ xpath: { '//hl7:code': { present: true } } }] }, { bodyText: () => SOAP }));
});

t.test('the highest priority decides; of equals the rule that was put last', async (t) => {
  const rules = await rulesOf([]);
  await rules.put('default', answering('first', {}));
  await rules.put('default', answering('second', {}));
  t.equal(await decides(rules), 'second');
  await rules.put('default', answering('low', {}, { priority: -1 }));
  await rules.put('default', answering('high', { service: 'messaging' }, { priority: 5 }));
  t.equal(await decides(rules), 'high');
  await rules.put('default', answering('high', {}, { priority: 5, enabled: false }));
  t.equal(await decides(rules), 'second');
  t.same(
    (await rules.list('default')).map((rule) => rule.name),
    ['second', 'first', 'low', 'high'],
  );
});

t.test('times, call and probability choose among the exchanges that match', async (t) => {
  const run = async (rule: object, count: number) => {
    const rules = await rulesOf([rule]);
    const where = space();
    let result = '';
    for (let n = 0; n < count; n++) result += (await decides(rules, facts(), where)) ? 'x' : '.';
    return result;
  };
  t.equal(await run(answering('r', {}, { times: 2 }), 5), 'xx...');
  t.equal(await run(answering('r', { call: 3 }), 5), '..x..');
  t.equal(await run(answering('r', { call: { from: 2, to: 3 } }), 5), '.xx..');
  t.equal(await run(answering('r', { call: { every: 2 } }), 5), '.x.x.');
  t.equal(await run(answering('r', { call: { from: 2, every: 3 } }), 6), '.x..x.');
  t.equal(await run(answering('r', { probability: 0 }), 5), '.....');
  t.equal(await run(answering('r', { probability: 1 }), 5), 'xxxxx');
  const drawn = await run(answering('r', { probability: 0.5 }), 200);
  t.equal(await run(answering('r', { probability: 0.5 }), 200), drawn, 'the same seed draws the same');
  const hits = drawn.replaceAll('.', '').length;
  t.ok(hits > 60 && hits < 140, `${hits} of 200`);
});

t.test('calls are counted for each space, and again from one after the rule has changed', async (t) => {
  const rules = await rulesOf([]);
  const rule = answering('r', { call: 2 });
  for (const name of ['a', 'b']) await rules.put(name, rule);
  t.equal(await decides(rules, facts(), space('a')), undefined);
  t.equal(await decides(rules, facts(), space('b')), undefined);
  t.equal(await decides(rules, facts(), space('a')), 'r');
  t.match(await rules.get('a', 'r'), { met: 2, matched: 1, lastMatch: '2026-03-01T09:00:00.000Z', source: 'api' });
  t.match(await rules.get('b', 'r'), { met: 1, matched: 0 });
  await rules.put('a', { ...rule, description: 'changed' });
  t.match(await rules.get('a', 'r'), { met: 0, matched: 0 });
});

t.test('a rule of one space is not seen in another, and outlives a restart', async (t) => {
  const store = await openStore({ engine: 'memory' });
  const rules = await rulesOf([answering('one', {}), answering('two', { service: 'mesh' })], { store });
  t.equal(await decides(rules), 'one');
  t.equal(await decides(rules, facts(), space('other')), undefined);
  const restarted = await rulesOf([], { store });
  t.equal(await decides(restarted), 'one');
  t.same(
    (await restarted.list('default')).map((rule) => rule.name),
    ['one', 'two'],
    'in the same order',
  );
  t.equal(await restarted.delete('default', 'one'), true);
  t.equal(await restarted.delete('default', 'one'), false);
  t.equal(await decides(restarted), undefined);
  await restarted.clear('default');
  t.same(await restarted.list('default'), []);
  await store.clear();
  rules.forget();
  t.same(await rules.list('default'), [], 'what the store has forgotten is gone when told');
});

t.test('rules that never matched are told', async (t) => {
  const rules = await rulesOf([
    answering('used', { nhsNumber: '9996010007' }),
    answering('idle', { service: 'mesh' }),
    answering('off', {}, { enabled: false }),
  ]);
  await decides(rules);
  t.same(
    (await rules.unused('default')).map((rule) => rule.name),
    ['idle'],
  );
});

t.test('a near miss says field by field what a rule lacked', async (t) => {
  const rules = await rulesOf([
    answering('other-service', { service: 'mesh', nhsNumber: '9996010007' }),
    answering('one-digit', { service: 'messaging', nhsNumber: '9996010015', method: 'POST' }),
    answering('two-off', {
      service: 'messaging',
      interaction: 'QUPA_IN000005UK01',
      asid: '1',
      method: 'POST',
      direction: 'inbound',
    }),
    answering('far', { asid: '1', user: '2', mailbox: '3' }),
    answering('deep', {
      service: 'messaging',
      xpath: { '//hl7:code/@code': '2' },
      not: { method: 'POST' },
      direction: 'inbound',
      header: { SOAPAction: { contains: 'x' } },
      path: { startsWith: '/' },
    }),
  ]);
  const given = facts({ bodyText: () => SOAP });
  t.equal(await decides(rules, given), undefined);
  t.same(await rules.nearMisses(space(), given), [
    { kind: 'rule', candidate: 'one-digit', reason: 'nhsNumber: expected "9996010015", was "9996010007"' },
    {
      kind: 'rule',
      candidate: 'two-off',
      reason:
        'interaction: expected "QUPA_IN000005UK01", was "QUPA_IN000008UK02"; asid: expected "1", was "200000000901"',
    },
    {
      kind: 'rule',
      candidate: 'deep',
      reason:
        'header SOAPAction: expected containing "x", was absent; not: expected not method "POST", was it is so; ' +
        'xpath //hl7:code/@code: expected "2", was "1"',
    },
  ]);
  const all = await rules.nearMisses(space(), given, { limit: 10, all: true });
  t.same(all.map((miss) => miss.candidate).sort(), ['deep', 'far', 'one-digit', 'other-service', 'two-off']);
  t.same(await rules.nearMisses(space(), facts({ service: 'sds' })), []);
});

t.test('a near miss says why there was nothing to look into, and whose turn it was', async (t) => {
  const when = { service: 'messaging', method: 'POST' };
  const xml = await rulesOf([answering('r', { ...when, xpath: { '//x': 'y' } })]);
  const [miss] = await xml.nearMisses(space(), facts({ bodyText: () => '<x' }));
  t.match(miss!.reason, /^xpath \/\/x: expected "y", was the body is not XML: /);
  const json = await rulesOf([answering('r', { ...when, jsonPath: { '$.x': 'y' } })]);
  t.match((await json.nearMisses(space(), facts()))[0]!.reason, 'jsonPath $.x: expected "y", was there is no body');
  const any = await rulesOf([answering('r', { ...when, any: [{ asid: '1' }, { asid: '2', user: '3' }] })]);
  t.match(
    (await any.nearMisses(space(), facts()))[0]!.reason,
    'any: expected one of 2 alternatives, was nearest: asid: expected "1"',
  );
  const once = await rulesOf([answering('r', when, { times: 1 })]);
  await decides(once);
  await decides(once);
  t.match(
    (await once.nearMisses(space(), facts()))[0]!.reason,
    'turn: expected at most 1 times, was applied 1 times before',
  );
});

t.test('a definition that is wrong is refused with places and what was probably meant', async (t) => {
  const rules = await rulesOf([]);
  const problems = async (definition: unknown) => {
    t.same(await rules.check(definition), await rules.put('default', definition), 'check says what put says');
    return rules.check(definition);
  };
  const does = { do: { passOn: true } };
  t.match(await problems({ name: 'a b', ...does }), [{ path: 'name', message: /letters, digits/ }]);
  t.match(await problems(does), [{ path: '', message: '"name" is missing' }]);
  t.match(await problems({ name: 'r', when: { servce: 'x' }, ...does }), [
    { path: 'when.servce', suggestion: 'did you mean "service"?' },
  ]);
  t.match(await problems({ name: 'r', when: { any: [{ not: { asid: { equal: '1' } } }] }, ...does }), [
    { path: 'when.any[0].not.asid.equal', suggestion: 'did you mean "equals"?' },
  ]);
  t.match(await problems({ name: 'r', when: { path: { matches: '(' } }, ...does }), [
    { path: 'when.path', message: /Invalid regular/ },
  ]);
  t.match(await problems({ name: 'r', when: { xpath: { '//a[': 'x' } }, ...does }), [
    { path: 'when.xpath.//a[', message: /column \d/ },
  ]);
  t.match(await problems({ name: 'r', when: { xpath: { '//q:a': 'x' } }, ...does }), [{ message: /q/ }]);
  t.match(await problems({ name: 'r', when: { jsonPath: { '$..[': 'x' } }, ...does }), [
    { path: 'when.jsonPath.$..[' },
  ]);
  t.match(await problems({ name: 'r', do: {} }), [{ path: 'do', message: 'the rule does nothing' }]);
  t.match(await problems({ name: 'r', do: { answer: {}, passOn: true } }), [
    { path: 'do.passOn', message: /exclude each other/ },
  ]);
  t.match(await problems({ name: 'r', do: { fault: 'rest' } }), [{ path: 'do.fault', suggestion: /"reset"/ }]);
  t.match(await problems({ name: 'r', do: { fault: { name: 'reset', ms: 1 } } }), [{ path: 'do.fault.ms' }]);
  t.match(await problems({ name: 'r', do: { delay: { from: 2, to: 1 } } }), [{ path: 'do.delay.from' }]);
  t.match(await problems({ name: 'r', do: { answer: { status: 99 } } }), [{ path: 'do.answer.status' }]);
  for (const value of [null, [], 'text', 5]) t.equal((await problems(value)).length > 0, true);
  t.same(await rules.list('default'), []);
});

t.test('a regular expression made to take for ever is given up', async (t) => {
  const began = performance.now();
  t.equal(new Pattern('^(a+)+$').test(`${'a'.repeat(50)}b`), false);
  t.equal(new Pattern('a*a*a*b').test('a'.repeat(60_000)), false);
  t.equal(new Pattern('x+y').test('x'.repeat(60_000)), false);
  t.ok(performance.now() - began < 2_000);
  t.equal(new Pattern('(ab)+c').test('ababc'), true);
  t.equal(new Pattern('end$').test(`${'x'.repeat(70_000)}end`), false, 'a text is searched up to a limit');
});

t.test('form fields are read from forms and from gpOBJECT documents', async (t) => {
  t.match(formFields('a=1&b=%C3%BC&a=2', 'application/x-www-form-urlencoded;charset=UTF-8'), { a: '1', b: 'ü' });
  const document =
    '<gpOBJECT>\n <gpPARAM name="app_url">NHST</gpPARAM>\n<gpPARAM name="x" encoding="base64">A &amp; B</gpPARAM>';
  t.match(formFields(document, 'text/xml'), { app_url: 'NHST', x: 'A & B' });
  t.match(formFields(document, 'application/x-www-form-urlencoded'), { app_url: 'NHST' });
  t.same(Object.keys(formFields('{"a":1}', 'application/json')), []);
  t.equal(formFields('constructor=1', 'application/x-www-form-urlencoded').constructor as unknown, '1');
});

t.test('the XML parts of a message are found, whatever else it holds', async (t) => {
  const parts = ['--b', 'Content-Type: text/xml', '', '<a/>', '--b', 'Content-Type: text/plain', '', 'hello', '--b'];
  const body = Buffer.from([...parts, 'Content-Transfer-Encoding: base64', '', 'PGIvPg==', '--b--', ''].join('\r\n'));
  t.same(xmlParts(body, 'multipart/related; boundary=b'), ['<a/>', '<b/>']);
  t.same(xmlParts(Buffer.from('\ufeff <a/>'), undefined), [' <a/>']);
  t.same(xmlParts(Buffer.from('{}'), 'application/json'), []);
  t.same(xmlParts(Buffer.from('<a/>'), 'multipart/related'), [], 'a broken multipart message has none');
});
