/** General update: all items of the request or none; the answer is the record's new serial change number. */
import { updatePatient } from '../../../core/demographics/update/update.ts';
import type { InteractionHandler, InteractionReply, InteractionRequest } from '../../../core/interactions/registry.ts';
import { xml } from '../../../core/xml/template.ts';
import { serialChangeNumber } from '../render/parts.ts';
import { readUpdate, type UpdateForm } from '../update/request.ts';
import { changed, changeOf, changing, explainUnknown, type QueryDefinition } from './outcome.ts';

export interface GeneralUpdate extends QueryDefinition {
  form: UpdateForm;
}

export const generalUpdate = (definition: GeneralUpdate): InteractionHandler => changing(definition, update);

async function update(
  { form, reply, generation }: GeneralUpdate,
  request: InteractionRequest,
): Promise<InteractionReply> {
  const { exchange } = request;
  const { update: wanted, ignored } = readUpdate(request.message, form);
  for (const detail of ignored) exchange.step('PDS', 'info', detail);
  exchange.identify({ nhsNumber: wanted.nhsNumber });
  const { scn } = await updatePatient(exchange.space, wanted, changeOf(request));
  explainUnknown(
    request,
    wanted.provisions.map(({ item }) => item?.ods),
  );
  exchange.step('PDS', 'ok', `serial change number ${scn}`);
  return changed(reply, generation, renderUpdated(scn));
}

function renderUpdated(scn: number): string {
  return xml`
    <PdsSuccessfulUpdateResponse classCode="REG" moodCode="EVN">
      ${serialChangeNumber(scn)}
    </PdsSuccessfulUpdateResponse>`.text;
}
