/** What GP Connect asks of each resource beyond STU3. */
import { PAGES } from '../finding.ts';

export interface ProfileRule {
  /** Name behind https://fhir.nhs.uk/STU3/StructureDefinition/ . */
  profile: string;
  /** True for what a consumer can read by its id: it has a version. */
  versioned?: boolean;
  /** Elements that must be there, as `a.b`; of lists the first that has it counts. */
  required: string[];
  /** Elements that must not be there. */
  unused?: string[];
  rule: string;
}

const clinical = (profile: string, required: string[], unused: string[] = []): ProfileRule => ({
  profile,
  required: ['id', 'identifier.value', ...required],
  unused,
  rule: PAGES.structured,
});

export const PROFILE_RULES: Record<string, ProfileRule> = {
  Patient: {
    profile: 'CareConnect-GPC-Patient-1',
    versioned: true,
    required: ['id', 'identifier.system', 'identifier.value', 'name.family', 'gender', 'birthDate'],
    unused: ['photo', 'animal', 'link'],
    rule: PAGES.patient,
  },
  Practitioner: {
    profile: 'CareConnect-GPC-Practitioner-1',
    versioned: true,
    required: ['id', 'identifier.system', 'identifier.value', 'name.family'],
    unused: ['photo', 'qualification'],
    rule: PAGES.resources,
  },
  PractitionerRole: {
    profile: 'CareConnect-GPC-PractitionerRole-1',
    versioned: true,
    required: ['id', 'practitioner.reference', 'organization.reference'],
    rule: PAGES.resources,
  },
  Organization: {
    profile: 'CareConnect-GPC-Organization-1',
    versioned: true,
    required: ['id', 'identifier.system', 'identifier.value', 'name'],
    unused: ['endpoint'],
    rule: PAGES.resources,
  },
  Location: {
    profile: 'CareConnect-GPC-Location-1',
    versioned: true,
    required: ['id', 'name'],
    unused: ['endpoint'],
    rule: PAGES.resources,
  },
  Slot: {
    profile: 'GPConnect-Slot-1',
    required: ['id', 'schedule.reference', 'status', 'start', 'end'],
    unused: ['specialty', 'overbooked'],
    rule: PAGES.slots,
  },
  Schedule: {
    profile: 'GPConnect-Schedule-1',
    required: ['id', 'actor.reference', 'planningHorizon.start', 'planningHorizon.end'],
    unused: ['specialty'],
    rule: PAGES.slots,
  },
  Appointment: {
    profile: 'GPConnect-Appointment-1',
    versioned: true,
    required: [
      'id',
      'status',
      'description',
      'start',
      'end',
      'slot.reference',
      'created',
      'participant.actor',
      'contained',
    ],
    unused: ['reason', 'specialty'],
    rule: PAGES.book,
  },
  List: {
    profile: 'CareConnect-GPC-List-1',
    required: ['status', 'mode', 'title', 'code.coding', 'subject.reference'],
    unused: ['meta.versionId', 'meta.lastUpdated', 'source'],
    rule: PAGES.list,
  },
  AllergyIntolerance: clinical('CareConnect-GPC-AllergyIntolerance-1', [
    'clinicalStatus',
    'verificationStatus',
    'category',
    'code.coding',
    'patient.reference',
    'assertedDate',
  ]),
  Medication: {
    profile: 'CareConnect-GPC-Medication-1',
    required: ['id', 'code.coding'],
    unused: ['meta.versionId', 'package'],
    rule: PAGES.structured,
  },
  MedicationStatement: clinical(
    'CareConnect-GPC-MedicationStatement-1',
    [
      'basedOn.reference',
      'status',
      'medicationReference',
      'dateAsserted',
      'subject.reference',
      'taken',
      'dosage.text',
      'extension',
    ],
    ['meta.versionId', 'partOf', 'category', 'informationSource', 'derivedFrom', 'reasonNotTaken'],
  ),
  MedicationRequest: clinical('CareConnect-GPC-MedicationRequest-1', [
    'status',
    'intent',
    'medicationReference',
    'subject.reference',
    'authoredOn',
    'dosageInstruction.text',
  ]),
  Condition: clinical(
    'CareConnect-GPC-ProblemHeader-Condition-1',
    ['clinicalStatus', 'category.coding', 'code.coding', 'subject.reference', 'assertedDate'],
    ['severity', 'verificationStatus', 'bodySite', 'stage', 'evidence'],
  ),
  Encounter: clinical(
    'CareConnect-GPC-Encounter-1',
    ['status', 'type', 'subject.reference', 'participant.type'],
    ['class', 'classHistory', 'statusHistory', 'priority', 'reason', 'diagnosis', 'hospitalization', 'partOf'],
  ),
  Observation: clinical('CareConnect-GPC-Observation-1', [
    'status',
    'code',
    'subject.reference',
    'issued',
    'performer',
  ]),
  Immunization: clinical('CareConnect-GPC-Immunization-1', [
    'status',
    'notGiven',
    'vaccineCode',
    'patient.reference',
    'primarySource',
    'extension',
  ]),
  DiagnosticReport: clinical('CareConnect-GPC-DiagnosticReport-1', ['status', 'code', 'subject.reference', 'issued']),
  Specimen: clinical('CareConnect-GPC-Specimen-1', ['subject.reference']),
  ReferralRequest: clinical('CareConnect-GPC-ReferralRequest-1', ['status', 'intent', 'subject.reference']),
  ProcedureRequest: clinical(
    'CareConnect-GPC-ProcedureRequest-1',
    ['status', 'intent', 'code', 'subject.reference', 'authoredOn', 'requester.agent'],
    ['priority', 'doNotPerform', 'requester.onBehalfOf', 'performer'],
  ),
  DocumentReference: {
    profile: 'CareConnect-GPC-DocumentReference-1',
    required: ['id', 'identifier.value', 'status', 'type', 'subject.reference', 'indexed', 'content.attachment'],
    rule: PAGES.documents,
  },
};

/** Lists that open each clinical area: SNOMED CT code and title. */
export const LISTS: Record<string, { code: string; title: string }> = {
  includeMedication: { code: '933361000000108', title: 'Medications and medical devices' },
  includeAllergies: { code: '886921000000105', title: 'Allergies and adverse reactions' },
  includeConsultations: { code: '1149501000000101', title: 'List of consultations' },
  includeProblems: { code: '717711000000103', title: 'Problems' },
  includeImmunisations: { code: '1102181000000102', title: 'Immunisations' },
  includeUncategorisedData: { code: '826501000000100', title: 'Miscellaneous record' },
  includeInvestigations: { code: '887191000000108', title: 'Investigations and results' },
  includeReferrals: { code: '792931000000107', title: 'Outbound referral' },
  includeDiaryEntries: { code: '714311000000108', title: 'Patient recall administration' },
};
