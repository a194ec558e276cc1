import t from 'tap';
import { svcIa } from '../../../server/core/world/kinds.ts';
import { parseInteractions } from '../../../server/core/world/seed/interactions.ts';
import { loadSeed } from '../../../server/core/world/seed/load.ts';
import { createTables } from '../../../server/core/world/tables/tables.ts';

const P = 'urn:nhs:names:services:';
const tables = createTables((await loadSeed({ today: '2026-11-20' })).tables);

t.test('every message handler has a system with its party key that lists the interaction', async (t) => {
  for (const handler of tables.handlers.values()) {
    const lists = tables.systems
      .byPartyKey(handler.partyKey)
      .some(({ asid }) => tables.systems.isAccredited(asid, svcIa(handler)));
    if (!lists) t.fail(`${handler.cpaId} ${svcIa(handler)}`);
  }
  t.ok(tables.handlers.size > 1000);
});

t.test('CPA ids are unique over all parties and the known ones of Spine are where they are known', async (t) => {
  const known: [string, string, string][] = [
    ['S20001A000168', 'pdsquery:QUPA_IN040000UK32', '/sync-service'],
    ['S20003A000304', 'psisquery:QUPC_IN160101UK05', '/reliablemessaging/queryrequest'],
    ['S20001A000182', 'psis:REPC_IN150016UK05', '/reliablemessaging/reliablerequest'],
    ['S20001A000192', 'tms:ReliableIntermediary', '/reliablemessaging/intermediary'],
    ['S20001A000190', 'tms:ExpressIntermediary', '/reliablemessaging/intermediary'],
  ];
  for (const [cpaId, key, path] of known) {
    const handler = tables.handlers.get(cpaId);
    t.equal(handler && svcIa(handler), P + key);
    t.equal(handler?.endpoint, `https://msg.dev.spine2.ncrs.nhs.uk${path}`);
    t.equal(tables.handlers.contract('YES-0000806', P + key)?.cpaId, cpaId);
  }
  t.match(tables.handlers.get('S20001A000182')?.contract, {
    syncReplyMode: 'MSHSignalsOnly',
    ackRequested: 'always',
    duplicateElimination: 'always',
    retries: 2,
    retryInterval: 'PT1M',
    persistDuration: 'PT5M',
  });
  t.match(tables.handlers.get('S918999508766'), { ods: 'X26', partyKey: 'X26-9199246', interactionType: 'N/A' });
});

t.test(
  "Spine's own system lists 478 interactions, and Spine answers to every ASID that clients have built in",
  async (t) => {
    t.equal(tables.systems.get('928942012545')?.interactions.length, 478);
    t.ok(tables.systems.isAccredited('928942012545', 'urn:oasis:names:tc:ebxml-msg:service:Acknowledgment,'));
    for (const asid of [
      '928942012545',
      '227319907548',
      '567456789789',
      '200000000205',
      '908232220511',
      '655159266510',
    ]) {
      t.ok(tables.systems.isSpine(asid), asid);
    }
    for (const partyKey of ['YES-0000806', 'YEA-0000806', 'YEA-801248'])
      t.ok(tables.systems.isSpineParty(partyKey), partyKey);
    t.notOk(tables.systems.isSpine('200000000901'));
    t.match(tables.systems.get('753468248012'), { partyKey: 'YEU-1808939' });
    t.match(tables.systems.get('200000000296'), { partyKey: 'YEF-820397' });
  },
);

