/** What a sender is told of a message: v1 in DTS names with `yyyyMMddHHmmss`, v2 in snake case with ISO 8601. */
import { errorOf, fileNameOf, type Message, statusOf, timeOf } from '../mailbox/message.ts';
import { compactTime, isoTime } from '../times.ts';

const titled = (text: string) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
const flag = (value: boolean | undefined) => (value ? 'Y' : '');
const time = (at: number | undefined) => (at === undefined ? '' : compactTime(at));
const smtp = (mailbox: string) => (mailbox ? `${mailbox.toLowerCase()}@dts.nhs.uk` : '');

/** When the recipient had it: the first download, or where that is not noted the acknowledgement. */
function downloadTime(message: Message): number | undefined {
  return message.downloadedAt ?? timeOf(message, 'acknowledged');
}

export function trackingV1(message: Message) {
  const error = errorOf(message);
  const { sender, recipient } = message;
  const failed = error && message.type === 'DATA';
  return {
    addressType: 'ALL',
    checksum: message.checksum ?? '',
    chunkCount: message.totalChunks,
    compressFlag: flag(message.compressed),
    contentEncoding: message.contentEncoding ?? '',
    downloadTimestamp: time(downloadTime(message)),
    dtsId: message.id,
    encryptedFlag: flag(message.encrypted),
    expiryTime: time(message.expiresAt),
    failureDate: failed ? time(error.at) : '',
    failureDiagnostic: failed ? (error.description ?? '') : '',
    fileName: fileNameOf(message),
    fileSize: message.size,
    isCompressed: flag(message.compressed),
    linkedMsgId: error?.linkedId ?? '',
    localId: message.localId ?? '',
    meshRecipientOdsCode: recipient.ods ?? '',
    messageId: message.id,
    messageType: titled(message.type),
    partnerId: message.partnerId ?? '',
    processId: message.processId ?? '',
    recipient: recipient.mailbox,
    recipientName: recipient.name ?? '',
    recipientBillingEntity: recipient.billingEntity ?? '',
    recipientOrgCode: recipient.organisationCode ?? '',
    recipientOrgName: recipient.organisationName ?? '',
    recipientSmtp: smtp(recipient.mailbox),
    sender: sender.mailbox,
    senderName: sender.name ?? '',
    senderBillingEntity: sender.billingEntity ?? '',
    senderOdsCode: sender.ods ?? '',
    senderOrgCode: sender.organisationCode ?? '',
    senderOrgName: sender.organisationName ?? '',
    senderSmtp: smtp(sender.mailbox),
    status: titled(statusOf(message)),
    statusCode: error?.code ?? '',
    statusDescription: error?.description ?? '',
    statusEvent: error?.event ?? '',
    statusSuccess: error ? 'ERROR' : 'SUCCESS',
    statusTimestamp: time(error?.at),
    subject: message.subject ?? '',
    uploadTimestamp: time(message.createdAt),
    version: '1.0',
    workflowId: message.workflow,
  };
}

/** Absent values are undefined, and so left out. */
export function trackingV2(message: Message) {
  const error = errorOf(message);
  const { recipient } = message;
  return {
    message_id: message.id,
    local_id: message.localId || undefined,
    workflow_id: message.workflow,
    filename: fileNameOf(message),
    expiry_time: isoTime(message.expiresAt),
    upload_timestamp: isoTime(message.createdAt),
    recipient: recipient.mailbox,
    recipient_name: recipient.name,
    recipient_ods_code: recipient.ods,
    recipient_org_code: recipient.organisationCode,
    recipient_org_name: recipient.organisationName,
    status_success: error === undefined,
    status: statusOf(message),
    status_event: error?.event,
    status_timestamp: error && isoTime(error.at),
    status_description: error?.description,
    status_code: error?.code,
  };
}
