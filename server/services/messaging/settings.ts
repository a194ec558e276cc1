import type { Config } from '../../config/schema.ts';

/** `opentest`: lenient where real clients need it; `eis`: every check of the specification. */
export type MessagingSettings = Config['messaging'];

export type Profile = MessagingSettings['profile'];

/** How strictly messages are judged: the profile, and the single checks that differ from it. */
export type Strictness = Pick<MessagingSettings, 'profile' | 'checks'>;
