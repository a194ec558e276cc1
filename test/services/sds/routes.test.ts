/** The route look-ups of the published adaptor, for every interaction that Spine receives or forwards. */
import { Client } from 'ldapts';
import t from 'tap';
import { parseInteractions } from '../../../server/core/world/seed/interactions.ts';
import { startSeedDirectory } from './seedDirectory.ts';

const P = 'urn:nhs:names:services:';
const SPINE = 'YES-0000806';

/** What the adaptor asks of the message handler it found. */
const MHS =
  'nhsEPInteractionType nhsIDCode nhsMhsCPAId nhsMHSEndPoint nhsMhsFQDN nhsMHsIN nhsMHSIsAuthenticated nhsMHSPartyKey nhsMHsSN nhsMhsSvcIA nhsProductKey uniqueIdentifier nhsMHSAckRequested nhsMHSActor nhsMHSDuplicateElimination nhsMHSPersistDuration nhsMHSRetries nhsMHSRetryInterval nhsMHSSyncReplyMode'.split(
    ' ',
  );

/** By service: the way of its interactions, and their names. */
const RECEIVED: [services: string, way: Way, names: string][] = [
  [
    'pdsquery',
    'sync',
    'QUPA_IN{000005UK01 000005UK03 000008UK02 000008UK05 000010UK02 000010UK04 000014UK01 000014UK03 000016UK02 000016UK04 010000UK32 040000UK32 060000UK30} GET_NHS_NUMBER_REQUEST QUQI_IN010000UK14 MCCI_IN010000UK13',
  ],
  ['pdsquery', 'express', 'QUPA_IN{000006UK02 000006UK05 000012UK02 000012UK04 020000UK14 020000UK31}'],
  [
    'pds',
    'reliable',
    'PRPA_IN{000200UK03 000203UK03 000203UK06 000204UK03 000205UK03 000209UK01 000212UK02 000216UK01 040000UK15 040000UK30 060000UK14 060000UK30 100000UK01 110000UK01 120000UK01 150000UK14 150000UK30 160000UK30} MCCI_IN010000UK13',
  ],
  [
    'psis',
    'reliable',
    'REPC_IN{150015UK05 150016UK05 150017UK02 150018UK02} POCD_IN{140001UK06 150002UK07 160002UK07 170002UK07 180001UK04} MCCI_IN010000UK13',
  ],
  ['psisquery', 'express', 'QUPC_IN{160101UK04 160101UK05 160103UK04 160103UK05 160107UK05 160109UK05}'],
  ['psisquery', 'sync', 'QUPC_IN{180000UK04 190000UK04} ITEMLISTQUERYUK01 ITEMDETAILQUERYUK01'],
  [
    'lrs',
    'reliable',
    'REPC_IN{010000UK15 020000UK13 040000UK15 050000UK13} SET_RESOURCE_PERMISSIONS_INUK01 SetConsent01',
  ],
  ['lrsquery', 'sync', '{GET HAS}_RESOURCE_PERMISSIONS_INUK01 QUPC_IN010000UK32'],
  ['lrsquery', 'express', 'QUPC_IN{020000UK17 250000UK02}'],
  [
    'mm',
    'reliable',
    'PORX_IN{020101UK04 020101UK31 020102UK04 020102UK31 030101UK32 050101UK31 050102UK32 060102UK30 070101UK31 070103UK31 080101UK31 090101UK31 100101UK31 110101UK30 132004UK30 150101UK31 250101UK04 510101UK31 540101UK31 370101UK31 460101UK31 530101UK31} MCCI_IN{010000UK12 010000UK13}',
  ],
  [
    'mmquery',
    'sync',
    'QURX_IN{000005UK02 000005UK98 000005UK99} PrescriptionSearchSyncAsync_1_0 ExternalPrescription{Query_1_0 Search_1_0} GET_PRESCRIPTION_DOCUMENT_INUK01',
  ],
  ['mmquery', 'express', 'QURX_IN{000002UK02 000003UK02}'],
  [
    'gp2gp',
    'forward',
    'RCMR_IN{010000UK03 010000UK05 010000UK06 020000UK03 030000UK03 030000UK06 030000UK08} COPC_IN000001UK01 MCCI_IN{010000UK12 010000UK13}',
  ],
  [
    'ebs',
    'forward',
    'PRSC_IN{040000UK08 050000UK06 060000UK06 070000UK08 080000UK07 090000UK09 100000UK06 110000UK08 110000UK10 110000UK11 130000UK07 140000UK06 150000UK06 150001UK01 150001UK02 080000UK03 040000UK03} PRPA_IN{010000UK07 020000UK06 030000UK08} MCCI_IN010000UK13',
  ],
  [
    'ebsepr',
    'forward',
    'PRPA_IN{000001UK03 030000UK10 030000UK11} PRSC_IN{100000UK08 100000UK09 130000UK09 130000UK10}',
  ],
  ['ebsnpr', 'forward', 'PRPA_IN000001UK03'],
  ['pat', 'forward', 'POLB_IN{020001UK01 020006UK01 020012UK01 020001UK02 020012UK02} MCCI_IN010000UK13'],
  ['am adm dir ed dis op ooh nd mh caf cc', 'forward', 'MCCI_IN010000UK13'],
  ['cc', 'forward', 'COPC_IN{000001UK01 000001UK02}'],
  ['healthspace', 'forward', 'PRPA_IN{000501UK02 000501UK03 000501UK04}'],
  ['itk', 'forward', 'COPC_IN{000001GB01 000002GB01}'],
  ['gpes', 'forward', 'COMT_IN{000001GB01 000002GB01 000003GB01 000004GB01 000005GB01 000006GB01} MCCI_IN010000UK13'],
  ['alerts', 'reliable', 'COMT_IN000001UK01'],
  ['tms', 'reliable', 'MCCI_IN{200001UK02 200002UK03}'],
  ['tms', 'forward', 'ReliableIntermediary ExpressIntermediary UnreliableIntermediary'],
  ['dbs', 'sync', 'DBS_{GETFILELIST DOWNLOADFILE ACKNOWLEDGEDOWNLOAD}_INUK01'],
  ['dbs', 'reliable', 'DBS_SEND_FILE_UK01'],
  ['cpisquery', 'express', 'ACCESS_TO_SERVICE INACTIVE_NHS_NUMBERS'],
  ['cpisquery', 'reliable', 'QUPC_IN000006GB01 REPC_IN{000004GB01 000005GB01 000007GB01}'],
  ['cpisupload', 'reliable', 'REPC_IN000003GB01'],
  ['sdsquery', 'sync', 'AccreditedSystemSearchRequest_1_0 QUPC_IN010102UK01'],
  ['sds', 'reliable', 'REPC_IN{130002UK01 130003UK01 130004UK01 130005UK01}'],
  ['clinicals-sync', 'sync', 'FGM{Query_1_0 Query_2_0 Create_1_0 Delete_1_0}'],
];

