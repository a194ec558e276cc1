/**
 * An identity agent for tests. It sends what the known agents send, byte layout included: no content type, every line of a body and
 * of the S/MIME text but the first indented by eight blanks, logout by GET with a body; and it reads answers as they do, by
 * regular expressions whose first hit counts.
 */
import type { VirtualCard } from '../../../server/core/cards/virtualCard.ts';
import type { SignOptions } from '../../../server/core/cms/sign.ts';
import type { Answer, Spine } from '../../helper.ts';

export const GAS_HOST = 'gas.vn03.national.ncrs.nhs.uk';
export const SBAPI_HOST = 'sbapi.vn03.national.ncrs.nhs.uk';
const GAC_VERSION = 'GACv10. 0. 0. 1';
const USER_AGENT = `Mozilla/4.0(compatible;IE;${GAC_VERSION})`;
const INDENT = '        ';

export type Values = Record<string, string | undefined>;

/** A gpOBJECT as agents write it; undefined values are left out. */
export function gpObject(values: Values): string {
  const lines = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) => `<gpPARAM name="${name}"${name === 'response' ? ' encoding="base64"' : ''}>${value}</gpPARAM>`,
    );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE USER SYSTEM "gpOBJECT.DTD">',
    '<gpOBJECT>',
    ...lines,
    '</gpOBJECT>',
  ].join(`\n${INDENT}`);
}

export const ACTIVATION: Values = {
  auth_method: '3',
  app_url: 'NHST',
  log_session_id: 'Zk3QpT81wa',
  device_id: 'ab12cd34,ClientIP=192.0.2.77',
  service: 'ACTIVATION',
};

/** The S/MIME text with the indented header, in base64. */
export function indentedSmime(message: Buffer): string {
  const header = [
    'MIME-Version: 1.0',
    'Content-Disposition: attachment; filename="smime.p7m"',
    'Content-Type: application/x-pkcs7-mime; name="smime.p7m"',
    'Content-Transfer-Encoding: base64',
    '',
    '',
  ].join(`\n${INDENT}`);
  return Buffer.from(header + message.toString('base64')).toString('base64');
}

export interface Role {
  id: string;
  orgCode: string;
  orgName: string;
  name: string;
}

export interface Login {
  ticket: string;
  cn: string;
  logoutUrl: string;
  roles: Role[];
}

const first = (pattern: RegExp, text: string): string => pattern.exec(text)?.[1] ?? '';

/** What the agent finds in the answer to a validation; a missing field throws, as there. */
export function readLogin(text: string): Login {
  const ticket = first(/sso_ticket">([^<]*)/, text);
  const logoutUrl = first(/sso_logout_url">([^<]*)/, text);
  if (!ticket || !logoutUrl) throw new Error(`no login in ${text}`);
  const roles = text
    .split('\n')
    .filter((line) => line.includes('name="nhsjobrole'))
    .map((line) => {
      const [orgName = '', job = ''] = first(/>([^<]*)/, line).split(',');
      const parts = job.split(':');
      if (parts.length !== 3) throw new Error(`not three parts: ${line}`);
      const strip = (part = '') => part.trim().replace(/^"|"$/g, '');
      return {
        id: first(/id="([^"]*)/, line),
        orgCode: first(/orgcode="([^"]*)/, line),
        orgName,
        name: strip(parts[2]),
      };
    });
  return { ticket, cn: first(/cn">([^<]*)/, text), logoutUrl, roles };
}

export class Agent {
  readonly #spine: Spine;
  readonly host: string;
  readonly headers: Record<string, string>;

  constructor(spine: Spine, host = GAS_HOST, headers: Record<string, string> = {}) {
    this.#spine = spine;
    this.host = host;
    this.headers = { 'User-Agent': USER_AGENT, ...headers };
  }

  post(path: string, body: string): Promise<Answer> {
    return this.#spine.ask(this.host, { method: 'POST', path, body, headers: this.headers });
  }

  get(path: string, body?: string): Promise<Answer> {
    const headers: Record<string, string> = { ...this.headers };
    if (body !== undefined) headers['Content-Length'] = String(Buffer.byteLength(body));
    return this.#spine.ask(this.host, { method: 'GET', path, ...(body === undefined ? {} : { body }), headers });
  }

  activate(values: Values = {}): Promise<Answer> {
    return this.post('/login/authactivate', gpObject({ ...ACTIVATION, ...values }));
  }

  async challenge(): Promise<{ challenge: string; signature: string }> {
    const { text } = await this.activate();
    const found = (name: string) => first(new RegExp(`${name}">([a-zA-Z0-9,/+=]*)`), text);
    return { challenge: found('challenge'), signature: found('signature') };
  }

  validate(values: Values): Promise<Answer> {
    return this.post(
      '/login/authvalidate',
      gpObject({ ...ACTIVATION, service: 'AUTHENTICATION', card_type: 'p11', mobility: '0', ...values }),
    );
  }

  /** Activates, signs, validates; `values` in place of what would be sent. */
  async answer(card: VirtualCard, values: Values = {}, options?: SignOptions): Promise<Answer> {
    const { challenge, signature } = await this.challenge();
    const response = indentedSmime(card.sign(challenge, options));
    return this.validate({ challenge, signature, uid: card.uid, response, ...values });
  }

  async login(card: VirtualCard): Promise<Login> {
    return readLogin((await this.answer(card)).text);
  }

  selectRole(
    ticket: string,
    roleId: string,
    more: Values = { ssbMode: '0', fallbackStatus: '0', gacVersion: GAC_VERSION },
  ): Promise<Answer> {
    const query = new URLSearchParams({ token: ticket, selectedRoleUid: roleId, ...(more as Record<string, string>) });
    return this.get(`/saml/RoleSelectionGP.jsp?${query}`);
  }

  /** GET with a body, to the path of the address that the login gave. */
  logout(login: Login, uid: string): Promise<Answer> {
    const body = gpObject({
      service: 'LOGOUT',
      sso_ticket: login.ticket,
      log_session_id: 'Zk3QpT81wa',
      device_id: ACTIVATION.device_id,
      uid,
    });
    return this.get(new URL(login.logoutUrl).pathname, body);
  }

  assertion(ticket: string): Promise<Answer> {
    return this.get(`/saml/RoleAssertion?token=${encodeURIComponent(ticket)}`);
  }
}

/** The active card of a seeded user. */
export async function cardOf(spine: Spine, uid: string, space = 'default'): Promise<VirtualCard> {
  const { spaces, cards } = spine.environment.core;
  const known = spaces.get(space);
  const card = known.world.cards.where('uid', uid).find(({ status }) => status === 'active');
  if (!card) throw new Error(`no active card of ${uid}`);
  return cards.insert(known, card);
}
