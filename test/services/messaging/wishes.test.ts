import t from 'tap';
import { NS } from '../../../server/core/xml/namespaces.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { type Spine, startSpine } from '../../helper.ts';
import {
  type EbxmlRequest,
  ebxmlRequest,
  HOST,
  hl7Message,
  retrievalQuery,
  soapAction,
  syncRequest,
} from './requests.ts';
import { redirect, startSupplier } from './supplier.ts';

const PARTY = 'Z99901-0009901';
const NUMBER = '9996010007';

let spine: Spine;
let count = 0;

const nextId = () => `0A11B5C0-0009-4000-8000-${String(++count).padStart(12, '0')}`;

function upload(request: EbxmlRequest = {}) {
  const messageId = request.messageId ?? nextId();
  const act = `<subject><x><id root="2.16.840.1.113883.2.1.4.1" extension="${NUMBER}"/></x></subject>`;
  const payload = hl7Message({ interaction: 'REPC_IN150016UK05', id: messageId, act });
  const sent = ebxmlRequest({ messageId, conversationId: messageId, payload, ...request });
  return spine.ask(HOST, { path: '/reliablemessaging/reliablerequest', ...sent });
}

async function rule(definition: object): Promise<void> {
  const { status, body } = await spine.admin('POST', '/api/rules', { name: 'r', ...definition });
  if (status !== 201) throw new Error(JSON.stringify(body));
}

