import t from 'tap';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { ebxmlRequest, HOST, hl7Message } from '../messaging/requests.ts';
import { redirect, startSupplier, supplierTls } from '../messaging/supplier.ts';
import { UPDATED, WRAPPER } from './schema/mim.ts';
import { provision, updateRequest } from './tools.ts';

const PLAIN = '9996010007';
const PARTY = 'Z99901-0009901';

/** CPA id of Spine's own contract for an interaction of PDS. */
function contractOf(spine: Spine, interaction: string): { cpaId: string; partyKey: string } {
  const { handlers, systems } = spine.environment.core.spaces.default.world;
  return handlers
    .bySvcIa(`urn:nhs:names:services:pds:${interaction}`)
    .find(({ partyKey }) => systems.isSpineParty(partyKey))!;
}

t.test('an update by ebXML is acknowledged, and answered on another connection', async (t) => {
  const spine = await startSpine(t, { messaging: { responseDelayMs: 0 } });
  const supplier = await startSupplier(t, { tls: await supplierTls(spine), mode: 'sync' });
  await redirect(spine, PARTY, supplier.url);
  const { patients } = spine.environment.core.spaces.default.world;
  const { scn, gp } = (await patients.get(PLAIN))!;
  const interaction = 'PRPA_IN000203UK03';
  const { cpaId, partyKey } = contractOf(spine, interaction);
  const update = async (messageId: string, sent: number) => {
    const person = provision('1', 'Z99902', 'altered', { id: gp!.objectId, from: '20260301' });
    const payload = hl7Message({ interaction, id: messageId, act: updateRequest(PLAIN, sent, { person }) });
    const request = ebxmlRequest({ service: 'pds', action: interaction, messageId, cpaId, to: partyKey, payload });
    return spine.ask(HOST, { path: '/reliablemessaging/reliablerequest', ...request });
  };
  const answered = (body: string) => parseXml(/<hl7:(?:PRPA|MCCI)_.*<\/hl7:(?:PRPA|MCCI)_\w+>/.exec(body)![0]);

  t.equal((await update('0A11B5C0-0002-4000-8000-00000000F001', scn)).status, 202);
  const [first] = await supplier.wait(1);
  t.match(first!.body, '<hl7:PRPA_IN000202UK01 xmlns:hl7="urn:hl7-org:v3">');
  const message = answered(first!.body);
  t.strictSame(WRAPPER('PRPA_IN000202UK01', true).faults(message), []);
  const payload = message.descend('ControlActEvent/subject')!.children()[0]!;
  t.equal(payload.prefix, '', 'the payload has a default namespace');
  t.strictSame(UPDATED.faults(payload), []);
  t.match(await patients.get(PLAIN), { scn: scn + 1, gp: { ods: 'Z99902' } });

  t.equal((await update('0A11B5C0-0002-4000-8000-00000000F002', scn)).status, 202);
  const refused = answered((await supplier.wait(2))[1]!.body);
  t.equal(refused.local, 'MCCI_IN010000UK13');
  t.strictSame(WRAPPER('MCCI_IN010000UK13', false).faults(refused), []);
  t.equal(refused.find('justifyingDetectedIssueEvent')?.child('code')?.attr('displayName'), 'Update Failed');
});
