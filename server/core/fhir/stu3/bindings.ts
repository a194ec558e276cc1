/** Codes of the elements whose value set STU3 makes binding ("required"), by `Type.element`; others may have any code. */

const GENDER = 'male female other unknown';
const REQUEST_STATUS = 'draft active suspended cancelled completed entered-in-error unknown';
const REQUEST_INTENT = 'proposal plan order original-order reflex-order filler-order instance-order option';
const PRIORITY = 'routine urgent asap stat';

const CODES: Record<string, string> = {
  'HumanName.use': 'usual official temp nickname anonymous old maiden',
  'ContactPoint.system': 'phone fax email pager url sms other',
  'ContactPoint.use': 'home work temp old mobile',
  'Address.use': 'home work temp old',
  'Address.type': 'postal physical both',
  'Identifier.use': 'usual official temp secondary',
  'Quantity.comparator': '< <= >= >',
  'Narrative.status': 'generated extensions additional empty',
  'Bundle.type': 'document message transaction transaction-response batch batch-response history searchset collection',
  'Bundle.Search.mode': 'match include outcome',
  'OperationOutcome.Issue.severity': 'fatal error warning information',
  'OperationOutcome.Issue.code':
    'invalid structure required value invariant security login unknown expired forbidden suppressed processing ' +
    'not-supported duplicate not-found too-long code-invalid extension too-costly business-rule conflict incomplete ' +
    'transient lock-error no-store exception timeout throttled informational',
  'Patient.gender': GENDER,
  'Patient.Contact.gender': GENDER,
  'Practitioner.gender': GENDER,
  'Location.status': 'active suspended inactive',
  'Location.mode': 'instance kind',
  'CapabilityStatement.status': 'draft active retired unknown',
  'CapabilityStatement.kind': 'instance capability requirements',
  'CapabilityStatement.acceptUnknown': 'no extensions elements both',
  'CapabilityStatement.Rest.mode': 'client server',
  'CapabilityStatement.SearchParam.type': 'number date string token reference composite quantity uri',
  'Appointment.status': 'proposed pending booked arrived fulfilled cancelled noshow entered-in-error',
  'Appointment.Participant.required': 'required optional information-only',
  'Appointment.Participant.status': 'accepted declined tentative needs-action',
  'Slot.status': 'busy free busy-unavailable busy-tentative entered-in-error',
  'List.status': 'current retired entered-in-error',
  'List.mode': 'working snapshot changes',
  'AllergyIntolerance.clinicalStatus': 'active inactive resolved',
  'AllergyIntolerance.verificationStatus': 'unconfirmed confirmed refuted entered-in-error',
  'AllergyIntolerance.type': 'allergy intolerance',
  'AllergyIntolerance.category': 'food medication environment biologic',
  'AllergyIntolerance.criticality': 'low high unable-to-assess',
  'AllergyIntolerance.Reaction.severity': 'mild moderate severe',
  'Medication.status': 'active inactive entered-in-error',
  'MedicationStatement.status': 'active completed entered-in-error intended stopped on-hold',
  'MedicationStatement.taken': 'y n unk na',
  'MedicationRequest.status': 'active on-hold cancelled completed entered-in-error stopped draft unknown',
  'MedicationRequest.intent': 'proposal plan order instance-order',
  'MedicationRequest.priority': PRIORITY,
  'Condition.clinicalStatus': 'active recurrence inactive remission resolved',
  'Condition.verificationStatus': 'provisional differential confirmed refuted entered-in-error unknown',
  'Encounter.status': 'planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown',
  'Observation.status': 'registered preliminary final amended corrected cancelled entered-in-error unknown',
  'Observation.Related.type': 'has-member derived-from sequel-to replaces qualified-by interfered-by',
  'DiagnosticReport.status':
    'registered partial preliminary final amended corrected appended cancelled entered-in-error unknown',
  'Specimen.status': 'available unavailable unsatisfactory entered-in-error',
  'Immunization.status': 'completed entered-in-error',
  'ProcedureRequest.status': REQUEST_STATUS,
  'ProcedureRequest.intent': REQUEST_INTENT,
  'ProcedureRequest.priority': PRIORITY,
  'ReferralRequest.status': REQUEST_STATUS,
  'ReferralRequest.intent': REQUEST_INTENT,
  'ReferralRequest.priority': PRIORITY,
  'DocumentReference.status': 'current superseded entered-in-error',
};

/** Undefined for an element that may have any code. `owner`: as in the definitions, `Appointment.Participant`. */
export function codesOf(owner: string, element: string): ReadonlySet<string> | undefined {
  const codes = CODES[`${owner}.${element}`];
  return codes === undefined ? undefined : new Set(codes.split(' '));
}

/** Every element that has codes, for a test. */
export const BOUND_ELEMENTS: readonly string[] = Object.keys(CODES);
