/** Births as maternity systems tell them. */
import { CLIENT, SPINE } from '../messaging/requests.ts';

const SOAP = 'http://www.w3.org/2001/12/soap-envelope';
const SERVICE = 'http://spine.nhs.uk/spine-servicev1.0';
const NASP = 'http://national.carerecords.nhs.uk/schema/';
const NHS = '2.16.840.1.113883.2.1.4.1';

export interface Birth {
  messageId?: string;
  fromAsid?: string;
  interactionId?: string;
  root?: string;
  number?: string;
  weight?: string;
  /** Put into the payload, for example a death. */
  extra?: string;
  deceased?: string;
}

export function insertBirth(birth: Birth = {}): string {
  const { messageId = 'NN4B-0001', fromAsid = CLIENT, root = NHS, number = '9997770013', weight = '3420' } = birth;
  const interactionId = birth.interactionId ?? 'urn:spine:interactionid:insertbirthrequest';
  return `<s:Envelope xmlns:s="${SOAP}"><s:Header><requestHeader xmlns="${SERVICE}"><messageId>${messageId}</messageId>
<serviceId>urn:nhs:names:services:pds</serviceId><interactionId>${interactionId}</interactionId>
<orgAddressContext><toAC root="1.2.826.0.1285.0.2.0.107" extension="${SPINE}"/><fromAC root="1.2.826.0.1285.0.2.0.107" extension="${fromAsid}"/></orgAddressContext>
<authorId root="1.2.826.0.1285.0.2.0.65" extension="555000000101"/></requestHeader></s:Header>
<s:Body><servicePayload xmlns="${SERVICE}"><insertBirthRequestPayload xmlns="${NASP}">
<babyTracing><birthOrder>1</birthOrder><birthWeight>${weight}</birthWeight><mothersNHSNumber><root>${NHS}</root><extension>9996010007</extension></mothersNHSNumber></babyTracing>
<partnerChildHealth><childHealthOrganisationCode><root>1.2.826.0.1285.0.1.10</root><extension>Z98</extension></childHealthOrganisationCode></partnerChildHealth>
<clinical><ethnicCategory>A</ethnicCategory><gestationAge>39</gestationAge><noOfBirthsInConfinement>1</noOfBirthsInConfinement><stillBornIndicator>1</stillBornIndicator><suspectedCongenitalAbnormality>N</suspectedCongenitalAbnormality></clinical>
<deliveryPlace><deliveryPlaceType>0</deliveryPlaceType></deliveryPlace>
<mothersDetails><mothersFamilyName>Fennelmere</mothersFamilyName><mothersGivenNames>Brisella</mothersGivenNames></mothersDetails>
<notifyingPerson><notifyingPersonFamilyName>Brackwater</notifyingPersonFamilyName><notifyingPersonGivenNames>Tansy</notifyingPersonGivenNames></notifyingPerson>
<patient><administrativeGenderCode>2</administrativeGenderCode><birthTime><value>20260228041500</value></birthTime>${birth.deceased ?? ''}<id><root>${root}</root><extension>${number}</extension></id></patient>
<patientCareProvision><code>1</code><id><root>2.16.840.1.113883.2.1.4.3</root><extension>Z99901</extension></id><seniorPartnerName>Dr Example</seniorPartnerName></patientCareProvision>
<personAddress><use>H</use><addressLine/><addressLine>132 Gorse Rise</addressLine><addressLine/><addressLine>Sampleton</addressLine><addressLine/><postalCode>ZZ99 3VZ</postalCode></personAddress>
<personName><use>L</use><given>Baby</given><family>Fennelmere</family></personName>
<registeringAuthority><organisationId>Z99</organisationId><type>x</type></registeringAuthority>${birth.extra ?? ''}
</insertBirthRequestPayload></servicePayload></s:Body></s:Envelope>`;
}
