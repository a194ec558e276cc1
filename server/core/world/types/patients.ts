/** A patient as PDS keeps them. */

/** Fields that PDS keeps for every repeating item. */
export interface PatientItem {
  /** Stable object identifier within the patient, used by updates. */
  objectId: string;
  from?: string;
  to?: string;
  /** ASID of the system that recorded it. */
  source?: string;
  /** When it was recorded and withdrawn, HL7 digits `YYYYMMDDhhmmss`. */
  recordedFrom?: string;
  recordedTo?: string;
}

/** PDS name use codes: L usual, A alias, PREFERRED, PREVIOUS-BIRTH, PREVIOUS-MAIDEN, PREVIOUS. */
export interface PatientName extends PatientItem {
  use: string;
  prefix?: string;
  given: string[];
  family: string;
  suffix?: string;
}

/** PDS address use codes: H home, TMP temporary, PST correspondence, and previous ones by `to`. */
export interface PatientAddress extends PatientItem {
  use: string;
  /** Always five lines, empty ones kept: the message has five streetAddressLine elements. */
  lines: string[];
  postcode?: string;
  pafKey?: string;
  description?: string;
}

export interface PatientTelecom extends PatientItem {
  /** HP, HV, WP, MC, PG, AS, EC ... */
  use: string;
  /** With scheme: `tel:`, `mailto:`, `fax:`, `textphone:`. */
  value: string;
}

/** Registration with a GP practice, or another provider. */
export interface PatientRegistration extends PatientItem {
  /** P1, P2, P3 for pharmacies; absent for the GP practice. */
  type?: string;
  ods: string;
}

export interface PatientRelated extends PatientItem {
  /** Relationship code, for example `NOK`. */
  relation: string;
  nhsNumber?: string;
  name?: PatientName;
  address?: PatientAddress;
  telecoms?: PatientTelecom[];
  order?: number;
  nextOfKin?: boolean;
  /** Gets a copy of correspondence. */
  correspondenceCopy?: boolean;
  /** Class of the role: PRS (the usual one), AGNT, CAREGIVER, GUAR ... */
  role?: string;
  /** Whether a call centre may call this person back: a consent value. */
  callBack?: string;
  contactPreferences?: ContactPreferences;
}

export interface PatientConsent extends PatientItem {
  type: string;
  value: string;
}

export interface ContactPreferences {
  method?: string;
  times?: string;
  writtenFormat?: string;
  interpreter?: boolean;
  language?: string;
}

/** Registration by NHAIS, the registration authority of before: which system holds it. */
export interface NhaisRegistration {
  /** Instance identifier of the system: OID and value. */
  custodian: { root: string; extension: string };
  from?: string;
  to?: string;
}

/** When the source of a fact was told of it, HL7 digits. */
export interface PatientNotifications {
  gender?: string;
  birth?: string;
  birthplace?: string;
  death?: string;
}

export type Gender = '0' | '1' | '2' | '9';

export type RecordWarning = 'confidential-items' | 'data-in-transit' | 'data-awaiting-filing';

/** A patient's demographic record. `history` parts are the items whose `to` has passed. */
export interface Patient {
  nhsNumber: string;
  /** Serial change number: rises by one with each update. */
  scn: number;
  /** HL7 id of the message that changed it last: one that comes again after a failure is not done twice. */
  changedBy?: string;
  /** What a developer uses this record for, shown by the `patients` command and the docs. */
  purpose?: string;
  names: PatientName[];
  gender: Gender;
  genderHistory?: (PatientItem & { gender: Gender })[];
  /** HL7 digits: `YYYY`, `YYYYMM`, `YYYYMMDD`, or with time `YYYYMMDDhhmm`. */
  dateOfBirth?: string;
  birthOrder?: number;
  multipleBirth?: boolean;
  birthplace?: { town?: string; district?: string; country?: string };
  birthWeight?: number;
  dateOfDeath?: string;
  /** 1 informal, 2 formal. */
  deathStatus?: '1' | '2';
  notifications?: PatientNotifications;
  /** Ethnic category, from the birth notification. */
  ethnicGroup?: string;
  /** ODS code of the child health department, from the birth notification. */
  childHealth?: string;
  addresses: PatientAddress[];
  telecoms: PatientTelecom[];
  gp?: PatientRegistration;
  gpHistory?: PatientRegistration[];
  /** Why there is no GP, for example `EMB`, `AFN`. */
  removalReason?: string;
  removalDate?: string;
  nhaisRegistration?: NhaisRegistration;
  pharmacies?: PatientRegistration[];
  related?: PatientRelated[];
  consents?: PatientConsent[];
  contactPreferences?: ContactPreferences;
  language?: string;
  /** HealthSpace registration, a code. */
  healthspace?: string;
  sharedSecret?: string;
  /** Y stop-noted, B business, S sensitive. */
  confidentiality?: 'Y' | 'B' | 'S';
  /** Why the record that the GP practice shows is not complete. */
  recordWarnings?: RecordWarning[];
  invalid?: boolean;
  supersededBy?: string;
  /** On a superseded record: since when the other one stands for it. */
  supersededOn?: string;
  /** NHS numbers that now lead here. */
  oldNumbers?: string[];
  /** Old-style numbers, which are not ten digits (root 2.16.840.1.113883.2.1.3.2.4.3). */
  oldStyleNumbers?: string[];
  /** NHS number of the mother, from the birth notification. */
  mother?: string;
  previousNhsContact?: string;
}
