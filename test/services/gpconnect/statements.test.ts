/** Capability statements name what the answers have: reports of consumers are made from them. */
import t from 'tap';
import { startSpine } from '../../helper.ts';
import { type Capability, call, NHS_NUMBER } from './consumer.ts';

const S = 'https://fhir.nhs.uk/STU3/StructureDefinition/';
const AREAS = 'Medication Consultations Problems Immunisations UncategorisedData Investigations Referrals DiaryEntries';

t.test('profiles', async (t) => {
  const spine = await startSpine(t);
  const named = async (capability: Capability) => {
    const prefix = capability === 'foundations' ? '' : `${capability}:`;
    const { json } = await call(spine, `${prefix}fhir:rest:read:metadata-1`, 'metadata', {
      capability,
      scope: 'organization/*.read',
    });
    return new Set<string>(json.profile.map(({ reference }: { reference: string }) => reference));
  };

  t.equal((await named('foundations')).size, 15, 'as published');

  const { text } = await call(spine, 'fhir:operation:gpc.getstructuredrecord-1', 'Patient/$gpc.getstructuredrecord', {
    capability: 'structured',
    resource: {
      resourceType: 'Parameters',
      parameter: [
        { name: 'patientNHSNumber', valueIdentifier: { system: NHS_NUMBER, value: '9996010007' } },
        { name: 'includeAllergies', part: [{ name: 'includeResolvedAllergies', valueBoolean: true }] },
        ...AREAS.split(' ').map((area) => ({ name: `include${area}` })),
      ],
    },
  });
  const used = new Set([...text.matchAll(/"profile":\["([^"]+)"\]/g)].map(([, profile]) => profile!));
  t.ok(used.size > 15);
  const structured = await named('structured');
  for (const profile of used) t.ok(structured.has(profile), profile);
  t.ok((await named('documents')).has(`${S}CareConnect-GPC-PractitionerRole-1`));
});
