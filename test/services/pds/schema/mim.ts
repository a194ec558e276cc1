/**
 * The messages of PDS as the public message implementation manuals describe them: names, order, how often, types of values.
 * Written from the descriptions, and with nothing of the server's own: it is there to disagree with it.
 */
import { Schema } from './shape.ts';

const PEOPLE = `
SCN [typeCode=PERT]
  pertinentSerialChangeNumber [classCode=OBS moodCode=EVN]
    code = CV:observation2
    value = INT
DeathNotification
  deathNotification [classCode=OBS moodCode=EVN]
    code = CV:observation3
    value = CV:death
PreviousContact
  previousNhsContact [classCode=OBS moodCode=EVN]
    code = CV:observation17
    value = CV:previousContact
Consent
  consent [classCode=OBS moodCode=EVN]
    code = CV:consentType
    effectiveTime? = TS
    value = CV:consent
ContactMethod
  preferredContactMethod [classCode=OBS moodCode=EVN]
    code = CV:observation9
    value? = CV:contactMethod
    pertinentInformation? [typeCode=PERT]
      pertinentPreferredContactTimes [classCode=OBS moodCode=EVN]
        code = CV:observation10
        value = ST
WrittenFormat
  preferredWrittenCommunicationFormat [classCode=OBS moodCode=EVN]
    code = CV:observation13
    value = CV:writtenFormat
Language
  languageCode = CV:language
  preferenceInd = BL
  proficiencyLevelCode = CV:interpreter
Source
  code = CV:source
  value = II:asid
Recorded
  systemEffectiveDate [classCode=OBS moodCode=EVN]
    code = CV:recorded
    value = IVL
MatchingLevel
  matchingLevel [classCode=OBS moodCode=EVN]
    code = CV:observation12
    value = percent
Birthplace
  addr = PLACE
`;

/** COCT_MT000201, 202, 203: addresses, contacts and names as parts. */
const parts = (version: string, source: string) => `
AddressPart${version}
  addr = AD
  subjectOf1? [typeCode=SBJ]
    ${source} [classCode=OBS moodCode=EVN] = Source
  subjectOf2? [typeCode=SBJ] = Recorded
ContactPart${version}
  telecom = TEL
  subjectOf1? [typeCode=SBJ]
    ${source} [classCode=OBS moodCode=EVN] = Source
  subjectOf2? [typeCode=SBJ] = Recorded
NamePart${version}
  partPerson [classCode=PSN determinerCode=INSTANCE]
    name = PN
  subjectOf1? [typeCode=SBJ]
    ${source} [classCode=OBS moodCode=EVN] = Source
  subjectOf2? [typeCode=SBJ] = Recorded
`;

const related = (version: string, source: string) => `
RelatedPerson${version}
  code = CV:relationship
  effectiveTime? = IVL
  id = II:objectId
  positionNumber? = INT
  part3? [typeCode=PART]
    partNextOfKin [classCode=NOK]
      code = CV:nextOfKin
  part4? [typeCode=PART]
    partCorrespondence [classCode=CON]
      code = CV:correspondence
  player? [classCode=PSN determinerCode=INSTANCE]
    languageCommunication? = Language
    playedRelatedPatient? [classCode=PAT]
      id = II:nhsNumber
    COCT_MT000202${version}.PartOfWhole* [classCode=PART] = ContactPart${version}
    COCT_MT000201${version}.PartOfWhole? [classCode=PART] = AddressPart${version}
    COCT_MT000203${version}.PartOfWhole? [classCode=PART] = NamePart${version}
  subjectOf1? [typeCode=SBJ] = ContactMethod
  subjectOf2? [typeCode=SBJ] = WrittenFormat
  subjectOf3? [typeCode=SBJ]
    callCentreCallBackConsent [classCode=OBS moodCode=EVN]
      code = CV:consentType
      value = CV:consent
  subjectOf4? [typeCode=SBJ]
    ${source} [classCode=OBS moodCode=EVN] = Source
  subjectOf5? [typeCode=SBJ] = Recorded
`;

