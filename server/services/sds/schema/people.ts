/** Attributes of users, their employments and role profiles. */
import { nhsAttributes } from './table.ts';

export const people = nhsAttributes(`
  nhsRoles                   1.12     ignore  multi
  nhsAlertMethod             2.1.19   ignore  multi
  nhsAlertBlock              2.1.20   ignore  multi
  nhsAltAlertRecipient       2.1.21   ignore  multi
  nhsWorkGroups              2.1.26   exact   multi
  nhsJobRole                 2.1.44   exact   single
  nhsAreaOfWork              2.1.45   exact   multi
  nhsBusinessFunctions       2.1.46   exact   multi
  nhsSiteNames               2.1.47   ignore  multi
  nhsOCSPRCode               2.1.54   -       multi
  nhsPersonStatus            2.1.55   -       single
  nhsSiteCodes               2.1.56   exact   multi
  nhsDeptCodes               2.1.57   exact   multi
  nhsOrgMail                 2.1.59   ignore  multi
  nhsJobRoleCode             2.1.104  exact   multi
  nhsAreaOfWorkCodes         2.1.105  exact   multi
  nhsBusinessFunctionsCodes  2.1.106  exact   multi
  nhsWorkGroupsCodes         2.1.107  exact   multi
  nhsMiddleNames             2.1.111  -       single
  nhsPuSecret                2.1.113  -       single
  nhsTelUID                  2.1.115  -       single
  nhsGNC                     2.1.125  exact   single
  nhsSupPrescriber           2.1.161  -       single
  nhsPrinOcc                 2.1.162  -       single
  nhsRPSGB                   2.1.163  -       single
  nhsGMC                     2.1.164  exact   single
  nhsGDP                     2.1.165  exact   single
  nhsRCN                     2.1.166  -       single
  nhsConsultant              2.1.167  -       single
  nhsGMP                     2.1.168  exact   single
  nhsGDC                     2.1.169  -       single
  nhsNMC                     2.1.170  -       single
`);