type Way = 'sync' | 'express' | 'reliable' | 'forward';

const PATHS: Record<Way, string> = {
  sync: '/sync-service',
  express: '/reliablemessaging/queryrequest',
  reliable: '/reliablemessaging/reliablerequest',
  forward: '/reliablemessaging/intermediary',
};

t.setTimeout(120_000);

t.test('adaptors find a route for every interaction: one system that lists it, one message handler', async (t) => {
  const { url, faults } = await startSeedDirectory(t);
  const client = new Client({ url });
  t.teardown(() => client.unbind());
  let walked = 0;
  const walk = async (name: string, path: string) => {
    const system = await client.search('ou=services,o=nhs', {
      filter: `(&(nhsIDCode=YES)(objectClass=nhsAs)(nhsAsSvcIA=${name}))`,
      attributes: ['nhsMHSPartyKey', 'uniqueIdentifier'],
    });
    if (system.searchEntries[0]?.nhsMHSPartyKey !== SPINE) t.fail(`${name}: no system of Spine lists it`);
    const { searchEntries } = await client.search('ou=services,o=nhs', {
      filter: `(&(objectClass=nhsMhs)(nhsMHSPartyKey=${SPINE})(nhsMhsSvcIA=${name}))`,
      attributes: MHS,
    });
    walked++;
    const [handler] = searchEntries;
    if (searchEntries.length !== 1 || !handler) return t.fail(`${name}: ${searchEntries.length} message handlers`);
    const { nhsMHSEndPoint, nhsMHsSN, nhsMHsIN, nhsMhsCPAId, uniqueIdentifier, nhsMhsFQDN, nhsProductKey } = handler;
    const address = URL.parse(String(nhsMHSEndPoint));
    if (address?.pathname !== path || address.hostname !== nhsMhsFQDN) t.fail(`${name}: ${nhsMHSEndPoint}`);
    if (`${nhsMHsSN}:${nhsMHsIN}` !== name || nhsMhsCPAId !== uniqueIdentifier || !nhsProductKey) {
      t.fail(`${name}: its parts do not go together`, handler);
    }
    const reliable = handler.nhsMHSAckRequested === 'always' && handler.nhsMHSDuplicateElimination === 'always';
    const complete = [handler.nhsMHSRetries, handler.nhsMHSRetryInterval, handler.nhsMHSPersistDuration].every(
      (value) => value !== undefined && value.length > 0,
    );
    if (reliable !== complete) t.fail(`${name}: retries and acknowledgements do not go together`);
  };
  for (const [services, way, names] of RECEIVED) {
    for (const service of services.split(' ')) {
      for (const { name } of parseInteractions(names)) await walk(`${P}${service}:${name}`, PATHS[way]);
    }
  }
  for (const name of ['Acknowledgment', 'MessageError', 'Ping']) {
    await walk(`urn:oasis:names:tc:ebxml-msg:service:${name}`, PATHS.forward);
  }
  t.ok(walked > 200, `${walked} interactions`);
  t.same(faults, []);
});
