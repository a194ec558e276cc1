/**
 * A resource from its XML form (FHIR STU3 2.6.1.1). XML says neither what repeats nor what is a number, so both are known here
 * for the resources that clients send: Parameters, Patient, Appointment, Slot, Organization, DocumentReference and what is contained
 * in them.
 */
import type { XmlElement } from '../xml/element.ts';
import { XmlError } from '../xml/error.ts';
import { parseXml } from '../xml/parse.ts';
import type { Resource } from './resource.ts';

const FHIR = 'http://hl7.org/fhir';

/** Every FHIR property; nothing else may become a property of an object. */
const PROPERTY = /^[A-Za-z][A-Za-z0-9]*$/;

/** Properties that repeat wherever they stand. */
const REPEATED = new Set(
  (
    'extension modifierExtension contained coding identifier telecom given prefix suffix line profile security tag ' +
    'parameter part entry link participant slot serviceType specialty reason supportingInformation incomingReferral ' +
    'indication requestedPeriod communication generalPractitioner photo alias contact relationship'
  ).split(' '),
);

/** Properties that repeat in some places only, as `parent/property`. */
const REPEATED_UNDER = new Set([
  'Patient/name',
  'Patient/address',
  'Practitioner/name',
  'Practitioner/address',
  'Organization/type',
  'Organization/address',
  'participant/type',
  'PractitionerRole/code',
  'Schedule/actor',
  'DocumentReference/author',
  'DocumentReference/content',
  'DocumentReference/relatesTo',
  'DocumentReference/securityLabel',
  'context/event',
  'context/related',
]);

const BOOLEANS = new Set([
  'active',
  'userSelected',
  'valueBoolean',
  'multipleBirthBoolean',
  'deceasedBoolean',
  'preferred',
]);

const NUMBERS = new Set([
  'valueInteger',
  'valuePositiveInt',
  'valueUnsignedInt',
  'valueDecimal',
  'multipleBirthInteger',
  'minutesDuration',
  'priority',
  'rank',
  'total',
]);

/** Thrown for a document that is no resource; the message is fit for the client. */
export class FhirXmlError extends Error {}

/** Throws FhirXmlError. */
export function fromXml(body: Buffer): Resource {
  let root: XmlElement;
  try {
    root = parseXml(body);
  } catch (error) {
    if (error instanceof XmlError) throw new FhirXmlError(`the XML is not well-formed: ${error.message}`);
    throw error;
  }
  if (root.ns !== FHIR) throw new FhirXmlError(`the root element is not in the namespace ${FHIR}`);
  return resourceOf(root);
}

function resourceOf(element: XmlElement): Resource {
  return { resourceType: element.local, ...propertiesOf(element, element.local) };
}

type Properties = Record<string, unknown>;

function propertiesOf(element: XmlElement, parent: string): Properties {
  const properties: Properties = {};
  const repeats = (name: string) => REPEATED.has(name) || REPEATED_UNDER.has(`${parent}/${name}`);
  for (const child of element.children()) {
    const name = child.local;
    if (!PROPERTY.test(name)) throw new FhirXmlError(`<${name}> is no FHIR element`);
    // A name that stands twice repeats, whether it is known to or not.
    const list = repeats(name) || Object.hasOwn(properties, name);
    const { value, extra } = read(child);
    add(properties, name, value, list);
    if (extra) add(properties, `_${name}`, extra, list);
  }
  return properties;
}

function add(properties: Properties, name: string, value: unknown, list: boolean): void {
  if (value === undefined) return;
  if (!list) properties[name] = value;
  else {
    const before = properties[name];
    properties[name] = before === undefined ? [value] : Array.isArray(before) ? [...before, value] : [before, value];
  }
}

function read(element: XmlElement): { value: unknown; extra?: Properties } {
  const { local } = element;
  if (local === 'div') return { value: element.source };
  const [first] = element.children();
  if (first && (local === 'contained' || local === 'resource')) return { value: resourceOf(first) };
  const text = element.attr('value');
  const content = propertiesOf(element, local);
  const id = element.attr('id');
  const withId = id === undefined ? content : { id, ...content };
  if (text !== undefined) {
    return Object.keys(withId).length > 0
      ? { value: primitive(local, text), extra: withId }
      : { value: primitive(local, text) };
  }
  const url = element.attr('url');
  return { value: url === undefined ? withId : { url, ...withId } };
}

/** A value that is no boolean or number stays text, for the reader of the resource to refuse. */
function primitive(name: string, text: string): unknown {
  if (BOOLEANS.has(name) && (text === 'true' || text === 'false')) return text === 'true';
  if (NUMBERS.has(name) && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return text;
}
