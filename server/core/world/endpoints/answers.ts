/** What Spine sends back, later and on a connection of its own, to a message that a system sent asynchronously. */
import type { Pattern } from '../../interactions/registry.ts';

/** By service and interaction without their common prefix: PDS of the MIM generations, the summary's queries. */
const ANSWERS: Record<string, string> = {
  'pds:PRPA_IN000200UK03': 'PRPA_IN000201UK01',
  'pds:PRPA_IN000200UK04': 'PRPA_IN000201UK01',
  'pds:PRPA_IN000203UK03': 'PRPA_IN000202UK01',
  'pds:PRPA_IN000203UK06': 'PRPA_IN000202UK01',
  'pds:PRPA_IN000204UK03': 'PRPA_IN000209UK01',
  'pds:PRPA_IN000204UK06': 'PRPA_IN000209UK02',
  'pds:PRPA_IN000205UK03': 'PRPA_IN000206UK01 PRPA_IN000207UK03',
  'pds:PRPA_IN000205UK05': 'PRPA_IN000206UK01 PRPA_IN000207UK05',
  'pds:PRPA_IN040000UK15': 'PRPA_IN060000UK30',
  'pds:PRPA_IN040000UK30': 'PRPA_IN060000UK30',
  'pds:PRPA_IN160000UK01': 'PRPA_IN150000UK30',
  'pds:PRPA_IN160000UK30': 'PRPA_IN150000UK30',
  'pdsquery:QUPA_IN000006UK02': 'QUPA_IN000011UK02',
  'pdsquery:QUPA_IN000006UK05': 'QUPA_IN000011UK05',
  'pdsquery:QUPA_IN000012UK02': 'QUPA_IN000013UK01',
  'pdsquery:QUPA_IN000012UK04': 'QUPA_IN000013UK03',
  'pdsquery:QUPA_IN020000UK14': 'QUPA_IN030000UK15',
  'pdsquery:QUPA_IN020000UK31': 'QUPA_IN030000UK15 QUPA_IN030000UK32',
  'psisquery:QUPC_IN160101UK04': 'QUPC_IN160102UK04',
  'psisquery:QUPC_IN160101UK05': 'QUPC_IN160102UK05',
  'psisquery:QUPC_IN160103UK04': 'QUPC_IN160104UK04',
  'psisquery:QUPC_IN160103UK05': 'QUPC_IN160104UK05',
  'psisquery:QUPC_IN160107UK04': 'QUPC_IN160108UK04',
  'psisquery:QUPC_IN160107UK05': 'QUPC_IN160108UK05',
  'psisquery:QUPC_IN160109UK04': 'QUPC_IN160110UK04',
  'psisquery:QUPC_IN160109UK05': 'QUPC_IN160110UK05',
};

/** The application acknowledgement, and the one that a query gets which went wrong. */
const ACKNOWLEDGEMENTS = ['MCCI_IN010000UK13', 'MCCI_IN010000UK12'];
const QUERY_ERROR = 'QUQI_IN010000UK14';

/** Names of answers in general: acknowledgements, and the second half of each pair above. */
const ANSWER_NAMES = new Set([
  ...ACKNOWLEDGEMENTS,
  QUERY_ERROR,
  // What Spine tells without being asked: a birth notification.
  'PRPA_IN000208UK03',
  ...Object.values(ANSWERS).flatMap((names) => names.split(' ')),
]);

/** True for what only ever answers. */
export function isAnswer(interaction: string): boolean {
  return ANSWER_NAMES.has(interaction);
}

/**
 * Names, of the same service, under which the answer to an interaction may come; the caller keeps those that the directory
 * knows. `service` is without its common prefix. Nothing for what is answered on its own connection.
 */
export function answersTo(service: string, interaction: string, pattern: Pattern | undefined): string[] {
  if (pattern === undefined || pattern === 'sync' || isAnswer(interaction)) return [];
  if (pattern === 'forward-express') return [];
  const own = ANSWERS[`${service}:${interaction}`]?.split(' ') ?? [];
  return [...own, ...(pattern === 'express' ? [QUERY_ERROR] : []), ACKNOWLEDGEMENTS[0]!];
}
