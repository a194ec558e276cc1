/**
 * Elements of the STU3 (3.0.1) resources and types that GP Connect and Care Connect exchange: their names, how often each may
 * be there, and of which type it is. Written as `name type` with `!` for exactly one, `+` for at least one, `*` for any number
 * and nothing for at most one. `a|b` is a choice (`value[x]`), of which each has its type in its name; `{Part}` is a part of
 * this resource, defined below it.
 */
import { codesOf } from './bindings.ts';

/** What may stand in every resource beside its own elements. */
const RESOURCE = 'id id, meta Meta, implicitRules uri, language code';
const DOMAIN = `${RESOURCE}, text Narrative, contained Resource*, extension Extension*, modifierExtension Extension*`;

const VALUES =
  'Base64Binary Boolean Code Date DateTime Decimal Id Instant Integer Markdown PositiveInt String Time UnsignedInt Uri ' +
  'Address Annotation Attachment CodeableConcept Coding ContactPoint HumanName Identifier Money Period Quantity Range ' +
  'Ratio Reference Meta Age Duration SampledData Signature Timing';

const choice = (stem: string, types: string) =>
  types
    .split(' ')
    .map((type) => `${stem}${type} ${stem}[x]:${type}`)
    .join(', ');

/** Data types. Each may have `id` and `extension` too. */
const TYPES: Record<string, string> = {
  Meta: 'versionId id, lastUpdated instant, profile uri*, security Coding*, tag Coding*',
  Narrative: 'status code!, div xhtml!',
  Extension: `url uri!, ${choice('value', VALUES)}`,
  Coding: 'system uri, version string, code code, display string, userSelected boolean',
  CodeableConcept: 'coding Coding*, text string',
  Identifier: 'use code, type CodeableConcept, system uri, value string, period Period, assigner Reference',
  Reference: 'reference string, identifier Identifier, display string',
  Period: 'start dateTime, end dateTime',
  Quantity: 'value decimal, comparator code, unit string, system uri, code code',
  Range: 'low Quantity, high Quantity',
  Ratio: 'numerator Quantity, denominator Quantity',
  HumanName: 'use code, text string, family string, given string*, prefix string*, suffix string*, period Period',
  Address:
    'use code, type code, text string, line string*, city string, district string, state string, postalCode string, country string, period Period',
  ContactPoint: 'system code, value string, use code, rank positiveInt, period Period',
  Annotation: 'authorReference Reference, authorString string, time dateTime, text string!',
  Attachment:
    'contentType code, language code, data base64Binary, url uri, size unsignedInt, hash base64Binary, title string, creation dateTime',
  Timing: 'event dateTime*, repeat Element, code CodeableConcept',
  Dosage:
    'sequence integer, text string, additionalInstruction CodeableConcept*, patientInstruction string, timing Timing, asNeededBoolean boolean, asNeededCodeableConcept CodeableConcept, site CodeableConcept, route CodeableConcept, method CodeableConcept, doseRange Range, doseQuantity Quantity, maxDosePerPeriod Ratio, maxDosePerAdministration Quantity, maxDosePerLifetime Quantity, rateRatio Ratio, rateRange Range, rateQuantity Quantity',
  Agent: 'agent Reference!, onBehalfOf Reference',
};

