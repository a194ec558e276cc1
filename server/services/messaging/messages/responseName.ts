/** The element of a SOAP body round the answer, by the interaction that was asked. */

/** What Spine's own generators fall back on. */
const DEFAULT = 'retrievalQueryResponse';

const NAMES: Record<string, string> = {
  QUPA_IN000005UK01: 'traceQueryResponse',
  QUPA_IN000005UK03: 'traceQueryResponse',
  QUPA_IN010000UK13: 'traceQueryResponse',
  QUPA_IN010000UK32: 'traceQueryResponse',
  QUPA_IN000014UK01: 'crossCheckTraceQueryResponse',
  QUPA_IN000014UK03: 'crossCheckTraceQueryResponse',
  // Assumed: no answer to this query was seen.
  QUPA_IN000016UK02: 'confirmNhsNumberQueryResponse',
  QUPA_IN000016UK04: 'confirmNhsNumberQueryResponse',
  QUPA_IN060000UK30: 'confirmNhsNumberQueryResponse',
  QUPC_IN180000UK04: 'eventListQueryResponse',
  QUPC_IN190000UK04: 'eventQueryResponse',
  GET_RESOURCE_PERMISSIONS_INUK01: 'getResourcePermissionsResponse',
  SET_RESOURCE_PERMISSIONS_INUK01: 'setResourcePermissionsResponse',
  QURX_IN000005UK98: 'prescriptionClinicalViewResponse',
  QURX_IN000005UK99: 'prescriptionDetailQueryResponse',
  PrescriptionSearchSyncAsync_1_0: 'prescriptionSearchResponse',
  GET_PRESCRIPTION_DOCUMENT_INUK01: 'prescriptionDocumentResponse',
};

/** Updates, allocations and births that come synchronously are answered by the bare interaction; so the portal reads them. */
const BARE = 'PRPA_IN';

export function responseNameOf(interaction: string | undefined): string {
  if (interaction?.startsWith(BARE)) return '';
  return (interaction !== undefined && Object.hasOwn(NAMES, interaction) && NAMES[interaction]) || DEFAULT;
}