const role = (removal: string) => `
    replacementOf* [typeCode=REPL]
      oldVersion [classCode=PAT]
        effectiveTime? = IVL
        id = II:nhsNumber
    subjectOf1? [typeCode=SBJ]
      healthspaceRegistration [classCode=OBS moodCode=EVN]
        code = CV:observation8
        value = CV:healthspace
    subjectOf2? [typeCode=SBJ] = DeathNotification
    subjectOf3* [typeCode=SBJ] = Consent
    subjectOf4? [typeCode=SBJ] = ContactMethod
    subjectOf5? [typeCode=SBJ] = WrittenFormat
    subjectOf6? [typeCode=SBJ]
      sharedSecret [classCode=OBS moodCode=EVN]
        code = CV:observation15
        value = ST
    subjectOf7? [typeCode=SBJ]
      nHAISRegistrationEvent [classCode=REG moodCode=EVN]
        code = CV:registration01
        effectiveTime? = IVL
        custodian [typeCode=CST]
          assignedDevice [classCode=ASSIGNED]
            id = II:any
    subjectOf8? [typeCode=SBJ] = PreviousContact
    subjectOf9? [typeCode=SBJ]
${removal}
`;

/** PRPA_MT000201UK03: the record of MIM 6.3. */
export const RECORD_63 = new Schema(`
${PEOPLE}${parts('UK02', 'sourceSourceIdentified')}${related('UK02', 'relatedPersonRoleSourceSourceIdentified')}
PDSResponse [classCode=OBS moodCode=EVN]
  pertinentInformation [typeCode=PERT] = SCN
  subject [typeCode=SBJ]
   patientRole [classCode=PAT]
    confidentialityCode? = CV:sensitivity
    id = II:nhsNumber
    patientPerson? [classCode=PSN determinerCode=INSTANCE]
      administrativeGenderCode? = CV:gender
      birthTime? = TS
      deceasedTime? = TS
      multipleBirthOrderNumber? = INT
      birthplace? [classCode=BIRTHPL] = Birthplace
      languageCommunication? = Language
      playedOtherProviderPatient* [classCode=PAT]
        subjectOf [typeCode=SBJ]
          patientCareProvisionEvent [classCode=PCPR moodCode=EVN]
            code = CV:provision
            effectiveTime? = IVL
            id = II:objectId
            performer [typeCode=PRF]
              assignedEntity [classCode=ASSIGNED]
                id = II:ods
            subjectOf1? [typeCode=SUBJ] = Recorded
            subjectOf2? [typeCode=SUBJ]
              sourceSourceIdentified [classCode=OBS moodCode=EVN] = Source
      scopedRelatedPersonRole* [classCode=*] = RelatedPersonUK02
      COCT_MT000201UK02.PartOfWhole* [classCode=PART] = AddressPartUK02
      COCT_MT000202UK02.PartOfWhole* [classCode=PART] = ContactPartUK02
      COCT_MT000203UK02.PartOfWhole* [classCode=PART] = NamePartUK02
${role(`
      nHAISRemovalRegistrationEvent [classCode=REG moodCode=EVN]
        code = CV:registration02
        effectiveTime? = IVL
        reasonCode = CV:removal`)}
`);

const fact = (name: string, inner: string) => `
      ${name}? [classCode=PART]
        partPerson [classCode=PSN determinerCode=INSTANCE]
          ${inner}
        subjectOf? [typeCode=SBJ]
          notificationTime [classCode=OBS moodCode=EVN]
            code = CV:observation45
            value = TS`;

