/** What to do about each check of an update, an allocation or a birth, by Spine's own name of it. */
import { OID } from '../../core/hl7/oid.ts';

const MANDATORY = 'Send what is named: it is mandatory in this message.';
const REMOVAL = 'Send what is removed with its updateMode, and without what it had.';

export const CHANGES: Readonly<Record<string, string>> = {
  MANDATORY_FIELD_MISSING: MANDATORY,
  MANDATORY_FIELD_MISSING_SUPP_INFO: MANDATORY,
  INSERT_BIRTH_MANDATORY_DATA_MISSING: 'Send the time of birth to the minute: yyyyMMddHHmm.',
  UID_MUST_BE_PROVIDED: `Name what is altered or removed by the id (root ${OID.pdsObject}) that a retrieval shows; what is added has none.`,
  UNSUPPORTED_CHARACTERS_IN_FIELD:
    'Give each addr, telecom and name its use, leave out \\ ^ ~ | and control characters, and write a postcode with its space.',
  ILLEGAL_DATE_FORMAT:
    'Send digits of a day that there is, not in the future; a death has 8 or 12 digits and is not before the birth.',
  HIGH_TIME_NOT_GREATER_THAN_LOW_TIME: 'Send a high that is not before low.',
  MORE_THAN_ONE_USABLE_PERIOD: 'Send one period, and effectiveTime with the registered practice (code 1) only.',
  INVALID_NHS_NUMBER: `Send the ten digits of an NHS number, with the root ${OID.nhsNumber}.`,
  NHS_NUMBER_UNSPECIFIED: `Send patientRole/id with the root ${OID.nhsNumber}.`,

  INCORRECT_NUMBER_OF_ADDRESS_LINES:
    'Send one to five streetAddressLine, of which line 1 or 2, and line 4, are filled.',
  DESCRIPTION_PROVIDED_NO_TEMPORARY_ADDRESS: 'Send desc once, and with the use TMP only.',
  UNEXPECTED_CONTACT_TYPE: 'Begin telecom/@value with tel:, fax:, mailto: or textphone:.',
  UNABLE_TO_DELETE_USUAL_NAME: 'Alter the usual name (use L) instead of removing it.',
  INSUFFICIENT_NAME_DETAILS: 'Send a family or a given name.',
  NO_MORE_THAN_ONE_PREFIX: 'Send one prefix.',
  NO_MORE_THAN_ONE_FAMILY_NAME: 'Send one family name; one of two parts stands in one element.',
  NO_MORE_THAN_ONE_SUFFIX: 'Send one suffix.',
  TOO_MANY_GIVEN_NAMES_5: 'Send at most five given names.',
  TOO_MANY_GIVEN_NAMES_2: 'Send at most two given names of a baby.',

  UNSUPPORTED_PATIENT_CARE: 'Send the code 1 (practice), P1, P2 or P3.',
  UNSUPPORTED_HCP_CODE_TYPE: `Name the provider by an id of the root ${OID.odsOrganisation}, in the element that this message has for it.`,
  INVALID_GPREG: 'Send the ODS code of a practice.',
  GP_PROVDER_RULE86: 'Register with a practice, or tell of a removal or a death: not both in one message.',
  REG_REMOVAL_AND_PCP_MUTUALLY_EXCLUSIVE: 'Add the practice in the message that takes the removal back.',
  UNEXPECTED_DATA_IN_NHAIS_REG_EVENT: REMOVAL,
  UNEXPECTED_DATA_IN_NHAIS_REMOVAL_REG_EVENT: REMOVAL,

  INCONSISTENT_DEATH_UPDATE:
    'Send deceasedTime and, in subjectOf7, deathNotification together, or neither; PdsNhaisUpdateRequest has it in subjectOf1, a birth in 4.',
  DEATH_UPDATE_MODE_INCONSISTENT: 'Give deceasedTime and deathNotification the same updateMode.',
  AUTHOR_UNSPECIFIED_ON_DEATH:
    'Send registeringAuthority, with code and id of who registers the death: in author, in MIM 7.2 in deathNotification/responsibleParty.',
  INVALID_AUTHOR_SPECIFICATION: 'Leave registeringAuthority out where there is no death.',
  AUTHOR_CHANGED_ON_REMOVAL: 'Leave registeringAuthority out where a death is taken back.',
  DECEASED_TIME_CHANGED_ON_REMOVAL: REMOVAL,
  DEATH_NOTIFICATION_CHANGED_ON_REMOVAL: REMOVAL,
  SOURCE_CANNOT_REMOVE_DATE_OF_DEATH:
    'Change the test patient by the admin API, or send it as a registration authority does: PRPA_IN000204UK03 or UK06.',

  GENDER_REMOVAL_NOT_PERMITTED: 'Alter the gender instead of removing it.',
  BIRTHTIME_REMOVAL_NOT_PERMITTED: 'Alter the date of birth instead of removing it.',
  MULTIPLE_BIRTH_ORDER_NUMBER_PROVIDED: REMOVAL,
  LANGUAGE_CHANGED_ON_REMOVAL: REMOVAL,
  WRITTEN_COMM_FORMAT_CHANGED_ON_REMOVAL: REMOVAL,
  HEALTHSPACE_REG_CHANGED_ON_REMOVAL: REMOVAL,
  INVALID_PREFERRED_CONTACT_METHOD: REMOVAL,
  PREFERRED_CONTACT_TIME_EMPTY: 'Send the times as text, or leave pertinentPreferredContactTimes out.',
  MISSING_CODE_FROM_SHARED_SECRET: 'Send code 15 in sharedSecret.',
  MISSING_VALUE_FROM_SHARED_SECRET: 'Send the secret as text in sharedSecret/value.',
  CONSENT_VALUE_CHANGED_ON_REMOVAL: REMOVAL,
  CONSENT_VALUES_CANNOT_BE_REMOVED: 'Alter the consent to record sharing (type 4) instead of removing it.',
  INVALID_DATA_FOR_CALL_CENTRE_CALL_BACK:
    'Leave effectiveTime out of a consent of type 6, and pertinentInformation out of any but those of MIM 4.2.',
  CITY_COUNTY_COUNTRY_MISSING: 'Send city, county or country of the birthplace.',
  UNEXPECTED_DATA_IN_BIRTHPLACE: 'Send each of city, county and country once, and not empty.',
  BIRTHPLACE_CHANGED_ON_REMOVAL: REMOVAL,

  RELATED_PERSON_NAME_ADDRESS_MISSING:
    'Name a related person by player/playedRelatedPatient/id with an NHS number, or by player/name (L) and addr (H).',
  RELATED_PERSON_DATA_INVALID_NHS_SUPPLIED: 'Send the NHS number of a related person, or name and address: not both.',
  RELATED_PERSON_INCORRRECT_ID_FIELDS: 'Send one NHS number of a related person.',
  RELATED_PERSON_CANNOT_PROVIDE_DATE: 'Remove a related person by object id alone.',
  ONLY_USUAL_NAME_SUPPORTED: 'Send the name of a related person with the use L.',
  ONLY_HOME_ADDRESS_SUPPORTED: 'Send the address of a related person with the use H.',
  ONLY_SUPPORTED_FOR_AGENTS: 'Send subjectOf3 with a related person of the class AGNT only.',
  TOO_MANY_TELECOM_ELEMENTS: 'Send at most five telecom of a related person.',

  ASSIGNED_REG_PERSON_MISSING: 'Name the person who registers, or send another authority than NHAIS (code y).',
  INVALID_ASSIGNED_REGISTERING_PERSON: 'Leave out the person who registers: only NHAIS (code y) has one.',
  INVALID_REGISTERING_AUTHORITY_TYPE: 'Send another authority than NHAIS (code y), or PRPA_IN000204UK03.',
  INVALID_BIRTH_WEIGHT: 'Send the weight in grams with four digits: 0950, 3420.',
  SINGLE_MATCH: 'Use the number that is named, or register somebody with another name or date of birth.',
  MULTIPLE_MATCHES: 'Trace the patient, or register somebody with another name or date of birth.',
};
