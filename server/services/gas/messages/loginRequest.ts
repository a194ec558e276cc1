/** What activation and validation both send, checked. */
import { GasRefusal } from '../errors.ts';
import { type Parameters, readGpObject } from './gpObject.ts';

/** Smartcard challenge and response; the only method that there is. */
const AUTH_METHOD = '3';

/** Echoed texts are a few characters long in every client; longer ones are a mistake or an attack. */
const MAX_ECHO_LENGTH = 256;

const CONTROL = /[\0-\x1f\x7f]/;

/** In every login request of every known client. */
const COMMON = ['auth_method', 'app_url', 'log_session_id', 'device_id', 'service'] as const;

/** Beside these in a validation. `card_type` and `mobility` are sent too, but nothing depends on them. */
const VALIDATION = ['challenge', 'signature', 'uid', 'response'] as const;

const wrong = (message: string): never => {
  throw new GasRefusal('gas-parameter', message);
};

export interface LoginRequest {
  appUrl: string;
  logSessionId: string;
  deviceId: string;
  /** From `<device>,ClientIP=<address>`. */
  clientIp: string | undefined;
  parameters: Parameters;
}

/** Throws GasRefusal: `gas-malformed` for what is no document, `gas-parameter` for a parameter that is missing or wrong. */
export function readLoginRequest(body: Buffer, service: 'ACTIVATION' | 'AUTHENTICATION'): LoginRequest {
  const parameters = readGpObject(body);
  for (const name of COMMON) {
    const value = parameters.get(name);
    if (value === undefined) return wrong(`the parameter ${name} is missing`);
    if (value.length > MAX_ECHO_LENGTH || CONTROL.test(value)) wrong(`the parameter ${name} is no plain text`);
  }
  if (parameters.get('auth_method') !== AUTH_METHOD) wrong(`auth_method is not ${AUTH_METHOD}`);
  if (parameters.get('service') !== service) wrong(`service is not ${service}`);
  if (service === 'AUTHENTICATION') {
    for (const name of VALIDATION) if (!parameters.get(name)) wrong(`the parameter ${name} is missing`);
  }
  const device = parameters.get('device_id')!;
  return {
    appUrl: parameters.get('app_url')!,
    logSessionId: parameters.get('log_session_id')!,
    deviceId: device.split(',', 1)[0]!,
    clientIp: /,ClientIP=([0-9a-f.:]{2,45})$/i.exec(device)?.[1],
    parameters,
  };
}