/** PRPA_MT000201UK06: the record of MIM 7.2. */
export const RECORD_72 = new Schema(`
${PEOPLE}${parts('UK03', 'COCT_MT000205UK01.SourceIdentified')}${related('UK03', 'COCT_MT000205UK01.SourceIdentified')}
PDSResponse [classCode=OBS moodCode=EVN]
  pertinentInformation [typeCode=PERT] = SCN
  subject [typeCode=SBJ]
   patientRole [classCode=PAT]
    confidentialityCode? = CV:sensitivity72
    id = II:nhsNumber
    patientPerson? [classCode=PSN determinerCode=INSTANCE]
      multipleBirthOrderNumber? = INT
      languageCommunication? = Language
      playedOtherProviderPatient* [classCode=PAT]
        subjectOf [typeCode=SBJ]
          patientCareProvision [classCode=PCPR moodCode=EVN]
            code = CV:provision
            effectiveTime? = IVL
            id = II:objectId
            performer [typeCode=PRF]
              assignedEntity [classCode=ASSIGNED]
                id = II:ods
            subjectOf1? [typeCode=SUBJ] = Recorded
            subjectOf2? [typeCode=SUBJ]
              COCT_MT000205UK01.SourceIdentified [classCode=OBS moodCode=EVN] = Source
      scopedRelatedPersonRole* [classCode=*] = RelatedPersonUK03
      COCT_MT000201UK03.PartOfWhole* [classCode=PART] = AddressPartUK03
${fact('COCT_MT000209UK01.PartAdminGenderCode', 'administrativeGenderCode = CV:gender')}
${fact('COCT_MT000210UK01.PartBirthTime', 'birthTime = TS')}
${fact('COCT_MT000211UK01.PartDeceasedTime', 'deceasedTime = TS')}
      COCT_MT000202UK03.PartOfWhole* [classCode=PART] = ContactPartUK03
${fact('COCT_MT000208UK01.BirthPlace', 'birthplace [classCode=BIRTHPL] = Birthplace')}
      COCT_MT000203UK03.PartOfWhole* [classCode=PART] = NamePartUK03
${role(`
      pCRemovalRegistrationEvent [classCode=REG moodCode=EVN]
        code = CV:registration04
        effectiveTime? = IVL
        reasonCode = CV:removal`)}
`);

const provision42 = (id: string) => `
      playedOtherProviderPatient* [classCode=PAT]
        subjectOf [typeCode=SBJ]
          patientCareProvision [classCode=PCPR moodCode=EVN]
            ${id}
            code = CV:provision
            effectiveTime? = IVL
            responsibleParty [typeCode=RESP]
              healthCareProvider [classCode=PROV]
                id = II:ods`;

const role42 = (id: string, more = '') => `
    id = II:nhsNumber
    addr* = AD
    telecom* = TEL
    confidentialityCode? = CV:sensitivity
    patientPerson? [classCode=PSN determinerCode=INSTANCE]
      name* = PN
      administrativeGenderCode? = CV:gender
      birthTime? = TS
      deceasedTime? = TS
      multipleBirthOrderNumber? = INT${more}${provision42(id)}`;

/** PRPA_MT040101UK31: the record of MIM 4.2. */
export const RECORD_42 = new Schema(`
${PEOPLE}
PdsSuccessfulRetrieval [classCode=OBS moodCode=EVN]
  subject [typeCode=SBJ]
   patientRole [classCode=PAT]
${role42('id = II:objectId')}
  pertinentInformation [typeCode=PERT] = SCN
`);

/** What the simulator writes when it is to show the whole record in MIM 4.2; no description of it is public. */
export const RECORD_42_WHOLE = new Schema(`
${PEOPLE}${related('UK02', 'x')
  .replace('COCT_MT000202UK02.PartOfWhole* [classCode=PART] = ContactPartUK02', 'telecom* = TEL')
  .replace('COCT_MT000201UK02.PartOfWhole? [classCode=PART] = AddressPartUK02', 'addr? = AD')
  .replace('COCT_MT000203UK02.PartOfWhole? [classCode=PART] = NamePartUK02', 'name? = PN')}
PdsSuccessfulRetrieval [classCode=OBS moodCode=EVN]
  subject [typeCode=SBJ]
   patientRole [classCode=PAT]
${role42(
  'id = II:objectId',
  `
      birthplace? [classCode=BIRTHPL] = Birthplace
      languageCommunication? = Language`,
)}
      scopedRelatedPersonRole* [classCode=*] = RelatedPersonUK02
${role('      none = ANY')}
  pertinentInformation [typeCode=PERT] = SCN
`);

/** The match of MIM 4.2, of a simple and of an advanced trace. */
export const MATCH_42 = new Schema(`
${PEOPLE}
PdsTraceMatch [classCode=OBS moodCode=EVN]
  subject+ [typeCode=SBJ]
   patientRole [classCode=PAT]
${role42('')}
    subjectOf1 [typeCode=SBJ] = MatchingLevel
`);

