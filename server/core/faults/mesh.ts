/** Faults of MESH itself: what the service, not the network, does wrong. The service carries them out. */
import type { FaultDefinition } from './catalogue.ts';

/** Codes with which MESH refuses, as they travel; `12-internal` is the other description of 12, the last three have no code. */
export const MESH_REFUSALS: readonly string[] = [
  ...['02', '06', '07', '08', '09', '11', '12', '12-internal', '16', '17', '18', '19', '20'],
  ...['token', 'inactive', 'gone'],
];

export const MESH_FAULTS: Readonly<Record<string, FaultDefinition>> = {
  'mesh-refuse': {
    layer: 'mesh',
    description: 'The request is refused with this error of MESH; a send that is refused has an id and a report.',
    options: {
      error: {
        enum: [...MESH_REFUSALS],
        default: '12',
        description: 'The code, such as 12 (recipient not registered) or 17 (workflow not registered).',
        examples: ['12'],
      },
    },
  },
  'mesh-lose-chunk': {
    layer: 'mesh',
    description:
      'What a send carries is acknowledged and lost: a message of one chunk never arrives, of several has a hole.',
    options: {},
  },
  'mesh-expire': {
    layer: 'mesh',
    description:
      'The message expires at once, when it is sent or just before it is downloaded; its sender gets the report.',
    options: {},
  },
};
