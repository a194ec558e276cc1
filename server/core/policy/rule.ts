/** A dated rule of the environments, as the timeline and the settings write it. */

export type PolicyKind = 'tls' | 'card-series' | 'agent-version' | 'unavailable' | 'notice';

/** A stretch of time; texts in London time such as `2025-05-27` or `2025-07-08T10:00`. `until` is not in it any more. */
export interface Window {
  from: string;
  until: string;
}

export interface PolicyRule {
  id: string;
  /**
   * tls: hosts have a TLS profile; card-series: smartcards are refused; agent-version: Identity Agents are refused;
   * unavailable: hosts don't answer; notice: nothing changes, but it is on the timeline.
   */
  kind: PolicyKind;
  /** What was announced, in one line. */
  title: string;
  /** Where the dates come from. */
  source: 'published' | 'assumed' | 'settings';
  enabled: boolean;
  /** London time from which it is in force; absent: always was. */
  from?: string;
  /** London time from which it is no more. */
  until?: string;
  /** In force within these only. */
  windows?: readonly Window[];
  /** In force each week in this slot only, such as `Mon 20:00 - Tue 06:00`. */
  weekly?: string;
  /** Only in the weeks (Monday to Sunday, by the day in which the slot begins) of these days. */
  weeks?: readonly string[];
  /** Only these environments; absent: all. */
  environments?: readonly string[];
  /** Only hosts of these roles (config/hosts.ts); absent: all. */
  roles?: readonly string[];
  /** Only these host names and names below them. */
  hosts?: readonly string[];
  /** tls: profile while it is in force; absent: the default profile. */
  profile?: string;
  /** tls: profile until it comes into force. */
  before?: string;
  /** card-series: the series that are refused. */
  series?: readonly number[];
  /** agent-version: lower ones are refused, if they say which they are. */
  minimumVersion?: string;
  /** unavailable: nginx's page 503, or a TCP reset. The directory always resets. */
  answer?: '503' | 'reset';
}

/** A rule as settings change it, or a new one; what is absent stays. */
export type PolicyChange = Partial<Omit<PolicyRule, 'id' | 'source'>>;