t.test(
  'each interaction that a supplier may use has one contract with Spine, in the pattern it is sent by',
  async (t) => {
    const paths: Record<string, string> = {
      sync: '/sync-service',
      express: '/reliablemessaging/queryrequest',
      reliable: '/reliablemessaging/reliablerequest',
      forward: '/reliablemessaging/intermediary',
    };
    const interactions: [string, string, string][] = [
      [
        'pdsquery',
        'sync',
        'QUPA_IN{000005UK01 000005UK03 000008UK02 000008UK05 000010UK02 000010UK04 000014UK01 000014UK03 000016UK02 000016UK04 010000UK32 040000UK32 060000UK30} GET_NHS_NUMBER_REQUEST',
      ],
      ['pdsquery', 'express', 'QUPA_IN{000006UK02 000006UK05 000012UK02 000012UK04 020000UK14 020000UK31}'],
      [
        'pds',
        'reliable',
        'PRPA_IN{000200UK03 000203UK03 000203UK06 000204UK03 000205UK03 000216UK01 040000UK15 040000UK30 060000UK14 100000UK01 110000UK01 120000UK01 150000UK14 160000UK30}',
      ],
      [
        'psis',
        'reliable',
        'REPC_IN{150015UK05 150016UK05 150017UK02 150018UK02} POCD_IN{140001UK04 150002UK05 160002UK05 170002UK05 180001UK04}',
      ],
      ['psisquery', 'express', 'QUPC_IN{160101UK04 160101UK05 160103UK05 160107UK05 160109UK05}'],
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
        'PORX_IN{020101UK04 020101UK31 020102UK31 030101UK32 050101UK31 050102UK32 060102UK30 070101UK31 070103UK31 080101UK31 090101UK31 100101UK31 110101UK30 132004UK30 150101UK31 250101UK04 510101UK31 540101UK31}',
      ],
      [
        'mmquery',
        'sync',
        'QURX_IN{000005UK02 000005UK98 000005UK99} PrescriptionSearchSyncAsync_1_0 ExternalPrescriptionQuery_1_0 ExternalPrescriptionSearch_1_0 GET_PRESCRIPTION_DOCUMENT_INUK01',
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
        'PRSC_IN{040000UK08 050000UK06 060000UK06 070000UK08 080000UK07 090000UK09 100000UK06 110000UK08 130000UK07 140000UK06 150000UK06 150001UK01} PRPA_IN{010000UK07 020000UK06 030000UK08}',
      ],
      ['pat', 'forward', 'POLB_IN{020001UK01 020012UK02}'],
      ['itk', 'forward', 'COPC_IN{000001GB01 000002GB01}'],
      ['gpes', 'forward', 'COMT_IN{000001GB01 000006GB01}'],
      ['alerts', 'reliable', 'COMT_IN000001UK01'],
      ['tms', 'reliable', 'MCCI_IN{200001UK02 200002UK03}'],
      ['dbs', 'sync', 'DBS_GETFILELIST_INUK01 DBS_DOWNLOADFILE_INUK01 DBS_ACKNOWLEDGEDOWNLOAD_INUK01'],
      ['dbs', 'reliable', 'DBS_SEND_FILE_UK01'],
      ['cpisquery', 'express', 'ACCESS_TO_SERVICE INACTIVE_NHS_NUMBERS'],
      ['sdsquery', 'sync', 'AccreditedSystemSearchRequest_1_0 QUPC_IN010102UK01'],
      ['sds', 'reliable', 'REPC_IN{130002UK01 130005UK01}'],
      ['clinicals-sync', 'sync', 'FGMQuery_1_0 FGMQuery_2_0 FGMCreate_1_0 FGMDelete_1_0'],
    ];
    for (const [service, pattern, names] of interactions) {
      for (const { name } of parseInteractions(names)) {
        const key = `${P}${service}:${name}`;
        const own = tables.handlers.bySvcIa(key).filter(({ partyKey }) => partyKey === 'YES-0000806');
        t.equal(own.length, 1, key);
        t.equal(URL.parse(own[0]?.endpoint ?? '')?.pathname, paths[pattern], key);
        t.ok(
          tables.systems.byOds('YES').some((system) => system.interactions.includes(key)),
          `${key} is listed`,
        );
      }
    }
    for (const name of ['Acknowledgment', 'MessageError', 'Ping']) {
      t.ok(tables.handlers.contract('YES-0000806', `urn:oasis:names:tc:ebxml-msg:service:${name}`), name);
    }
  },
);
