/** The answer to an activation, in the order of the recorded one. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { Challenge } from '../challenge.ts';
import type { PublicUrls } from '../publicUrls.ts';
import { gpObjectAnswer } from './gpObject.ts';
import type { LoginRequest } from './loginRequest.ts';

/** The same in recordings of 2016 and 2017; what it is now is not public. */
export const GAS_VERSION = '5.2.7';

export function activated(
  request: LoginRequest,
  { challenge, signature }: Challenge,
  urls: PublicUrls,
  serverIp: string,
): HttpAnswer {
  return gpObjectAnswer(urls.dtd, [
    { name: 'gas_version', value: GAS_VERSION },
    { name: 'signature', value: signature },
    { name: 'server_ip', value: serverIp },
    { name: 'ssp_url', value: '' },
    { name: 'app_url', value: request.appUrl },
    { name: 'log_session_id', value: request.logSessionId },
    { name: 'service', value: 'ACTIVATION' },
    { name: 'error_url', value: urls.error },
    { name: 'ticket', value: '' },
    { name: 'auth_method', value: '3' },
    { name: 'reply_url', value: urls.validate },
    { name: 'challenge', value: challenge },
    { name: 'download_gac_url', value: 'http://www.gemauth.com/authclient' },
    { name: 'latest_gac_version', value: '3.9.1' },
  ]);
}