/** Resources, and after each its parts as `Resource.Part`. */
const RESOURCES: Record<string, string> = {
  Bundle:
    'identifier Identifier, type code!, total unsignedInt, link {Link}*, entry {Entry}*, signature Element @resource',
  'Bundle.Link': 'relation string!, url uri!',
  'Bundle.Entry':
    'link {Link}*, fullUrl uri, resource Resource, search {Search}, request {Request}, response {Response}',
  'Bundle.Search': 'mode code, score decimal',
  'Bundle.Request':
    'method code!, url uri!, ifNoneMatch string, ifModifiedSince instant, ifMatch string, ifNoneExist string',
  'Bundle.Response': 'status string!, location uri, etag string, lastModified instant, outcome Resource',
  Parameters: 'parameter {Parameter}* @resource',
  'Parameters.Parameter': `name string!, ${choice('value', VALUES)}, resource Resource, part {Parameter}*`,
  Binary: 'contentType code!, securityContext Reference, content base64Binary! @resource',
  OperationOutcome: 'issue {Issue}+',
  'OperationOutcome.Issue':
    'severity code!, code code!, details CodeableConcept, diagnostics string, location string*, expression string*',
  Patient:
    'identifier Identifier*, active boolean, name HumanName*, telecom ContactPoint*, gender code, birthDate date, deceasedBoolean boolean, deceasedDateTime dateTime, address Address*, maritalStatus CodeableConcept, multipleBirthBoolean boolean, multipleBirthInteger integer, photo Attachment*, contact {Contact}*, animal Element, communication {Communication}*, generalPractitioner Reference*, managingOrganization Reference, link Element*',
  'Patient.Contact':
    'relationship CodeableConcept*, name HumanName, telecom ContactPoint*, address Address, gender code, organization Reference, period Period',
  'Patient.Communication': 'language CodeableConcept!, preferred boolean',
  Practitioner:
    'identifier Identifier*, active boolean, name HumanName*, telecom ContactPoint*, address Address*, gender code, birthDate date, photo Attachment*, qualification Element*, communication CodeableConcept*',
  PractitionerRole:
    'identifier Identifier*, active boolean, period Period, practitioner Reference, organization Reference, code CodeableConcept*, specialty CodeableConcept*, location Reference*, healthcareService Reference*, telecom ContactPoint*, availableTime Element*, notAvailable Element*, availabilityExceptions string, endpoint Reference*',
  Organization:
    'identifier Identifier*, active boolean, type CodeableConcept*, name string, alias string*, telecom ContactPoint*, address Address*, partOf Reference, contact Element*, endpoint Reference*',
  Location:
    'identifier Identifier*, status code, operationalStatus Coding, name string, alias string*, description string, mode code, type CodeableConcept, telecom ContactPoint*, address Address, physicalType CodeableConcept, position Element, managingOrganization Reference, partOf Reference, endpoint Reference*',
  HealthcareService:
    'identifier Identifier*, active boolean, providedBy Reference, category CodeableConcept, type CodeableConcept*, specialty CodeableConcept*, location Reference*, name string, comment string, extraDetails string, photo Attachment, telecom ContactPoint*, coverageArea Reference*, serviceProvisionCode CodeableConcept*, eligibility CodeableConcept, eligibilityNote string, programName string*, characteristic CodeableConcept*, referralMethod CodeableConcept*, appointmentRequired boolean, availableTime Element*, notAvailable Element*, availabilityExceptions string, endpoint Reference*',
  CapabilityStatement:
    'url uri, version string, name string, title string, status code!, experimental boolean, date dateTime!, publisher string, contact Element*, description markdown, useContext Element*, jurisdiction CodeableConcept*, purpose markdown, copyright markdown, kind code!, instantiates uri*, software {Software}, implementation Element, fhirVersion id!, acceptUnknown code!, format code+, patchFormat code*, implementationGuide uri*, profile Reference*, rest {Rest}*, messaging Element*, document Element*',
  'CapabilityStatement.Software': 'name string!, version string, releaseDate dateTime',
  'CapabilityStatement.Rest':
    'mode code!, documentation string, security Element, resource {Resource}*, interaction Element*, searchParam Element*, operation {Operation}*, compartment uri*',
  'CapabilityStatement.Resource':
    'type code!, profile Reference, documentation markdown, interaction {Interaction}+, versioning code, readHistory boolean, updateCreate boolean, conditionalCreate boolean, conditionalRead code, conditionalUpdate boolean, conditionalDelete code, referencePolicy code*, searchInclude string*, searchRevInclude string*, searchParam {SearchParam}*',
  'CapabilityStatement.Interaction': 'code code!, documentation string',
  'CapabilityStatement.SearchParam': 'name string!, definition uri, type code!, documentation string',
  'CapabilityStatement.Operation': 'name string!, definition Reference!',
  Appointment:
    'identifier Identifier*, status code!, serviceCategory CodeableConcept, serviceType CodeableConcept*, specialty CodeableConcept*, appointmentType CodeableConcept, reason CodeableConcept*, indication Reference*, priority unsignedInt, description string, supportingInformation Reference*, start instant, end instant, minutesDuration positiveInt, slot Reference*, created dateTime, comment string, incomingReferral Reference*, participant {Participant}+, requestedPeriod Period*',
  'Appointment.Participant': 'type CodeableConcept*, actor Reference, required code, status code!',
  Slot: 'identifier Identifier*, serviceCategory CodeableConcept, serviceType CodeableConcept*, specialty CodeableConcept*, appointmentType CodeableConcept, schedule Reference!, status code!, start instant!, end instant!, overbooked boolean, comment string',
  Schedule:
    'identifier Identifier*, active boolean, serviceCategory CodeableConcept, serviceType CodeableConcept*, specialty CodeableConcept*, actor Reference+, planningHorizon Period, comment string',
  List: 'identifier Identifier*, status code!, mode code!, title string, code CodeableConcept, subject Reference, encounter Reference, date dateTime, source Reference, orderedBy CodeableConcept, note Annotation*, entry {Entry}*, emptyReason CodeableConcept',
  'List.Entry': 'flag CodeableConcept, deleted boolean, date dateTime, item Reference!',
  AllergyIntolerance:
    'identifier Identifier*, clinicalStatus code, verificationStatus code!, type code, category code*, criticality code, code CodeableConcept, patient Reference!, onsetDateTime dateTime, onsetAge Quantity, onsetPeriod Period, onsetRange Range, onsetString string, assertedDate dateTime, recorder Reference, asserter Reference, lastOccurrence dateTime, note Annotation*, reaction {Reaction}*',
  'AllergyIntolerance.Reaction':
    'substance CodeableConcept, manifestation CodeableConcept+, description string, onset dateTime, severity code, exposureRoute CodeableConcept, note Annotation*',
  Medication:
    'code CodeableConcept, status code, isBrand boolean, isOverTheCounter boolean, manufacturer Reference, form CodeableConcept, ingredient Element*, package Element, image Attachment*',
  MedicationStatement:
    'identifier Identifier*, basedOn Reference*, partOf Reference*, context Reference, status code!, category CodeableConcept, medicationCodeableConcept medication[x]!:CodeableConcept, medicationReference medication[x]!:Reference, effectiveDateTime dateTime, effectivePeriod Period, dateAsserted dateTime, informationSource Reference, subject Reference!, derivedFrom Reference*, taken code!, reasonNotTaken CodeableConcept*, reasonCode CodeableConcept*, reasonReference Reference*, note Annotation*, dosage Dosage*',
  MedicationRequest:
    'identifier Identifier*, definition Reference*, basedOn Reference*, groupIdentifier Identifier, status code, intent code!, category CodeableConcept, priority code, medicationCodeableConcept medication[x]!:CodeableConcept, medicationReference medication[x]!:Reference, subject Reference!, context Reference, supportingInformation Reference*, authoredOn dateTime, requester Agent, recorder Reference, reasonCode CodeableConcept*, reasonReference Reference*, note Annotation*, dosageInstruction Dosage*, dispenseRequest {DispenseRequest}, substitution Element, priorPrescription Reference, detectedIssue Reference*, eventHistory Reference*',
  'MedicationRequest.DispenseRequest':
    'validityPeriod Period, numberOfRepeatsAllowed positiveInt, quantity Quantity, expectedSupplyDuration Quantity, performer Reference',
  Condition:
    'identifier Identifier*, clinicalStatus code, verificationStatus code, category CodeableConcept*, severity CodeableConcept, code CodeableConcept, bodySite CodeableConcept*, subject Reference!, context Reference, onsetDateTime dateTime, onsetAge Quantity, onsetPeriod Period, onsetRange Range, onsetString string, abatementDateTime dateTime, abatementAge Quantity, abatementBoolean boolean, abatementPeriod Period, abatementRange Range, abatementString string, assertedDate dateTime, asserter Reference, stage Element, evidence Element*, note Annotation*',
  Encounter:
    'identifier Identifier*, status code!, statusHistory Element*, class Coding, classHistory Element*, type CodeableConcept*, priority CodeableConcept, subject Reference, episodeOfCare Reference*, incomingReferral Reference*, participant {Participant}*, appointment Reference, period Period, length Quantity, reason CodeableConcept*, diagnosis Element*, account Reference*, hospitalization Element, location {Location}*, serviceProvider Reference, partOf Reference',
  'Encounter.Participant': 'type CodeableConcept*, period Period, individual Reference',
  'Encounter.Location': 'location Reference!, status code, period Period',
  Observation: `identifier Identifier*, basedOn Reference*, status code!, category CodeableConcept*, code CodeableConcept!, subject Reference, context Reference, effectiveDateTime dateTime, effectivePeriod Period, issued instant, performer Reference*, ${choice('value', 'Quantity CodeableConcept String Boolean Range Ratio SampledData Attachment Time DateTime Period')}, dataAbsentReason CodeableConcept, interpretation CodeableConcept, comment string, bodySite CodeableConcept, method CodeableConcept, specimen Reference, device Reference, referenceRange {ReferenceRange}*, related {Related}*, component Element*`,
  'Observation.ReferenceRange':
    'low Quantity, high Quantity, type CodeableConcept, appliesTo CodeableConcept*, age Range, text string',
  'Observation.Related': 'type code, target Reference!',
  Immunization:
    'identifier Identifier*, status code!, notGiven boolean!, vaccineCode CodeableConcept!, patient Reference!, encounter Reference, date dateTime, primarySource boolean!, reportOrigin CodeableConcept, location Reference, manufacturer Reference, lotNumber string, expirationDate date, site CodeableConcept, route CodeableConcept, doseQuantity Quantity, practitioner {Practitioner}*, note Annotation*, explanation Element, reaction Element*, vaccinationProtocol Element*',
  'Immunization.Practitioner': 'role CodeableConcept, actor Reference!',
  DiagnosticReport:
    'identifier Identifier*, basedOn Reference*, status code!, category CodeableConcept, code CodeableConcept!, subject Reference, context Reference, effectiveDateTime dateTime, effectivePeriod Period, issued instant, performer Element*, specimen Reference*, result Reference*, imagingStudy Reference*, image Element*, conclusion string, codedDiagnosis CodeableConcept*, presentedForm Attachment*',
  Specimen:
    'identifier Identifier*, accessionIdentifier Identifier, status code, type CodeableConcept, subject Reference!, receivedTime dateTime, parent Reference*, request Reference*, collection Element, processing Element*, container Element*, note Annotation*',
  ReferralRequest:
    'identifier Identifier*, definition Reference*, basedOn Reference*, replaces Reference*, groupIdentifier Identifier, status code!, intent code!, type CodeableConcept, priority code, serviceRequested CodeableConcept*, subject Reference!, context Reference, occurrenceDateTime dateTime, occurrencePeriod Period, authoredOn dateTime, requester Agent, specialty CodeableConcept, recipient Reference*, reasonCode CodeableConcept*, reasonReference Reference*, description string, supportingInfo Reference*, note Annotation*, relevantHistory Reference*',
  ProcedureRequest:
    'identifier Identifier*, definition Reference*, basedOn Reference*, replaces Reference*, requisition Identifier, status code!, intent code!, priority code, doNotPerform boolean, category CodeableConcept*, code CodeableConcept!, subject Reference!, context Reference, occurrenceDateTime dateTime, occurrencePeriod Period, occurrenceTiming Timing, asNeededBoolean boolean, asNeededCodeableConcept CodeableConcept, authoredOn dateTime, requester Agent, performerType CodeableConcept, performer Reference, reasonCode CodeableConcept*, reasonReference Reference*, supportingInfo Reference*, specimen Reference*, bodySite CodeableConcept*, note Annotation*, relevantHistory Reference*',
  DocumentReference:
    'masterIdentifier Identifier, identifier Identifier*, status code!, docStatus code, type CodeableConcept!, class CodeableConcept, subject Reference, created dateTime, indexed instant!, author Reference*, authenticator Reference, custodian Reference, relatesTo Element*, description string, securityLabel CodeableConcept*, content {Content}+, context {Context}',
  'DocumentReference.Content': 'attachment Attachment!, format Coding',
  'DocumentReference.Context':
    'encounter Reference, event CodeableConcept*, period Period, facilityType CodeableConcept, practiceSetting CodeableConcept, sourcePatientInfo Reference, related Element*',
};

