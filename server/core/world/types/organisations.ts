/** Organisations, and addresses as the gazetteer has them. */

/** An organisation of the Organisation Data Service, as SDS shows it under `ou=Organisations`. */
export interface Organisation {
  /** ODS code, upper case, 3 to 9 characters. */
  ods: string;
  /** Upper case on the wire; no comma, because role lists are split on commas by real clients. */
  name: string;
  /** nhsOrgTypeCode, for example `PR`. */
  typeCode: string;
  /** nhsOrgType, for example `GP Practice`. */
  type: string;
  subTypes?: string[];
  /** Always five lines, empty ones kept: the directory joins them by `$`. */
  address: string[];
  postcode?: string;
  town?: string;
  phone?: string;
  parent?: string;
  pct?: string;
  sha?: string;
  openDate?: string;
  closeDate?: string;
  country?: string;
  /** A site or department of its parent, below which the directory shows it. */
  part?: 'site' | 'department';
  alternativeNames?: string[];
  /** Codes of the organisations that it came from, and that came of it. */
  predecessors?: string[];
  successors?: string[];
  joinDate?: string;
  leftDate?: string;
  /** Code of the regional office, such as `Y52`. */
  dhsc?: string;
  /** As NHS Numbers for Babies knows it. */
  nn4bName?: string;
  nn4bCode?: string;
  fax?: string;
  email?: string;
  website?: string;
}

/** A postal address as the gazetteer lists it. */
export interface PostalAddress {
  /** addressKey: the key of the Postcode Address File, digits. */
  key: string;
  /** Up to three: house name or number with the street first. */
  lines: string[];
  /** Capitals, as the gazetteer answers them; so are postcode and country. */
  town: string;
  county?: string;
  /** With its space. */
  postcode: string;
  country: string;
}
