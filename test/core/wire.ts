/** The texts of `wire/`. */
import { readFileSync } from 'node:fs';

const read = (name: string) => readFileSync(new URL(`wire/${name}`, import.meta.url), 'utf8').trimEnd();

export const SYNC_REQUEST = read('sync-request.xml');
export const RETRIEVAL_ANSWER = read('sync-answer.xml');
export const REJECT_BODY = read('sync-reject-body.xml');
export const SOAP_FAULT = read('soap-fault.xml');
export const QUERY_FAILURE = read('query-failure.xml');
export const SMSP_REQUEST = read('smsp-request.xml');
/** A message Spine delivers: ebXML header and HL7 acknowledgement. */
export const DELIVERY = read('delivery.mime');
/** A reliable message of a supplier. */
export const RELIABLE_REQUEST = read('reliable-request.mime');
