/** Attributes of the reference data lists, of workgroups with their legitimate-relationship timers, and of the change log. */
import { nhsAttributes } from './table.ts';

export const referenceData = nhsAttributes(`
  nhsRA          2.1.43   -       single
  nhsList2Code   2.1.100  -       multi
  nhsList2Name   2.1.101  -       multi
  nhsList1Code   2.1.102  -       multi
  nhsList1Name   2.1.103  -       multi
  nhsList3Name   2.1.108  -       multi
  nhsList3Code   2.1.109  -       multi
  nhsWgClosed    2.1.131  exact   single
  nhsWgRoot      2.1.134  exact   single
  nhsPwgId       2.1.135  -       single
  nhsCwgId       2.1.136  exact   multi
  nhsLegalEst    2.1.137  -       single
  nhsWgType      2.1.138  exact   single
  nhsCreateDate  2.1.171  -       single
  nhsStatus      2.1.174  -       single
  nhsWgStatus    2.1.178  -       single
  nhsXPwgId      2.1.179  -       multi
  nhsXCwgId      2.1.180  -       multi
  nhsRestricted  2.1.239  -       single
`);

/** Timers of legitimate relationships that a workgroup sets. */
export const relationshipTimers = nhsAttributes(`
  nhsLrOrderExpiry       2.1.139  -       single
  nhsLrExprsExpiry       2.1.140  -       single
  nhsLrCpmlnExpiry       2.1.141  -       single
  nhsLrRefAbanFreeze     2.1.142  -       single
  nhsLrRefDisFreeze      2.1.143  -       single
  nhsLrRefAccFreeze      2.1.144  -       single
  nhsLrRefExpFreeze      2.1.145  -       single
  nhsLrRegFreeze         2.1.146  -       single
  nhsLrRegExpiry         2.1.147  -       single
  nhsLrSrefFreeze        2.1.148  -       single
  nhsLrRefPostAccFreeze  2.1.149  -       single
  nhsLrRefAccExpiry      2.1.150  -       single
  nhsLrCreateExpiry      2.1.151  -       single
  nhsLrCloseExpiry       2.1.152  -       single
  nhsLrGrantExpiry       2.1.153  -       single
  nhsLrSelfExpiry        2.1.154  -       single
  nhsLrGPDeregFreeze     2.1.228  -       single
  nhsLrGPDeregExpiry     2.1.229  -       single
`);

/**
 * The external change log. `changenumber` is compared although the published definition gives it no rule: a client looks
 * its records up one by one.
 */
export const changeLog = nhsAttributes(`
  nhsEBS             2.1.281  -       multi
  firstchangenumber  2.1.296  -       single
  lastchangenumber   2.1.297  -       single
  changenumber       2.1.298  ignore  single
`);
