/** SOAP answers of the synchronous service, all with HTTP 200: success, query error, reject. */
import { SERVICE_PREFIX } from '../soap/action.ts';
import { NS } from '../xml/namespaces.ts';
import { attributes, textElement, xml } from '../xml/template.ts';
import { type InteractionFields, writeDevice, writeInteraction } from './interaction.ts';

export interface SyncAnswerFields extends InteractionFields {
  /** Service of the answer's wsa:Action, such as `urn:nhs:names:services:pdsquery`. */
  service: string;
  /** Element of the body round the interaction, such as `retrievalQueryResponse`; empty for none. */
  responseName: string;
  /** wsa:To; empty writes an empty element. */
  to: string;
  /** Address of wsa:From. */
  from: string;
  /** wsa:MessageID of the request as it was, `uuid:` included. */
  relatesTo: string;
  /** Clients look for the literal prefix: `SOAP-ENV` (the default) on success and query errors, `SOAP` on rejects. */
  soapPrefix?: 'SOAP-ENV' | 'SOAP';
  /** All declarations of the Envelope by attribute name, for services that write others than the usual. */
  namespaces?: Readonly<Record<string, string>>;
}

/** Spine's serialiser writes it with single quotes. */
export const SPINE_DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>\n";

/** What From says in answers that do not name the service itself. */
export function syncServiceAddress(service: string): string {
  const name = service.startsWith(SERVICE_PREFIX) ? service.slice(SERVICE_PREFIX.length) : service;
  return `https://${name}.national.ncrs.nhs.uk/syncservice`;
}

/** Declarations of Spine's answers, in their order; `soap` stands for the prefix of the envelope. */
function declarations(soapPrefix: string): Record<string, string> {
  return {
    'xmlns:crs': NS.crs,
    [`xmlns:${soapPrefix}`]: NS.soap11,
    'xmlns:wsa': NS.wsa200408,
    xmlns: NS.hl7,
    'xmlns:hl7': NS.hl7,
  };
}

/** The answer as a document: declaration, then everything on one line. The wrapper's id is the SOAP message id too. */
export function writeSyncAnswer(fields: SyncAnswerFields): string {
  const soap = fields.soapPrefix ?? 'SOAP-ENV';
  const { responseName } = fields;
  const interaction = writeInteraction(fields, 'inherited');
  const body = responseName === '' ? interaction : xml`<${responseName}>${interaction}</${responseName}>`;
  const envelope = xml`
    <${soap}:Envelope${attributes(fields.namespaces ?? declarations(soap))}>
      <${soap}:Header>
        <wsa:MessageID>uuid:${fields.id}</wsa:MessageID>
        <wsa:Action>${fields.service}/${fields.interaction}</wsa:Action>
        ${textElement('wsa:To', fields.to)}
        <wsa:From>${textElement('wsa:Address', fields.from)}</wsa:From>
        ${writeDevice('Rcv', fields.receiverAsid)}
        ${writeDevice('Snd', fields.senderAsid)}
        ${textElement('wsa:RelatesTo', fields.relatesTo)}
      </${soap}:Header>
      <${soap}:Body>${body}</${soap}:Body>
    </${soap}:Envelope>`;
  return SPINE_DECLARATION + envelope.text;
}

/** What is fixed in a reject: the interaction, its version and the prefix. */
export function writeSyncReject(
  fields: Omit<SyncAnswerFields, 'interaction' | 'acknowledgement' | 'versionCode' | 'from'> & { from?: string },
): string {
  return writeSyncAnswer({
    ...fields,
    interaction: 'MCCI_IN010000UK13',
    versionCode: 'V3NPfIT3.0',
    acknowledgement: 'AR',
    soapPrefix: fields.soapPrefix ?? 'SOAP',
    from: fields.from ?? syncServiceAddress(fields.service),
  });
}
