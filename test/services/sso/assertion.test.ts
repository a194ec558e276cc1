import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { startSpine } from '../../helper.ts';
import { Agent, cardOf, GAS_HOST, SBAPI_HOST } from '../gas/agent.ts';

const GP = '555000000101';
const NURSE = '555000000401';
const MINUTE = 60_000;

const spine = await startSpine(t);
const { core } = spine.environment;
const agent = new Agent(spine);

/** Attributes as a reader of the tree sees them, in order. */
function attributes(text: string): [name: string, values: string[]][] {
  return parseXml(text)
    .findAll('Attribute')
    .map((attribute) => [
      attribute.attr('AttributeName')!,
      attribute.children('AttributeValue').map((value) => value.text),
    ]);
}

/** A space whose clock stands still at `time`. */
function at(name: string, time: string) {
  const space = core.spaces.get(name);
  space.clock.freeze();
  space.clock.set(Date.parse(time));
  return new Agent(spine, GAS_HOST, { 'X-Spine-Sim-Space': name });
}

t.test('the response is laid out character for character as the recorded ones', async (t) => {
  const there = at('literal', '2026-12-03T10:22:24.900Z');
  const { ticket } = await there.login(await cardOf(spine, NURSE, 'literal'));
  core.spaces.get('literal').clock.set(Date.parse('2026-12-03T10:30:51.250Z'));
  const answer = await there.assertion(ticket);
  t.equal(answer.status, 200);
  t.equal(answer.headers['content-type'], 'text/xml;charset=UTF-8');
  const ids = [...answer.text.matchAll(/AssertionID="([^"]+)"/g)].map((match) => match[1]!);
  t.equal(ids.length, 2);
  t.not(ids[0], ids[1]);
  for (const id of ids) t.match(id, /^[0-9a-f]{40}[a-z]$/);
  const expected = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:1.0:protocol" ResponseID="null" InResponseTo="null" MajorVersion="1" MinorVersion="1" IssueInstant="2026-12-03T10:30:51Z" Recipient="192.0.2.51">
    <samlp:Status>
        <samlp:StatusCode Value="samlp:Success"/>
    </samlp:Status>
    <saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" MajorVersion="1" MinorVersion="1" AssertionID="${ids[0]}" Issuer="http://iam-careid-development:8080" IssueInstant="2026-12-03T10:30:51Z">
        <saml:Conditions NotBefore="2026-12-03T10:27:51Z" NotOnOrAfter="2026-12-03T10:31:51Z"/>
        <saml:AttributeStatement>
            <saml:Subject>
                <saml:NameIdentifier NameQualifier="o=nhs">uid=${NURSE},ou=People,o=nhs</saml:NameIdentifier>
                <saml:SubjectConfirmation>
                    <saml:ConfirmationMethod>urn:com:sun:identity</saml:ConfirmationMethod>
                    <saml:SubjectConfirmationData>
                        <saml:Assertion MajorVersion="1" MinorVersion="1" AssertionID="${ids[1]}" Issuer="http://iam-careid-development:8080" IssueInstant="2026-12-03T10:30:51Z">
                            <saml:Conditions NotBefore="2026-12-03T10:27:51Z" NotOnOrAfter="2026-12-03T10:31:51Z"/>
                            <saml:AuthenticationStatement AuthenticationInstant="2026-12-03T10:22:24Z" AuthenticationMethod="urn:com:sun:identity:ExtendedLoginModule">
                                <saml:Subject>
                                    <saml:NameIdentifier NameQualifier="o=nhs">uid=${NURSE},ou=People,o=nhs</saml:NameIdentifier>
                                    <saml:SubjectConfirmation>
                                        <saml:ConfirmationMethod>urn:com:sun:identity</saml:ConfirmationMethod>
                                        <saml:SubjectConfirmationData>${ticket}</saml:SubjectConfirmationData>
                                    </saml:SubjectConfirmation>
                                </saml:Subject>
                                <saml:SubjectLocality IPAddress="192.0.2.51"/>
                            </saml:AuthenticationStatement>
                        </saml:Assertion>
                    </saml:SubjectConfirmationData>
                </saml:SubjectConfirmation>
            </saml:Subject>
            <saml:Attribute AttributeName="ssbAssertionVersion" AttributeNamespace="http://www.syntegra.com">
                <saml:AttributeValue>1.1</saml:AttributeValue>
            </saml:Attribute>
            <saml:Attribute AttributeName="cn" AttributeNamespace="http://www.syntegra.com">
                <saml:AttributeValue>Willowmere Brisa Mrs</saml:AttributeValue>
            </saml:Attribute>
`;
  t.equal(answer.text.slice(0, expected.length), expected);
  const end = `
                <saml:AttributeValue>Practice Team</saml:AttributeValue>
            </saml:Attribute>
        </saml:AttributeStatement>
    </saml:Assertion>
</samlp:Response>
`;
  t.ok(answer.text.endsWith(end));
});

t.test('all roles are there as blocks, each attribute in its place, empty ones left out', async (t) => {
  const { ticket, roles } = await agent.login(await cardOf(spine, GP));
  await agent.selectRole(ticket, roles[1]!.id);
  const found = attributes((await agent.assertion(ticket)).text);
  t.same(found, [
    ['ssbAssertionVersion', ['1.1']],
    ['cn', ['Testfamily Testgiven Dr']],
    ['uid', [GP]],
    ['ssbSessionRoleUid', ['555000000104']],
    ['ssbMode', ['0']],
    ['nhsIdCode', ['Z99901']],
    ['o', ['EXAMPLE SURGERY']],
    ['nhsAreaOfWorkCodes', ['P8001:Q8001:T6092']],
    ['nhsBusinessFunctions', ['Access and trace patient demographics', 'View summary health records']],
    ['nhsBusinessFunctionsCodes', ['B0264', 'B0370']],
    ['nhsAreaOfWork', ['"Secondary Care":"Secondary Care":"Secondary Care"']],
    ['nhsJobRole', ['"Clinical":"Clinical Provision":"Health Professional Access Role"']],
    ['uniqueIdentifier', ['555000000103']],
    ['nhsJobRoleCode', ['S8000:G8000:R8003']],
    ['nhsIdCode', ['Z99901']],
    ['o', ['EXAMPLE SURGERY']],
    ['nhsAreaOfWorkCodes', ['P8001:Q8001:T6091']],
    [
      'nhsBusinessFunctions',
      [
        'Access and trace patient demographics',
        'View summary health records',
        'Independent prescribing',
        'Perform prescription tracking',
        'Emergency access',
      ],
    ],
    ['nhsBusinessFunctionsCodes', ['B0264', 'B0370', 'B0420', 'B0278', 'B0168']],
    ['nhsAreaOfWork', ['"Primary Care":"Primary Care":"Primary Care"']],
    ['nhsJobRole', ['"Clinical":"Clinical Provision":"Clinical Practitioner Access Role"']],
    ['uniqueIdentifier', ['555000000104']],
    ['nhsJobRoleCode', ['S8000:G8000:R8000']],
    ['nhsWorkGroupsCodes', ['555000090001', '555000090002']],
    ['nhsWorkGroups', ['Practice Team', 'Diabetes Clinic']],
  ]);
});

t.test('the professional code of a prescriber is there; none, one and forty roles make as many blocks', async (t) => {
  const of = async (uid: string) =>
    attributes((await agent.assertion((await agent.login(await cardOf(spine, uid))).ticket)).text);
  t.same(
    (await of('555000000801')).find(([name]) => name === 'nhsOcsPrCode'),
    ['nhsOcsPrCode', ['999998']],
  );
  for (const [uid, count] of [
    ['555000001001', 0],
    [NURSE, 1],
    ['555000001201', 40],
  ] as const) {
    t.equal((await of(uid)).filter(([name]) => name === 'nhsIdCode').length, count);
  }
});

t.test('values are escaped and UTF-8; a document parser and readers that go by the layout agree', async (t) => {
  const { ticket } = await agent.login(await cardOf(spine, '555000000601'));
  const { text } = await agent.assertion(ticket);
  t.match(
    text,
    '<saml:AttributeValue>"Admin &amp; Clerical":"Admin":"Demographic Administrator"</saml:AttributeValue>',
  );
  // A known reader drops one character of the text before each value: it must be the line break that does not matter.
  const byLayout = [...text.matchAll(/<saml:Attribute AttributeName="([^"]+)" [^>]*>([^<]*)<saml:AttributeValue>/g)];
  t.ok(byLayout.length > 10);
  for (const [, name, between] of byLayout) t.equal(between, '\n                ', name ?? '');
  const accented = await agent.assertion((await agent.login(await cardOf(spine, '555000001501'))).ticket);
  t.same(attributes(accented.text)[1], ['cn', ["O'Brannock-Ståhl Zoë Dr"]]);
});

t.test(
  'both hosts answer, by GET and POST, to a ticket that is encoded, raw, blank-padded or in its cookie form',
  async (t) => {
    const login = await agent.login(await cardOf(spine, NURSE));
    const { ticket } = login;
    const cookie = ticket
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '.')
      .replace('@', '*')
      .replace('#', '*');
    const plain = ticket.includes('+') ? [] : [ticket, ` ${ticket}`.replace(' ', '%20')];
    for (const host of [GAS_HOST, SBAPI_HOST, 'sbapi.nis1.national.ncrs.nhs.uk']) {
      const there = new Agent(spine, host);
      for (const token of [
        encodeURIComponent(ticket),
        `%20${encodeURIComponent(ticket)}`,
        ticket.replaceAll('+', '%2B'),
        cookie,
        ...plain,
      ]) {
        t.match(
          (await there.get(`/saml/RoleAssertion?token=${token}`)).text,
          '<samlp:StatusCode Value="samlp:Success"/>',
        );
      }
      t.match((await there.post('/saml/RoleAssertion', `token=${encodeURIComponent(ticket)}`)).text, 'samlp:Success');
    }
  },
);

t.test('a plus that was not encoded is a blank, and only the lenient switch takes it for a plus', async (t) => {
  const lenient = await startSpine(t, { gas: { lenientTickets: true } } as never);
  for (const [where, taken] of [
    [spine, false],
    [lenient, true],
  ] as const) {
    const there = new Agent(where);
    const card = await cardOf(where, NURSE);
    let { ticket } = await there.login(card);
    while (!ticket.includes('+')) ({ ticket } = await there.login(card));
    const { text } = await there.get(`/saml/RoleAssertion?token=${ticket}`);
    t.equal(text.includes('samlp:Success'), taken);
    if (taken) continue;
    const code = async () => (await where.admin('GET', '/api/journal?limit=1')).body.entries[0].error.code;
    t.equal(await code(), 'sso-ticket-blank', 'the journal says what the client did');
    await there.get(`/saml/RoleAssertion?token=${encodeURIComponent(ticket.slice(0, -1))}`);
    t.equal(await code(), 'sso-ticket-shape', 'without its # it is no ticket');
  }
});

t.test(
  'no ticket, an unknown one, one that expired, one that was logged out: a status, and no assertion',
  async (t) => {
    const there = at('dead', '2026-12-03T10:30:51.250Z');
    const card = await cardOf(spine, NURSE, 'dead');
    const loggedOut = await there.login(card);
    await there.logout(loggedOut, NURSE);
    const expired = await there.login(card);
    core.spaces.get('dead').clock.advance(600 * MINUTE);
    const paths = [
      '',
      '?token=',
      '?token=x',
      `?token=${encodeURIComponent(loggedOut.ticket)}`,
      `?token=${encodeURIComponent(expired.ticket)}`,
    ];
    for (const path of paths) {
      const answer = await there.get(`/saml/RoleAssertion${path}`);
      t.equal(answer.status, 200);
      t.equal(
        answer.text,
        `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:1.0:protocol" ResponseID="null" InResponseTo="null" MajorVersion="1" MinorVersion="1" IssueInstant="2026-12-03T20:30:51Z" Recipient="192.0.2.51">
    <samlp:Status>
        <samlp:StatusCode Value="samlp:Requester"/>
        <samlp:StatusMessage>Invalid or expired SSO session</samlp:StatusMessage>
    </samlp:Status>
</samlp:Response>
`,
      );
    }
  },
);

t.test('hostile tickets change nothing in the answer', async (t) => {
  const hostile = [
    '<x/>',
    '"/><saml:Assertion/>',
    '&a;',
    '%0d%0aSet-Cookie:x',
    '%00',
    '../../etc',
    'A'.repeat(14_000),
    '%ff%fe',
    '{{7*7}}',
    '__proto__',
  ];
  for (const token of hostile) {
    const answer = await agent.get(`/saml/RoleAssertion?token=${token.replace(/[<>"/{}]/g, encodeURIComponent)}`);
    t.equal(answer.status, 200);
    t.match(answer.text, 'samlp:Requester');
    t.notMatch(answer.text, 'saml:Assertion');
    t.equal(answer.headers['set-cookie'], undefined);
  }
  const large = await agent.post('/saml/RoleAssertion', 'x'.repeat(100_000));
  t.match(large.text, 'samlp:Requester');
});

t.test('an assertion counts as a use, unless set otherwise', async (t) => {
  const strict = await startSpine(t, { gas: { idleMinutes: 30, assertionResetsIdle: false } } as never);
  const usual = await startSpine(t, { gas: { idleMinutes: 30 } } as never);
  for (const [where, alive] of [
    [strict, false],
    [usual, true],
  ] as const) {
    const { clock } = where.environment.core.spaces.default;
    clock.freeze();
    const there = new Agent(where);
    const { ticket } = await there.login(await cardOf(where, NURSE));
    clock.advance(20 * MINUTE);
    t.match((await there.assertion(ticket)).text, 'samlp:Success');
    clock.advance(20 * MINUTE);
    t.equal((await there.assertion(ticket)).text.includes('samlp:Success'), alive);
  }
});

t.test('issuer and recipient are settings', async (t) => {
  const other = await startSpine(t, { gas: { issuer: 'http://issuer.test?a&b', recipient: '198.51.100.7' } } as never);
  const there = new Agent(other);
  const { text } = await there.assertion((await there.login(await cardOf(other, NURSE))).ticket);
  t.match(text, 'Issuer="http://issuer.test?a&amp;b"');
  t.match(text, 'Recipient="198.51.100.7"');
  t.match(text, '<saml:SubjectLocality IPAddress="198.51.100.7"/>');
});

t.test('a signed assertion is verified by xmlsec1, and not when a role was changed', async (t) => {
  const signing = await startSpine(t, { gas: { signAssertions: true } } as never);
  const there = new Agent(signing);
  const { ticket, roles } = await there.login(await cardOf(signing, GP));
  await there.selectRole(ticket, roles[0]!.id);
  const { text } = await there.assertion(ticket);
  t.match(text, '<samlp:StatusCode Value="samlp:Success"/>');
  const dir = mkdtempSync(join(tmpdir(), 'saml-'));
  writeFileSync(join(dir, 'root.pem'), signing.environment.core.pki.rootPem);
  writeFileSync(join(dir, 'sub.pem'), signing.environment.core.pki.subCaPem);
  const verify = (document: string) => {
    writeFileSync(join(dir, 'response.xml'), document);
    const options = [
      '--verify',
      '--id-attr:AssertionID',
      'urn:oasis:names:tc:SAML:1.0:assertion:Assertion',
      '--trusted-pem',
      join(dir, 'root.pem'),
      '--untrusted-pem',
      join(dir, 'sub.pem'),
    ];
    return spawnSync('xmlsec1', [...options, join(dir, 'response.xml')], { encoding: 'utf8' });
  };
  const good = verify(text);
  t.equal(good.status, 0, good.stderr);
  t.not(verify(text.replace('555000000103', '555000000104')).status, 0);
});
