/** What MESH enforces: the profile's values, with the single switches of the settings above them. */
import type { Config } from '../../config/schema.ts';

type MeshSettings = Config['mesh'];

export interface MeshRules {
  profile: MeshSettings['profile'];
  sharedKey: string;
  clientCertificate: MeshSettings['clientCertificate'];
  authorization: MeshSettings['authorization'];
  refuseReplay: boolean;
  /** 0 takes any timestamp. */
  clockWindowMinutes: number;
  refuseInactive: boolean;
  goneAfterAcknowledge: boolean;
  timeIds: boolean;
  errorReports: boolean;
  restrictWorkflows: boolean;
  checkLegacyHeaders: boolean;
  requireWorkflow: boolean;
  refuseHoles: boolean;
  expire: boolean;
  inboxDays: number;
  retentionDays: number;
  maxChunkBytes: number;
  maxMessageBytes: number;
  routeByPatient: boolean;
  lenientAccept: boolean;
  adminPaths: boolean;
  updateHeader: boolean;
}

type Switches = Omit<MeshRules, 'profile' | 'sharedKey' | 'clientCertificate' | 'authorization'>;

const MEBIBYTE = 1024 * 1024;

/** The real service. Sizes are those of its API specification: 100 MB a request, 100 GB a message. */
const SERVICE: Switches = {
  refuseReplay: true,
  // Two hours, so that a client an hour out through summer time still passes.
  clockWindowMinutes: 120,
  refuseInactive: true,
  goneAfterAcknowledge: true,
  timeIds: true,
  errorReports: true,
  restrictWorkflows: true,
  checkLegacyHeaders: true,
  requireWorkflow: true,
  refuseHoles: true,
  expire: true,
  inboxDays: 5,
  retentionDays: 30,
  maxChunkBytes: 100 * MEBIBYTE,
  maxMessageBytes: 100 * 1024 * MEBIBYTE,
  routeByPatient: true,
  lenientAccept: true,
  adminPaths: true,
  updateHeader: true,
};

/** The public sandbox, which checks less and never expires anything. */
const SANDBOX: Switches = {
  ...SERVICE,
  refuseReplay: false,
  clockWindowMinutes: 0,
  refuseInactive: false,
  goneAfterAcknowledge: false,
  timeIds: false,
  errorReports: false,
  restrictWorkflows: false,
  checkLegacyHeaders: false,
  refuseHoles: false,
  expire: false,
  routeByPatient: false,
  lenientAccept: false,
  updateHeader: false,
};

/** The rules that these settings give. */
export function meshRules(settings: MeshSettings): MeshRules {
  const { profile, ...chosen } = settings;
  const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
  return { ...(profile === 'sandbox' ? SANDBOX : SERVICE), ...given, profile } as MeshRules;
}
