/** Registry files that point the Identity Agents of Windows at the simulator, in the form in which the environments hand them out. */
import { HOSTS, type HostName, type HostRole } from '../config/hosts.ts';

export type Environment = Exclude<HostName['environment'], 'any'>;

/** Where an agent reads its settings: 64-bit Windows has 32-bit programs look elsewhere. */
const HSCIC_32 = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\HSCIC\\Identity Agent';
const HSCIC_64 = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\HSCIC\\Identity Agent';
const GEMPLUS = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Gemplus\\GAC';

/** Any eight hexadecimal digits. */
const DEVICE_ID = '5eed0001';

type Values = [name: string, value: string | number][];

interface Addresses {
  gas: string;
  sbapi: string;
  /** Not every environment has a portal that is known. */
  portal: string | undefined;
}

const AGENTS: Record<string, { key: string; values: (addresses: Addresses) => Values }> = {
  'identity-agent-2-64bit': { key: HSCIC_64, values: second },
  'identity-agent-2-32bit': { key: HSCIC_32, values: second },
  'identity-agent-1-64bit': { key: HSCIC_64, values: first },
  'identity-agent-1-32bit': { key: HSCIC_32, values: first },
  'bt-identity-agent-13': { key: GEMPLUS, values: bt },
};

export const AGENT_NAMES = Object.keys(AGENTS);

/** The text of a .reg file, with Windows line ends; undefined for an agent or environment that there is not. */
export function registryFile(agent: string, environment: string, port: number): string | undefined {
  const known = Object.hasOwn(AGENTS, agent) ? AGENTS[agent] : undefined;
  const address = (role: HostRole): string | undefined => {
    const host = HOSTS.find((candidate) => candidate.role === role && candidate.environment === environment);
    return host && `https://${host.name}${port === 443 ? '' : `:${port}`}`;
  };
  const [gas, sbapi, portal] = [address('gas'), address('sbapi'), address('portal')];
  if (!known || gas === undefined || sbapi === undefined) return undefined;
  const values = known.values({ gas, sbapi, portal });
  return ['Windows Registry Editor Version 5.00', '', `[${known.key}]`, ...values.map(line), ''].join('\r\n');
}

function line([name, value]: Values[number]): string {
  return typeof value === 'number' ? `"${name}"=dword:${value.toString(16).padStart(8, '0')}` : `"${name}"="${value}"`;
}

const launch = (name: string, { portal }: Addresses): Values => (portal === undefined ? [] : [[name, portal]]);

function second(addresses: Addresses): Values {
  return [
    ['ActivatePOSTURL', `${addresses.gas}/login/authactivate`],
    ...launch('LaunchAppsPath', addresses),
    ['MobilityPersistence_Available', 'False'],
    ['SessionLockPersistence_Enabled', 'False'],
  ];
}

function first(addresses: Addresses): Values {
  return [
    ['ActivatePOSTURL', `${addresses.gas}/login/authactivate`],
    ['RoleSelectionGETPOSTURL', `${addresses.sbapi}/saml/RoleSelectionGP.jsp`],
    ['LogoffPOSTURL', `${addresses.gas}/login/authlogout`],
    ...launch('LaunchAppsPath', addresses),
  ];
}

function bt(addresses: Addresses): Values {
  const { gas, sbapi } = addresses;
  const device = 'ipaddress=<IP_ADR>&latestdeviceid=<DEVICE_ID>&storeddeviceid=<OLD_DEVICE_ID>&token=<SSO_TICKET>';
  const role =
    'token=<SSO_TICKET>&selectedRoleUid=<ROLE_UID>&ssbMode=<MODE>&gacVersion=<GAC_VERSION>&fallbackStatus=<FALLBACK>';
  return [
    ['Activate.URL', `${gas}/login/authactivate`],
    ['Logout.URL', `${gas}/login/authlogout`],
    ['Authentication.StartBrowser.Url', `${sbapi}/saml/RoleSelectionWT.jsp?token=<SSO_TICKET>`],
    ['Device.id', DEVICE_ID],
    ['UpdateWatcher.enable', 0],
    ['Device.id.URL', `${sbapi}/ssb/DeviceIDLogger?${device}`],
    ['RoleSelection.URL', `${sbapi}/saml/RoleSelectionGP.jsp?${role}`],
    ...launch('Portal.URL', addresses),
  ];
}