const match63 = (name: string) => `
    addr* = AD
    confidentialityCode? = CV:sensitivity
    id = II:nhsNumber
    telecom* = TEL
    patientPerson? [classCode=PSN determinerCode=INSTANCE]
      administrativeGenderCode = CV:gender
      birthTime = TS
      deceasedTime? = TS
      multipleBirthOrderNumber? = INT
      name${name} = PN
      playedOtherProviderPatient? [classCode=PAT]
        subjectOf [typeCode=SBJ]
          patientCareProvision [classCode=PCPR moodCode=EVN]
            code = CV:practice
            effectiveTime? = IVL
            performer [typeCode=PRF]
              assignedOrganization [classCode=ASSIGNED]
                id = II:ods`;

/** PRPA_MT000200UK01: one person who was traced. */
export const MATCH_63 = new Schema(`
${PEOPLE}
PdsTraceMatch [classCode=OBS moodCode=EVN]
  subject [typeCode=SBJ]
   patientRole [classCode=PAT]
${match63('*')}
    subjectOf2? [typeCode=SBJ] = PreviousContact
    subjectOf3? [typeCode=SBJ] = DeathNotification
`);

/** QUPA_IN000015UK02: the person whose number was verified. */
export const CROSS_CHECK_63 = new Schema(`
${PEOPLE}
PDSResponse [classCode=OBS moodCode=EVN]
  subject [typeCode=SBJ]
   patientRole [classCode=PAT]
${match63('*')}
    subjectOf2? [typeCode=SBJ] = DeathNotification
    subjectOf8? [typeCode=SBJ] = PreviousContact
`);

/** QUPA_IN000010UK02 and UK04, which differ in the codes of sensitivity. */
const confirmation = (sensitivity: string) =>
  new Schema(`
${PEOPLE}
PdsNhsNumberConfirmation [classCode=OBS moodCode=EVN]
  pertinentInformation [typeCode=PERT] = SCN
  subject [typeCode=SBJ]
   patientRole [classCode=PAT]
    confidentialityCode? = CV:${sensitivity}
    id = II:nhsNumber
    patientPerson [classCode=PSN determinerCode=INSTANCE]
      administrativeGenderCode = CV:gender
      birthTime? = TS
      deceasedTime? = TS
      name* = PN
    subjectOf2? [typeCode=SBJ] = DeathNotification
`);
export const CONFIRMATION_63 = confirmation('sensitivity');
export const CONFIRMATION_72 = confirmation('sensitivity72');

/** QUPA_IN070000UK30, as the retrieval of its generation is ordered. */
export const CONFIRMATION_42 = new Schema(`
${PEOPLE}
PdsNhsNumberConfirmation [classCode=OBS moodCode=EVN]
  subject [typeCode=SBJ]
   patientRole [classCode=PAT]
    id = II:nhsNumber
    confidentialityCode? = CV:sensitivity
    patientPerson [classCode=PSN determinerCode=INSTANCE]
      name = PN
      administrativeGenderCode = CV:gender
      birthTime? = TS
      deceasedTime? = TS
  pertinentInformation [typeCode=PERT] = SCN
`);