t.test('rules decide what messaging says and sends', async (t) => {
  spine = await startSpine(t, { messaging: { responseDelayMs: 0 } });
  const supplier = await startSupplier(t, { mode: 'sync' });
  await redirect(spine, PARTY, supplier.url);
  let came = 0;
  const next = async (more = 1) => {
    came += more;
    return (await supplier.wait(came)).slice(came - more, came);
  };

  t.test('206 twice, then success; each fault and each ebXML error', async (t) => {
    await rule({ when: { interaction: 'REPC_IN150016UK05' }, times: 2, do: { messaging: { soapFault: 206 } } });
    const id = nextId();
    for (const wanted of [500, 500, 202]) t.equal((await upload({ messageId: id })).status, wanted);
    t.equal((await next())[0]!.refToMessageId, id, 'one response, to the third');
    for (const code of [101, 200, 201, 208, 300]) {
      await rule({ do: { messaging: { soapFault: code } } });
      const error = parseXml((await upload()).text).find('error', NS.nasp)!;
      t.equal(error.textAt('errorCode'), String(code));
      t.match(
        error.children().map(({ local }) => local),
        ['codeContext', 'errorCode', 'severity', 'location', 'description'],
      );
    }
    await rule({ do: { messaging: { soapFault: { code: 206, text: 'no route', location: 'here' } } } });
    t.match((await upload()).text, '<nasp:location>here</nasp:location><nasp:description>no route</nasp:description>');
    for (const code of [
      'ValueNotRecognized',
      'NotSupported',
      'Inconsistent',
      'OtherXml',
      'DeliveryFailure',
      'TimeToLiveExpired',
      'SecurityFailure',
      'MimeProblem',
      'Unknown',
      '402005',
    ]) {
      await rule({ do: { messaging: { ebxmlError: { code, severity: 'Warning' } } } });
      const { status, text } = await upload();
      t.equal(status, 200);
      const error = parseXml(text).find('Error', NS.ebxml)!;
      t.equal(error.attr('errorCode', NS.ebxml), code);
      t.equal(error.attr('severity', NS.ebxml), 'Warning');
      t.ok(error.textAt('Description'));
    }
    await rule({ do: { messaging: { soapFault: 206 } } });
    const sync = await spine.ask(HOST, { path: '/sync-service', headers: soapAction(), body: syncRequest() });
    t.match(`${sync.status} ${sync.text}`, /^500 .*<nasp:errorCode>206</s);
  });

  t.test('the acknowledgement is left out, is for another message, is cut, comes late', async (t) => {
    await rule({ when: { operation: 'reliable' }, do: { messaging: { acknowledgment: 'none' } } });
    const none = await upload();
    t.equal(`${none.status} ${none.text}`, '202 ');
    await next();
    await rule({ when: { operation: 'reliable' }, do: { messaging: { acknowledgment: 'wrong-reference' } } });
    const id = nextId();
    const wrong = await upload({ messageId: id });
    t.equal(wrong.status, 202);
    t.notMatch(wrong.text, `<eb:RefToMessageId>${id}`);
    await next();
    await rule({ when: { operation: 'reliable', direction: 'inbound' }, do: { fault: 'truncate', delay: 20 } });
    await t.rejects(upload());
    await next();
  });

  t.test('ebXML messages are matched by ASID and NHS number before anything is done', async (t) => {
    const when = { asid: '200000000901', toAsid: '928942012545', nhsNumber: NUMBER, partyKey: PARTY };
    await rule({ when, do: { messaging: { soapFault: 208 } } });
    t.equal((await upload()).status, 500);
    await rule({ when: { ...when, nhsNumber: '9996010015' }, do: { messaging: { soapFault: 208 } } });
    t.equal((await upload()).status, 202);
    await next();
  });

  t.test('the response: by its parts, whole by template, none', async (t) => {
    const response = { detail: 'GP Summary upload successful', acknowledgement: 'AA' };
    await rule({ when: { operation: 'reliable' }, do: { messaging: { response } } });
    await upload();
    const [success] = await next();
    t.match(success!.body, '<hl7:detail>GP Summary upload successful</hl7:detail>');
    t.match(success!.body, '<hl7:subject typeCode="SUBJ"><hl7:requestSuccessDetail');
    const issues = [
      { code: '202', displayName: 'Duplicate HL7 ID Error' },
      { code: '9', displayName: 'more', qualifier: 'WG' },
    ];
    await rule({ when: { operation: 'reliable' }, do: { messaging: { response: { acknowledgement: 'AR', issues } } } });
    await upload();
    const [reject] = await next();
    t.match(
      reject!.body,
      '<hl7:acknowledgement typeCode="AR"><hl7:acknowledgementDetail typeCode="ER"><hl7:code code="202" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.32" displayName="Duplicate HL7 ID Error"/></hl7:acknowledgementDetail><hl7:messageRef>',
    );
    await rule({ when: { operation: 'reliable' }, do: { messaging: { response: { acknowledgement: 'AE', issues } } } });
    await upload();
    const [error] = await next();
    t.match(error!.body, /typeCode="AE"><hl7:messageRef>.*<hl7:justifyingDetectedIssueEvent.*code="202".*code="9"/s);
    const message =
      '<MCCI_IN010000UK13 xmlns="urn:hl7-org:v3"><id root="{{uuid}}"/><about>{{nhsNumber}} & co</about></MCCI_IN010000UK13>';
    await rule({
      when: { operation: 'reliable' },
      do: { messaging: { response: { message: message.replace('&', '&amp;') } } },
    });
    await upload();
    t.match((await next())[0]!.body, `<about>${NUMBER} &amp; co</about>`);
    await rule({ when: { operation: 'reliable' }, do: { messaging: { response: 'none' } } });
    await upload();
    const { body } = await spine.admin('GET', '/api/journal?operation=reliable&limit=1&full=true');
    t.ok(
      body.entries[0].steps.some(
        ({ name, detail }: { name: string; detail?: string }) => name === 'RESPONSE' && detail === 'none, by rule',
      ),
    );
    t.match(
      (
        await spine.admin('POST', '/api/rules', {
          name: 'x',
          do: { messaging: { response: { message: 'a', detail: 'b' } } },
        })
      ).status,
      422,
    );
    t.match((await spine.admin('POST', '/api/rules', { name: 'x', do: { messaging: {} } })).status, 422);
  });

  t.test('what Spine sends: twice, for another message, changed, lost, cut in the middle', async (t) => {
    const when = { direction: 'outbound', interaction: 'MCCI_IN010000UK13' };
    await rule({ when, times: 1, do: { messaging: { delivery: 'twice' } } });
    await upload();
    const [one, two] = await next(2);
    t.equal(one!.body, two!.body);
    t.ok(two!.duplicate);
    await rule({ when, times: 1, do: { messaging: { delivery: 'wrong-reference' } } });
    const id = nextId();
    await upload({ messageId: id });
    const [wrong] = await next();
    t.notMatch(wrong!.body, `<eb:RefToMessageId>${id}<`);
    t.match(wrong!.refToMessageId, /^[0-9A-F-]{36}$/);
    await rule({
      when,
      times: 1,
      do: {
        set: [
          { xpath: '//hl7:acknowledgement/@typeCode', to: 'AE' },
          { header: 'SOAPAction', to: 'other' },
        ],
      },
    });
    await upload();
    const [changed] = await next();
    t.match(changed!.body, 'typeCode="AE"');
    t.match(changed!.headers, ['User-Agent', /./, 'Host', /./, 'Accept-Encoding', 'none', 'SOAPAction', 'other']);
    t.equal(
      Number(changed!.headers[changed!.headers.indexOf('Content-Length') + 1]),
      Buffer.byteLength(changed!.body, 'latin1'),
    );
    for (const [action, arrives] of [
      [{ messaging: { delivery: 'never' } }, 0],
      [{ fault: 'silence' }, 0],
      [{ fault: 'truncate' }, 1],
      [{ answer: { status: 503, body: 'busy' } }, 0],
    ] as const) {
      await rule({ when, times: 1, do: action });
      const conversation = nextId();
      await upload({ messageId: conversation });
      const attempts = async () => {
        const { body } = await spine.admin('GET', `/api/deliveries?conversation=${conversation}`);
        return body.deliveries[0]?.attempts ?? [];
      };
      while ((await attempts()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      t.match(await attempts(), [{ outcome: 'failed' }], JSON.stringify(action));
      if (arrives) t.equal((await next())[0]!.complete, false, 'the body was cut');
      await spine.admin('PUT', '/api/clock', { advance: 'PT1M' });
      t.equal((await next())[0]!.complete, true, 'then it comes whole');
    }
  });

  t.test('a synchronous interaction without domain behaviour is answered by the same means', async (t) => {
    const interaction = 'QUPC_IN180000UK04';
    const ask = { interaction, service: 'psisquery', act: retrievalQuery(NUMBER) };
    const call = () => spine.ask(HOST, { path: '/sync-service', headers: soapAction(ask), body: syncRequest(ask) });
    await rule({
      when: { operation: 'sync' },
      do: {
        messaging: { response: { interaction: 'QUPC_IN200000UK04', subject: '<events/>', queryResponseCode: 'OK' } },
      },
    });
    const { status, text } = await call();
    t.equal(status, 200);
    t.match(text, '<eventListQueryResponse><QUPC_IN200000UK04>');
    t.match(text, '<subject typeCode="SUBJ"><events/></subject><queryAck');
  });
});
