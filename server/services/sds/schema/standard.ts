/** User attributes of the standards that the directory's classes build on: RFC 4519, 4524, 2798, 2079. */
import { standardAttributes } from './table.ts';

export const standard = standardAttributes(`
  objectClass                   2.5.4.0   oid        .   multi
  name                          2.5.4.41  ignore     .   multi
  distinguishedName             2.5.4.49  dn         .   multi
  cn,commonName                 2.5.4.3   <name>     .   multi
  sn,surname                    2.5.4.4   <name>     .   multi
  serialNumber                  2.5.4.5   ignore     44  multi
  c,countryName                 2.5.4.6   <name>     11  single
  l,localityName                2.5.4.7   <name>     .   multi
  st,stateOrProvinceName        2.5.4.8   <name>     .   multi
  street,streetAddress          2.5.4.9   ignore     .   multi
  o,organizationName            2.5.4.10  <name>     .   multi
  ou,organizationalUnitName     2.5.4.11  <name>     .   multi
  title                         2.5.4.12  <name>     .   multi
  description                   2.5.4.13  ignore     .   multi
  searchGuide                   2.5.4.14  -          25  multi
  businessCategory              2.5.4.15  ignore     .   multi
  postalAddress                 2.5.4.16  list       .   multi
  postalCode                    2.5.4.17  ignore     .   multi
  postOfficeBox                 2.5.4.18  ignore     .   multi
  physicalDeliveryOfficeName    2.5.4.19  ignore     .   multi
  telephoneNumber               2.5.4.20  telephone  .   multi
  telexNumber                   2.5.4.21  -          52  multi
  teletexTerminalIdentifier     2.5.4.22  -          51  multi
  facsimileTelephoneNumber,fax  2.5.4.23  -          22  multi
  x121Address                   2.5.4.24  numeric    .   multi
  internationaliSDNNumber       2.5.4.25  numeric    .   multi
  registeredAddress             2.5.4.26  <postalAddress>  41  multi
  destinationIndicator          2.5.4.27  ignore     44  multi
  preferredDeliveryMethod       2.5.4.28  -          14  single
  seeAlso                       2.5.4.34  <distinguishedName>  .  multi
  userPassword                  2.5.4.35  octets     .   multi
  userCertificate               2.5.4.36  -          8   multi
  givenName,gn                  2.5.4.42  <name>     .   multi
  initials                      2.5.4.43  <name>     .   multi
  generationQualifier           2.5.4.44  <name>     .   multi
  x500UniqueIdentifier          2.5.4.45  -          6   multi

  uid,userid                    0.9.2342.19200300.100.1.1   ignore  .  multi
  mail,rfc822Mailbox            0.9.2342.19200300.100.1.3   ia5     .  multi
  roomNumber                    0.9.2342.19200300.100.1.6   ignore  .  multi
  photo                         0.9.2342.19200300.100.1.7   -      23  multi
  manager                       0.9.2342.19200300.100.1.10  dn      .  multi
  homePhone,homeTelephoneNumber 0.9.2342.19200300.100.1.20  telephone  .  multi
  secretary                     0.9.2342.19200300.100.1.21  dn      .  multi
  dc,domainComponent            0.9.2342.19200300.100.1.25  ia5     .  single
  homePostalAddress             0.9.2342.19200300.100.1.39  list    .  multi
  personalTitle                 0.9.2342.19200300.100.1.40  ignore  .  multi
  mobile,mobileTelephoneNumber  0.9.2342.19200300.100.1.41  telephone  .  multi
  pager,pagerTelephoneNumber    0.9.2342.19200300.100.1.42  telephone  .  multi
  uniqueIdentifier              0.9.2342.19200300.100.1.44  ignore  .  multi  equality-only
  audio                         0.9.2342.19200300.100.1.55  -       4  multi
  jpegPhoto                     0.9.2342.19200300.100.1.60  -      28  multi

  labeledURI                    1.3.6.1.4.1.250.1.57        exact   .  multi
  carLicense                    2.16.840.1.113730.3.1.1     ignore  .  multi
  departmentNumber              2.16.840.1.113730.3.1.2     ignore  .  multi
  employeeNumber                2.16.840.1.113730.3.1.3     ignore  .  single
  employeeType                  2.16.840.1.113730.3.1.4     ignore  .  multi
  preferredLanguage             2.16.840.1.113730.3.1.39    ignore  .  single
  userSMIMECertificate          2.16.840.1.113730.3.1.40    -       5  multi
  userPKCS12                    2.16.840.1.113730.3.1.216   -       5  multi
  displayName                   2.16.840.1.113730.3.1.241   ignore  .  single

  targetDN                      2.16.840.1.113730.3.1.6     dn      .  single
  changeType                    2.16.840.1.113730.3.1.7     ignore  .  single
  changes                       2.16.840.1.113730.3.1.8     octets  .  multi
  changeTime                    2.16.840.1.113730.3.1.77    time    .  single
`);

/** Seen on entries of one client only and with no published OID: this one lies in the arc that RFC 5612 keeps for examples. */
export const undocumented = standardAttributes(`
  nhsTempUid  1.3.6.1.4.1.32473.1.1  ignore  .  single
`);
