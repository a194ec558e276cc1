/** An update request from its element to what it wants of the record: checks in the order of Spine's own stylesheets. */
import type { PatientUpdate } from '../../../core/demographics/update/change.ts';
import { breaks, UpdateFault } from '../../../core/demographics/update/fault.ts';
import { OID } from '../../../core/hl7/oid.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { at, children, codeAt, objectIdOf, readItem, required, valueAt } from './elements.ts';
import { misplaced, type Places, provisionsOf, strangers } from './factElement.ts';
import { readFacts } from './facts.ts';
import { readAddress, readName, readProvision, readTelecom } from './items.ts';
import { checkRemoval, readRelated } from './related.ts';

/** How a generation writes an update. */
export interface UpdateForm extends Places {
  root: 'PdsUpdateRequest' | 'PdsNhaisUpdateRequest';
  /** MIM 7.2: gender, birth, death and birthplace are parts, and the author of a death stands at its notification. */
  parts: boolean;
  /** Where the one who cares is named. */
  providers: readonly string[];
  /** Registration authorities take back what they told of a death; those of 6.3 know of no pharmacies. */
  nhais?: boolean;
  /** MIM 6.3: who registers a death is never NHAIS, and has an id. */
  authorById?: boolean;
}

/** PdsUpdateRequest/code: 2 corrects what was never right. */
const CORRECTION = '2';

/** Also what of the request is looked at by nobody, for the journal: Spine passes over what stands in the wrong place. */
export interface ReadUpdate {
  update: PatientUpdate;
  ignored: string[];
}

export function readUpdate(message: XmlElement, form: UpdateForm): ReadUpdate {
  const request = required(at(message, `ControlActEvent/subject/${form.root}`), form.root);
  const role = required(at(request, 'subject/patientRole'), 'patientRole');
  const person = at(role, 'patientPerson');
  const related = children(person, 'scopedRelatedPersonRole');
  for (const scoped of related) checkRemoval(scoped);
  const update: PatientUpdate = {
    nhsNumber: readNumber(role),
    scn: readScn(request),
    correction: valueAt(request, 'code', 'code') === CORRECTION,
    related: related.map((scoped) => readRelatedChange(scoped)),
    addresses: children(role, 'addr').map((addr) => readItem(addr, 'addr', readAddress, { hasUse: true })),
    telecoms: children(role, 'telecom').map((telecom) => readItem(telecom, 'telecom', readTelecom, { hasUse: true })),
    names: children(person, 'name').map(readNameChange),
    provisions: provisionsOf(person)
      .filter(({ local }) => local === form.provision)
      .map((provision) => readProvisionChange(provision, form)),
    ...readFacts(request, role, form),
  };
  if (form.nhais) {
    update.byAuthority = true;
    checkRegistration(update);
  }
  const ignored = [...misplaced(role, form), ...strangers(role, form)];
  if (!changesAnything(update))
    ignored.push('nothing in it is added, altered or removed: only the serial change number');
  return { update, ignored };
}

function changesAnything({
  nhsNumber: _,
  scn: __,
  correction: ___,
  byAuthority: ____,
  ...changes
}: PatientUpdate): boolean {
  return Object.values(changes).some((change) => (Array.isArray(change) ? change.length > 0 : change !== undefined));
}

function readNumber(role: XmlElement): string {
  const id = children(role, 'id').find((candidate) => candidate.attr('root', '') === OID.nhsNumber);
  const number = id?.attr('extension', '');
  if (!number) breaks('NHS_NUMBER_UNSPECIFIED', 'patientRole has no NHS number');
  return number.length === 10 ? number : breaks('INVALID_NHS_NUMBER', `${number} is no NHS number`);
}

function readScn(request: XmlElement): number {
  const path = 'pertinentInformation/pertinentSerialChangeNumber/value';
  const scn = required(valueAt(request, path), 'pertinentSerialChangeNumber.value');
  // A number that PDS never gave is none of the record's.
  if (!/^\d{1,9}$/.test(scn)) throw new UpdateFault('stale', `"${scn}" is no serial change number`);
  return Number(scn);
}

function readRelatedChange(scoped: XmlElement): PatientUpdate['related'][number] {
  // Spine has another word for a missing object id here.
  if (scoped.attr('updateMode', '') !== 'added') required(objectIdOf(scoped), 'scopedRelatedPersonRole.id');
  return readItem(scoped, 'scopedRelatedPersonRole', readRelated);
}

function readNameChange(name: XmlElement): PatientUpdate['names'][number] {
  if (name.attr('updateMode', '') === 'removed' && name.attr('use', '') === 'L') {
    breaks('UNABLE_TO_DELETE_USUAL_NAME', 'the usual name may be altered, and not removed');
  }
  return readItem(name, 'name', readName, { hasUse: true });
}

/** Spine's checks of care provisions say nothing of an object id, and a client in the field adds pharmacies with one. */
function readProvisionChange(provision: XmlElement, form: UpdateForm): PatientUpdate['provisions'][number] {
  const { providers, nhais, parts } = form;
  const code = codeAt(provision, 'code');
  if (nhais && !parts && code !== '1' && provision.attr('updateMode', '') !== 'removed') {
    breaks('UNSUPPORTED_PATIENT_CARE', `a registration authority tells of practices (1), not of ${code ?? 'no code'}`);
  }
  const mayNameItself = code?.startsWith('P') ?? false;
  return readItem(provision, 'patientCareProvision', (element) => readProvision(element, providers), { mayNameItself });
}

/** GP_PROVDER_RULE86: nobody is registered and removed, or registered and dead, by one message. */
function checkRegistration({ provisions, death, removal }: PatientUpdate): void {
  const registered = provisions.some(({ item }) => item !== undefined && item.type === undefined);
  if (registered && (death?.value || removal?.value)) {
    breaks('GP_PROVDER_RULE86', 'a practice is registered for someone who died or was removed');
  }
  const added = provisions.some(({ mode, item }) => mode === 'added' && item?.type === undefined);
  if (removal?.mode === 'removed' && !added) {
    breaks('REG_REMOVAL_AND_PCP_MUTUALLY_EXCLUSIVE', 'the removal is withdrawn and no practice registered');
  }
}
