/** One content record of an LDIF file (RFC 2849). */
export interface LdifRecord {
  dn: string;
  /** In the order of the file, values of a name together; names as written. */
  attributes: [name: string, values: string[]][];
  /** Line of the file where the record begins, from 1. */
  line: number;
}

/** Something in a file that was passed over, or is loaded although it breaks a rule. */
export interface LdifWarning {
  line: number;
  message: string;
}