export interface ElementDefinition {
  name: string;
  /** A primitive or data type, `Resource`, `Element` (whose inside is not looked at), or a part as `Resource.Part`. */
  type: string;
  required: boolean;
  repeats: boolean;
  /** Elements of one choice share it. */
  choice?: string;
  /** The codes that it may have, where STU3 says. */
  codes?: ReadonlySet<string>;
}

export type Definition = ReadonlyMap<string, ElementDefinition>;

const ELEMENT = /^(\S+) (?:(\S+\[x\])(!?):)?(\{?)([A-Za-z0-9]+)\}?([!+*]?)$/;

function read(text: string, owner: string): ElementDefinition[] {
  return text.split(', ').map((item) => {
    const [, name, choice, always, part, type, count] = ELEMENT.exec(item.trim())!;
    const codes = codesOf(owner, name!);
    return {
      name: name!,
      type: part ? `${owner.split('.')[0]}.${type}` : primitive(type!),
      required: count === '!' || count === '+' || always === '!',
      repeats: count === '*' || count === '+',
      ...(choice === undefined ? {} : { choice }),
      ...(codes === undefined ? {} : { codes }),
    };
  });
}

/** In the name of a choice a primitive begins with a capital: `valueDateTime` is of type dateTime. */
function primitive(type: string): string {
  const lower = type.charAt(0).toLowerCase() + type.slice(1);
  return type in TYPES || !PRIMITIVE_TYPES.has(lower) ? (ALIASES[type] ?? type) : lower;
}

