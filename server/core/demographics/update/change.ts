/** What an update wants of a record, whatever message it came in. */
import type {
  Gender,
  NhaisRegistration,
  Patient,
  PatientAddress,
  PatientConsent,
  PatientItem,
  PatientName,
  PatientRegistration,
  PatientRelated,
  PatientTelecom,
} from '../../world/types.ts';

export type UpdateMode = 'added' | 'altered' | 'removed';

/** What the sender says of an item; PDS itself gives it an object id and notes who recorded it when. */
export type Content<Item extends PatientItem> = Omit<Item, 'objectId' | 'source' | 'recordedFrom' | 'recordedTo'>;

/** One item of a list. */
export interface ItemChange<Item extends PatientItem> {
  mode: UpdateMode;
  /** Of the item that is altered or removed. */
  objectId?: string | undefined;
  /** What is added or takes its place; absent for a removal. */
  item?: Content<Item> | undefined;
}

/** One fact of which a record has at most one; no value for a removal. */
export interface FactChange<Value> {
  mode: UpdateMode;
  value?: Value | undefined;
  /** When the source was told of it, HL7 digits. */
  notified?: string | undefined;
}

export interface Death {
  /** HL7 digits, 8 or 12. */
  date: string;
  /** 1 informal, 2 formal. */
  status: '1' | '2';
}

export interface PatientUpdate {
  nhsNumber: string;
  /** Serial change number that the sender read. */
  scn: number;
  /** What is altered was never right: it leaves no history. */
  correction: boolean;
  /** By a registration authority, who may take back a death. */
  byAuthority?: boolean;
  names: ItemChange<PatientName>[];
  addresses: ItemChange<PatientAddress>[];
  telecoms: ItemChange<PatientTelecom>[];
  /** The registered practice (no type), pharmacies and suppliers. */
  provisions: ItemChange<PatientRegistration>[];
  related: ItemChange<PatientRelated>[];
  /** One of each type; they have no object ids. */
  consents: ItemChange<PatientConsent>[];
  gender?: FactChange<Gender> | undefined;
  dateOfBirth?: FactChange<string> | undefined;
  death?: FactChange<Death> | undefined;
  birthOrder?: FactChange<number> | undefined;
  birthplace?: FactChange<NonNullable<Patient['birthplace']>> | undefined;
  language?: FactChange<{ language: string; interpreter: boolean }> | undefined;
  contactMethod?: FactChange<{ method?: string; times?: string }> | undefined;
  writtenFormat?: FactChange<string> | undefined;
  healthspace?: FactChange<string> | undefined;
  sharedSecret?: FactChange<string> | undefined;
  nhaisRegistration?: FactChange<NhaisRegistration> | undefined;
  /** Why there is no practice. */
  removal?: FactChange<{ reason: string; date?: string }> | undefined;
}

/** The message that changes a record. */
export type Change = Pick<Stamp, 'source' | 'message'>;

/** Who changes a record, by which message, and when. */
export interface Stamp {
  /** ASID. */
  source: string;
  /** HL7 id of the message. */
  message: string;
  /** HL7 digits to the second. */
  recorded: string;
  /** `YYYY-MM-DD`. */
  today: string;
}