/** QUPA_IN000011UK02 (PRPA_MT000207) and UK05: all people who were traced; their parts are in another order. */
const matches = (version: string, source: string, sensitivity: string, order: string[]) => {
  const parts203: Record<string, string> = {
    '201': `COCT_MT000201${version}.PartOfWhole* [classCode=PART] = AddressPart${version}`,
    '202': `COCT_MT000202${version}.PartOfWhole* [classCode=PART] = ContactPart${version}`,
    '203': `COCT_MT000203${version}.PartOfWhole* [classCode=PART] = NamePart${version}`,
  };
  return new Schema(`
${PEOPLE}${parts(version, source)}
PdsTraceMatch [classCode=OBS moodCode=EVN]
  subject+ [typeCode=SBJ]
   patientRole [classCode=PAT]
    confidentialityCode? = CV:${sensitivity}
    id = II:nhsNumber
    patientPerson [classCode=PSN determinerCode=INSTANCE]
      administrativeGenderCode = CV:gender
      birthTime? = TS
      deceasedTime? = TS
      multipleBirthOrderNumber? = INT
      playedOtherProviderPatient* [classCode=PAT]
        subjectOf [typeCode=SBJ]
          patientCareProvision [classCode=PCPR moodCode=EVN]
            code = CV:practice
            effectiveTime? = IVL
            performer [typeCode=PRF]
              assignedEntity [classCode=ASSIGNED]
                id = II:ods
            subjectOf1? [typeCode=SUBJ]
              ${source} [classCode=OBS moodCode=EVN] = Source
            subjectOf2? [typeCode=SUBJ] = Recorded
      ${order.map((type) => parts203[type]).join('\n      ')}
    subjectOf1 [typeCode=SBJ] = MatchingLevel
    subjectOf2? [typeCode=SBJ] = PreviousContact
    subjectOf3? [typeCode=SBJ] = DeathNotification
`);
};
export const MATCHES_63 = matches('UK02', 'sourceSourceIdentified', 'sensitivity', ['201', '202', '203']);
export const MATCHES_72 = matches('UK03', 'COCT_MT000205UK01.SourceIdentified', 'sensitivity72', ['203', '201', '202']);

/** PRPA_IN000202UK01, 150000UK30, 000209. */
export const UPDATED = new Schema(`
${PEOPLE}
PdsSuccessfulUpdateResponse [classCode=REG moodCode=EVN]
  pertinentInformation [typeCode=PERT] = SCN
`);

/** PRPA_IN000201UK01 and 000206UK01. */
export const REGISTERED = new Schema(`
${PEOPLE}
PdsRegistrationResponse [classCode=REG moodCode=EVN]
  pertinentInformation [typeCode=PERT] = SCN
  subject [typeCode=SBJ]
    patientRole [classCode=PAT]
      id = II:nhsNumber
`);

/** PRPA_IN060000UK30: the same, the subject first. */
export const REGISTERED_42 = new Schema(`
${PEOPLE}
PdsRegistrationResponse [classCode=REG moodCode=EVN]
  subject [typeCode=SBJ]
    patientRole [classCode=PAT]
      id = II:nhsNumber
  pertinentInformation [typeCode=PERT] = SCN
`);

/** PRPA_MT000210UK03: records that a birth may double. */
export const DUPLICATES = new Schema(`
${PEOPLE}${parts('UK02', 'sourceSourceIdentified')}
PdsRegistrationResponse [classCode=REG moodCode=EVN]
  subject+ [typeCode=SBJ]
   patientRole [classCode=PAT]
    confidentialityCode? = CV:sensitivity
    id = II:nhsNumber
    babyOf [typeCode=BBY]
      obstetricCareProvision [classCode=PCPR moodCode=EVN]
        code = CV:obstetric
        primaryInformationRecipient [typeCode=PRCP]
          partnerChildHealth [classCode=ASSIGNED]
            id = II:organisation
        recordTarget [typeCode=RCT]
          patient [classCode=PAT]
            id? = II:nhsNumber
            patientMother [classCode=PSN determinerCode=INSTANCE]
              birthTime? = TS
              name = PN
    patientPerson [classCode=PSN determinerCode=INSTANCE]
      administrativeGenderCode = CV:gender
      birthTime = TS
      multipleBirthOrderNumber? = INT
      COCT_MT000203UK02.PartOfWhole* [classCode=PART] = NamePartUK02
      COCT_MT000201UK02.PartOfWhole+ [classCode=PART] = AddressPartUK02
    subjectOf [typeCode=SBJ]
      birthWeight [classCode=OBS moodCode=EVN]
        code = CV:snomed
        value = INT
`);

const clinical = (component: string, element: string, value: string) => `
        ${component} [typeCode=COMP]
          ${element} [classCode=OBS moodCode=EVN]
            code = CV:snomed
            value = ${value}`;

