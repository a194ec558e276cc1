/** Headers of a downloaded message. Empty values are left out. */
import type { HeaderLine } from '../../../core/http/answer.ts';
import { errorOf, fileNameOf, type Message } from '../mailbox/message.ts';
import { compactTime, modifiedTime } from '../times.ts';

/** `chunk`: the number of the chunk that goes with them. Content-Encoding and Content-Length are the caller's. */
export function messageHeaders(message: Message, chunk: number): HeaderLine[] {
  const lines: [string, string | undefined][] = [
    ['mex-from', message.sender.mailbox],
    ['mex-to', message.recipient.mailbox],
    ['mex-workflowid', message.workflow],
    ['mex-chunk-range', `${chunk}:${message.totalChunks}`],
    ['mex-total-chunks', String(message.totalChunks)],
    ['mex-addresstype', 'ALL'],
    ['mex-localid', message.localId],
    ['mex-partnerid', message.partnerId],
    ['mex-processid', message.processId],
    ['mex-filename', fileNameOf(message)],
    ['mex-subject', message.subject],
    ['mex-version', '1.0'],
    ['mex-messagetype', message.type],
    ['mex-messageid', message.id],
    ...statusLines(message),
    ['mex-content-compressed', message.compressed ? 'Y' : undefined],
    ['mex-content-encrypted', message.encrypted ? 'Y' : undefined],
    ['mex-content-checksum', message.checksum],
    ['mex-content-type', message.mexContentType],
    ['last-modified', modifiedTime(message.events[0]!.at)],
  ];
  return lines.filter((line): line is HeaderLine => line[1] !== undefined && line[1] !== '');
}

function statusLines(message: Message): [string, string | undefined][] {
  const timestamp = compactTime(message.acceptedAt ?? message.events[0]!.at);
  const error = errorOf(message);
  if (!error) {
    return [
      ['mex-statuscode', '00'],
      ['mex-statusevent', 'TRANSFER'],
      ['mex-statusdescription', 'Transferred to recipient mailbox'],
      ['mex-statussuccess', 'SUCCESS'],
      ['mex-statustimestamp', timestamp],
    ];
  }
  return [
    ['mex-linkedmsgid', error.linkedId],
    ['mex-statuscode', error.code],
    ['mex-statusevent', error.event],
    ['mex-statusdescription', error.description],
    ['mex-statussuccess', 'ERROR'],
    ['mex-statustimestamp', timestamp],
  ];
}