const ALIASES: Record<string, string> = { Money: 'Quantity', Age: 'Quantity', Duration: 'Quantity' };

const PRIMITIVE_TYPES = new Set(
  'base64Binary boolean code date dateTime decimal id instant integer markdown positiveInt string time unsignedInt uri xhtml'.split(
    ' ',
  ),
);

const made = new Map<string, Definition>();

/** The elements of a resource, of a part of one (`Bundle.Entry`) or of a data type; undefined for what is not known here. */
export function definitionOf(name: string): Definition | undefined {
  const before = made.get(name);
  if (before) return before;
  // What a client calls a resource may be the name of something that every object has.
  const text = [RESOURCES, TYPES].find((known) => Object.hasOwn(known, name))?.[name];
  if (text === undefined) return undefined;
  const bare = text.replace(/ @resource$/, '');
  const part = !Object.hasOwn(RESOURCES, name) || name.includes('.');
  const common = part ? 'id string, extension Extension*' : bare === text ? DOMAIN : RESOURCE;
  const modifier = name.includes('.') ? ', modifierExtension Extension*' : '';
  const elements = [...read(common + modifier, name), ...read(bare, name)];
  const definition = new Map(elements.map((element) => [element.name, element]));
  made.set(name, definition);
  return definition;
}

/** True for a resource type whose elements are known here. */
export const isKnownResource = (type: string): boolean => Object.hasOwn(RESOURCES, type) && !type.includes('.');
