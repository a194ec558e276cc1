/** Attributes of organisations, sites and departments. */
import { nhsAttributes } from './table.ts';

export const organisations = nhsAttributes(`
  nhsCountry             1.2      exact   single
  nhsOrgType             1.15     -       single
  nhsAltOrgNames         1.16     ignore  multi
  nhsSHAcode             1.23     exact   single
  nhsDHSCcode            2.1.30   -       single
  nhsOrgOpenDate         2.1.32   -       single
  nhsOrgCloseDate        2.1.33   -       single
  nhsOrgSubType          2.1.34   exact   multi
  nhsParentOrgCode       2.1.35   -       single
  nhsJoinDate            2.1.36   -       single
  nhsLeftDate            2.1.37   -       single
  nhsPCTCode             2.1.42   ignore  single
  nhsOCSPredecessor      2.1.52   exact   multi
  nhsOCSSuccessor        2.1.53   -       multi
  nhsOrgTypeCode         2.1.234  exact   single
  nhsSyntheticIndicator  2.1.235  -       single
  nhsNN4BName            2.1.244  -       single
  nhsNN4BCode            2.1.245  -       single
`);
