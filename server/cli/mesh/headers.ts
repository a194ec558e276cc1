/** Elements of a control file as Mex headers, and headers of a download as a control file. */
import { headerText, writtenText } from '../../services/mesh/headerText.ts';
import type { ControlFile, StatusRecord } from './controlFile.ts';

/** Element to header, in the order in which a control file has them. */
const PAIRS: readonly (readonly [element: string, header: string])[] = [
  ['Version', 'mex-version'],
  ['AddressType', 'mex-addresstype'],
  ['MessageType', 'mex-messagetype'],
  ['WorkflowId', 'mex-workflowid'],
  ['From_DTS', 'mex-from'],
  ['To_DTS', 'mex-to'],
  ['From_ESMTP', 'mex-fromsmtp'],
  ['To_ESMTP', 'mex-tosmtp'],
  ['Subject', 'mex-subject'],
  ['LocalId', 'mex-localid'],
  ['DTSId', 'mex-messageid'],
  ['ProcessId', 'mex-processid'],
  ['PartnerId', 'mex-partnerid'],
  ['Compress', 'mex-content-compress'],
  ['Encrypted', 'mex-content-encrypted'],
  ['IsCompressed', 'mex-content-compressed'],
  ['DataChecksum', 'mex-content-checksum'],
];

/** What the service gives and a sender does not say. */
const GIVEN = new Set(['mex-messageid', 'mex-fromsmtp', 'mex-tosmtp']);

/** Headers of a send. Empty elements are not sent, but for the two that every message has. */
export function headersOf({ fields }: ControlFile, fileName: string): Record<string, string> {
  const headers: Record<string, string> = { 'mex-filename': headerText(fileName) };
  for (const [element, header] of PAIRS) {
    const value = fields[element] ?? '';
    if (value !== '' && !GIVEN.has(header)) headers[header] = headerText(value);
  }
  return { 'mex-to': '', 'mex-workflowid': '', ...headers };
}

/** The control file of a message that was downloaded. */
export function controlFileOf(headers: Record<string, string | undefined>): ControlFile {
  const fields: Record<string, string> = {};
  for (const [element, header] of PAIRS) {
    const value = headers[header];
    if (value !== undefined) fields[element] = writtenText(value);
  }
  fields.MessageType = headers['mex-messagetype'] === 'REPORT' ? 'Report' : 'Data';
  for (const flag of ['Encrypted', 'IsCompressed']) fields[flag] = fields[flag] === 'Y' ? 'Y' : 'N';
  const status: StatusRecord = {
    DateTime: headers['mex-statustimestamp'] ?? '',
    Event: headers['mex-statusevent'] ?? '',
    Status: headers['mex-statussuccess'] === 'ERROR' ? 'ERROR' : 'SUCCESS',
    StatusCode: headers['mex-statuscode'] ?? '',
    Description: writtenText(headers['mex-statusdescription'] ?? ''),
  };
  return { fields, status };
}
