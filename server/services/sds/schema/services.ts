/** Attributes of accredited systems (nhsAs) and message handlers (nhsMhs), and of the older model that they replaced. */
import { nhsAttributes } from './table.ts';

export const services = nhsAttributes(`
  nhsIDCode                       1.10     exact   single
  nhsMHSServiceName               2.1.80   exact   single
  nhsMHSCategoryBag               2.1.81   exact   multi
  nhsMHSPartyKey                  2.1.82   ignore  single
  nhsMHSActionName                2.1.83   exact   single
  nhsMHSEndPoint                  2.1.84   exact   multi
  nhsMHSServiceDescription        2.1.85   -       single
  nhsMHSIsAuthenticated           2.1.86   -       single
  nhsMHSPersistDuration           2.1.87   -       single
  nhsMHSRetries                   2.1.88   -       single
  nhsMHSRetryInterval             2.1.89   -       single
  nhsMHSSyncReplyMode             2.1.90   -       single
  nhsMHSAckRequested              2.1.91   -       single
  nhsMHSDuplicateElimination      2.1.92   -       single
  nhsMHSActor                     2.1.93   exact   multi
  nhsAsACF                        2.1.121  exact   multi
  nhsAsSvcIA                      2.1.122  exact   multi
  nhsMhsSvcIA                     2.1.123  exact   single
  nhsMhsCPAId                     2.1.124  exact   single
  nhsMHsSN                        2.1.126  -       single
  nhsMHsIN                        2.1.127  -       single
  nhsProductName                  2.1.157  ignore  single
  nhsProductVersion               2.1.158  ignore  single
  nhsAsClient                     2.1.175  ignore  multi
  nhsAsCategoryBag                2.1.176  ignore  multi
  nhsRequestorURP                 2.1.214  -       single
  nhsDateRequested                2.1.215  -       single
  nhsApproverURP                  2.1.216  -       single
  nhsDateApproved                 2.1.217  -       single
  nhsDNSApprover                  2.1.218  -       single
  nhsDateDNSApproved              2.1.219  -       single
  nhsProductKey                   2.1.220  -       single
  nhsEPInteractionType            2.1.222  -       single
  nhsContractPropertyTemplateKey  2.1.223  -       single
  nhsMhsFQDN                      2.1.224  -       single
  nhsMhsIPAddress                 2.1.225  -       single
  nhsMhsNetwork                   2.1.226  -       single
  nhsMhsSinCode                   2.1.227  -       single
  nhsMhsManufacturerOrg           2.1.299  ignore  single
`);
