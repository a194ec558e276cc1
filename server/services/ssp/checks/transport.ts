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
import { readTargetUrl, type TargetFault } from '../targetUrl.ts';

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

const TARGET_FAULTS: Record<TargetFault, { why: string; advice: string }> = {
  none: {
    why: 'there is none',
    advice: 'Put the whole URL of the provider behind the host of the SSP: https://<ssp>/https://<provider>/...',
  },
  collapsed: {
    why: 'it has one slash after its scheme',
    advice: 'Keep both slashes of https:// : the client normalises the path of the URL and makes one slash of two.',
  },
  doubled: {
    why: 'more than one slash stands before it',
    advice:
      'Put one slash between the host of the SSP and the URL of the provider: leave out that at the end of the SSP.',
  },
  'encoded-twice': {
    why: 'it is percent-encoded twice',
    advice: 'Encode the URL of the provider once, or not at all: the client encodes what is encoded already.',
  },
  plain: {
    why: 'it is an http:// URL',
    advice: 'Use the https:// URL that the directory has: the SSP calls providers over TLS only.',
  },
  credentials: {
    why: 'it has a user name',
    advice: 'Leave user name and password out: the token in the Authorization header says who asks.',
  },
  'no-scheme': {
    why: 'it has no scheme',
    advice: 'Put https:// before the host of the provider: an absolute https:// URL stands behind the first slash.',
  },
  unreadable: {
    why: 'it is no absolute https:// URL',
    advice: 'Put an absolute https:// URL behind the first slash, as it is or percent-encoded as a whole.',
  },
};

export const target: Check = (call) => {
  const found = readTargetUrl(call.exchange.rawUrl);
  call.url = found.url;
  if (!('fault' in found)) return passed(found.url);
  const handler = handlerOf(call);
  const { why, advice } = TARGET_FAULTS[found.fault];
  const message = `the target is no URL of a provider, ${why}: ${JSON.stringify(found.url)}`;
  const { endpoint = '', cpaId = '' } = handler ?? {};
  return refused(endpointVaries(endpoint, cpaId, found.url, message, advice));
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