/** PRPA_MT000212UK03: the birth that PDS tells a child health department of. */
export const BIRTH_NOTIFICATION = new Schema(`
${PEOPLE}
PdsRegistrationEvent [classCode=REG moodCode=EVN]
  author [typeCode=AUT]
    registeringAuthority [classCode=ASSIGNED]
      code = CV:authority
      id = II:organisation
  subject [typeCode=SBJ]
   patient [classCode=PAT]
    addr{1,2} = AD
    id = II:nhsNumber
    telecom* = TEL
    babyOf [typeCode=BBY]
      obstetricCareProvision [classCode=PCPR moodCode=EVN]
        code = CV:obstetric
        author? [typeCode=AUT]
          notifier [classCode=ASSIGNED]
            assignedNotifierPerson [classCode=PSN determinerCode=INSTANCE]
              name = PN
        location [typeCode=LOC]
          participantIdentifiedDeliveryLocation [classCode=LOCE]
            code = CV:deliveryLocation
            id = II:organisation
            locatedPlaceOfBirth? [classCode=PLC determinerCode=INSTANCE]
              addr = PLACE
              name? = ST
        primaryInformationRecipient [typeCode=PRCP]
          partnerChildHealth [classCode=ASSIGNED]
            id = II:organisation
        recordTarget [typeCode=RCT]
          mother [classCode=PAT]
            id? = II:nhsNumber
            patientMotherPerson [classCode=PSN determinerCode=INSTANCE]
              birthTime? = TS
              name = PN
            subjectOf [typeCode=SBJ]
              primaryCareProvision [classCode=PCPR moodCode=EVN]
                code = CV:practice
                effectiveTime? = IVL
                performer [typeCode=PRF]
                  primaryCareProviderWithDetail [classCode=PROV]
                    id? = II:ods
                    healthCarePrimaryCarePractice [classCode=ORG determinerCode=INSTANCE]
                      addr = LINES
                      name? = ST
        tracker? [typeCode=TRC]
          responsibleChildHealth [classCode=ASSIGNED]
            id = II:organisation
    patientPerson [classCode=PSN determinerCode=INSTANCE]
      administrativeGenderCode = CV:gender
      birthTime = TS
      deceasedTime? = TS
      ethnicGroupCode = CV:ethnic
      multipleBirthOrderNumber = INT
      name? = PN
    subjectOf1 [typeCode=SBJ]
      birthWeight [classCode=OBS moodCode=EVN]
        code = CV:snomed
        value = INT
    subjectOf2? [typeCode=SBJ]
      clinicalInformation [classCode=COMPOSITION moodCode=EVN]
${clinical('component1?', 'suspectedCongenitalAbnormality', 'CV:abnormality')}
${clinical('component2', 'stillbirthIndicator', 'CV:stillbirth')}
${clinical('component3', 'numberOfFoetusInConfinement', 'INT')}
${clinical('component4', 'gestationAge', 'INT')}
    subjectOf4? [typeCode=SBJ] = DeathNotification
`);

/** The transmission wrapper round every answer; its subject is looked at by one of the above. */
/** `acknowledges`: false for what Spine says unasked. */
export const WRAPPER = (interaction: string, contextConduction: boolean, acknowledges = true): Schema =>
  new Schema(`
Device
  device [classCode=DEV determinerCode=INSTANCE]
    id = II:asid
${interaction}
  id = II:uuid
  creationTime = second
  versionCode = CV:version
  interactionId = II:interaction
  processingCode = CV:processing
  processingModeCode = CV:mode
  acceptAckCode = CV:acceptAck
${
  acknowledges
    ? `  acknowledgement [typeCode=${interaction === 'QUQI_IN010000UK14' || interaction === 'MCCI_IN010000UK13' ? 'AE' : 'AA'}]
    messageRef
      id = II:uuid`
    : ''
}
  communicationFunctionRcv [typeCode=RCV] = Device
  communicationFunctionSnd [typeCode=SND] = Device
  ControlActEvent [classCode=CACT moodCode=EVN]
    author1 [typeCode=AUT]
      AgentSystemSDS [classCode=AGNT]
        agentSystemSDS [classCode=DEV determinerCode=INSTANCE]
          id = II:asid
    reason* [typeCode=RSON]
      justifyingDetectedIssueEvent [classCode=ALRT moodCode=EVN]
        code = issue
    subject? [typeCode=SUBJ${contextConduction ? ' contextConductionInd=false' : ''}] = ANY
    queryAck? [type=QueryAck]
      queryResponseCode = CV:response
`);
