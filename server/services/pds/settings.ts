/** How the settings of PDS come to its operations: with the request. */
import type { PdsSettings } from '../../config/pdsSettings.ts';
import type { InteractionRequest } from '../../core/interactions/registry.ts';

interface Configured extends InteractionRequest {
  pds: PdsSettings;
}

export const withSettings = (request: InteractionRequest, pds: PdsSettings): InteractionRequest =>
  ({ ...request, pds }) as Configured;

/** Of the environment that the request came to. */
export const settingsOf = (request: InteractionRequest): PdsSettings => (request as Configured).pds;
