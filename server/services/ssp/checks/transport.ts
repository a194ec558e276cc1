/** What can be told before the directory is asked: certificate, verb, target, headers. */

import { formatOf, readAccept } from '../../../core/fhir/format.ts';
import {
  certificateRefused,
  certificateRequired,
  endpointVaries,
  headerMissing,
  methodNotAllowed,
  unsupportedMediaType,
} from '../errors.ts';
import { type Check, handlerOf, passed, refused } from '../proxyCall.ts';
import { readTargetUrl } from '../targetUrl.ts';

export const certificateShown: Check = ({ exchange, settings }) => {
  const { certificate } = exchange;
  if (certificate && !certificate.trusted) return refused(certificateRefused(certificate.error ?? 'unknown'));
  if (!certificate && settings.clientCertificate === 'required') return refused(certificateRequired());
  return passed(certificate ? certificate.cn : 'none was shown, and none is required');
};

const VERBS = new Set(['GET', 'POST', 'PUT']);

export const verb: Check = ({ exchange: { method }, settings }) => {
  const allowed = VERBS.has(method) || (method === 'OPTIONS' && settings.options === 'forward');
  return allowed ? passed(method) : refused(methodNotAllowed(method));
};

const TARGET_ADVICE = {
  none: 'Put the whole URL of the provider behind the host of the SSP: https://<ssp>/https://<provider>/...',
  collapsed: 'Keep both slashes of https:// : the client normalises the path of the URL and makes one slash of two.',
  plain: 'Use the https:// URL that the directory has: the SSP calls providers over TLS only.',
  unreadable: 'Put an absolute https:// URL behind the first slash, as it is or percent-encoded as a whole.',
};

export const target: Check = (call) => {
  const found = readTargetUrl(call.exchange.rawUrl);
  call.url = found.url;
  if (!('fault' in found)) return passed(found.url);
  const handler = handlerOf(call);
  const message = `the target is no URL of a provider (${found.fault}): ${JSON.stringify(found.url)}`;
  const { endpoint = '', cpaId = '' } = handler ?? {};
  return refused(endpointVaries(endpoint, cpaId, found.url, message, TARGET_ADVICE[found.fault]));
};

export const headers: Check = ({ headers: { traceId, from, to, interaction }, settings }) => {
  if (!from) return refused(headerMissing('Ssp-From'));
  if (!to) return refused(headerMissing('Ssp-To'));
  if (!interaction) return refused(headerMissing('Ssp-InteractionID'));
  if (!traceId && settings.missingTraceId === 'refuse') return refused(headerMissing('Ssp-TraceID'));
  return passed(traceId ? undefined : 'Ssp-TraceID is missing, which is left to the provider to refuse');
};

export const mediaType: Check = ({ exchange, settings }) => {
  if (settings.mediaTypes === 'pass') return passed('left to the provider');
  const accept = exchange.header('Accept');
  const { format, any } = readAccept(accept);
  if (!format && !any) return refused(unsupportedMediaType(`Accept is ${accept}`));
  const sent = exchange.header('Content-Type');
  if (sent !== undefined && !formatOf(sent)) return refused(unsupportedMediaType(`Content-Type is ${sent}`));
  return passed();
};
