/** The HL7 data types in the flavours of the public message schemas: what a value may be. */
import type { XmlElement } from '../../../../server/core/xml/element.ts';

const NPFIT = '2.16.840.1.113883.2.1.3.2.4';
const UUID = /^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$/;
const ASID = '1.2.826.0.1285.0.2.0.107';

/** Coded values: system (none for CS) and codes. */
const CODES: Record<string, [system: string | undefined, codes: RegExp]> = {
  gender: [undefined, /^[0129]$/],
  smspGender: [`${NPFIT}.16.25`, /^[0129]$/],
  language: [undefined, /^[a-z]{2}$/],
  sensitivity: [`${NPFIT}.16.1`, /^[YBS]$/],
  sensitivity72: [`${NPFIT}.16.1`, /^[YS]$/],
  consentType: [`${NPFIT}.17.164`, /^[46]$/],
  consent: [`${NPFIT}.16.2`, /^[1245]$/],
  death: [`${NPFIT}.16.5`, /^[12]$/],
  contactMethod: [`${NPFIT}.16.16`, /^[1-8]$/],
  writtenFormat: [`${NPFIT}.16.17`, /^1[123]$/],
  healthspace: [`${NPFIT}.16.7`, /^\w{1,2}$/],
  interpreter: [`${NPFIT}.16.39`, /^[01]$/],
  previousContact: [`${NPFIT}.17.38`, /^[01]$/],
  provision: [`${NPFIT}.17.37`, /^(1|P[123])$/],
  practice: [`${NPFIT}.17.37`, /^1$/],
  relationship: [`${NPFIT}.16.15`, /^(0[1-9]|1[0-9]|2[01]|98|99)$/],
  nextOfKin: [`${NPFIT}.16.13`, /^1$/],
  correspondence: [`${NPFIT}.16.4`, /^1$/],
  removal: [`${NPFIT}.17.168`, /^(DEA|EMB|SCT|NIT|AFN|AFL|SDN|SDL|TRA|RFI|RDI|RDR|RPR|OPA|CGA|DIS|LDN|X|ORR|CAN)$/],
  registration01: [`${NPFIT}.17.165`, /^01$/],
  registration02: [`${NPFIT}.17.165`, /^02$/],
  registration04: [`${NPFIT}.17.165`, /^04$/],
  ethnic: [`${NPFIT}.16.6`, /^[A-Z][A-Z0-9]{0,2}$/],
  authority: [`${NPFIT}.16.20`, /^[a-y]$/],
  source: [`${NPFIT}.17.170`, /^01$/],
  recorded: [`${NPFIT}.17.170`, /^02$/],
  snomed: [`${NPFIT}.15`, /^\d+$/],
  deliveryLocation: [`${NPFIT}.17.173`, /^\d$/],
  abnormality: [`${NPFIT}.17.171`, /^[NUY]$/],
  stillbirth: [`${NPFIT}.17.172`, /^\d$/],
  obstetric: [undefined, /^OBS$/],
  processing: [undefined, /^P$/],
  mode: [undefined, /^T$/],
  acceptAck: [undefined, /^NE$/],
  version: [undefined, /^(V3NPfIT4\.2\.00|3NPfIT6\.3\.01|3NPfIT7\.2\.00|V3NPfIT3\.0)$/],
  response: [undefined, /^(OK|ID|NF)$/],
  qualifier: [undefined, /^(ER|WG|IF)$/],
  warning: [`${NPFIT}.17.104`, /^WG$/],
  validIdentifier: [`${NPFIT}.17.287`, /^VI$/],
};
for (const code of ['2', '3', '8', '9', '10', '12', '13', '15', '17', '45']) {
  CODES[`observation${code}`] = [`${NPFIT}.17.35`, new RegExp(`^${code}$`)];
}

/** Identifiers: root and extension. */
const IDS: Record<string, [root: RegExp, extension: RegExp | undefined]> = {
  uuid: [UUID, undefined],
  nhsNumber: [/^2\.16\.840\.1\.113883\.2\.1\.4\.1$/, /^\d{10}$/],
  objectId: [/^2\.16\.840\.1\.113883\.2\.1\.3\.2\.4\.18\.1$/, /^[A-Za-z0-9]{1,20}$/],
  ods: [/^2\.16\.840\.1\.113883\.2\.1\.4\.3$/, /^[A-Z0-9]{3,9}$/],
  organisation: [/^(2\.16\.840\.1\.113883\.2\.1\.4\.3|1\.2\.826\.0\.1285\.0\.1\.10)$/, /^[A-Z0-9]{3,9}$/],
  any: [/^[0-2](\.\d+)+$/, /^\S.*$/],
  asid: [new RegExp(`^${ASID.replaceAll('.', '\\.')}$`), /^\d{12}$/],
  interaction: [/^2\.16\.840\.1\.113883\.2\.1\.3\.2\.4\.12$/, /^[A-Z]{4}_IN\d{6}UK\d\d$/],
};

const DATE = /^\d{4}(\d\d(\d\d(\d{4}(\d\d)?)?)?)?$/;
const ADDRESS_PARTS = ['streetAddressLine', 'postalCode', 'addressKey', 'desc', 'city', 'county', 'country'];
const ADDRESS_USES = ['H', 'TMP', 'PST', 'PHYS', 'BAD', 'HP', 'HV', 'WP'];
const NAME_PARTS = ['prefix', 'given', 'family', 'suffix'];
const NAME_USES = /^(L|A|PREFERRED|PREVIOUS(-BIRTH|-MAIDEN|-BACHELOR)?|I|R)$/;
const CONTACT = /^(tel|fax|mailto|textphone|sms):\S.*$/;

type Check = (element: XmlElement, path: string) => string[];

const wrong = (path: string, right: boolean, what: string) => (right ? [] : [`${path}: ${what}`]);

const attribute =
  (name: string, pattern: RegExp): Check =>
  (element, path) =>
    wrong(path, pattern.test(element.attr(name, '') ?? ''), `@${name} is "${element.attr(name, '')}"`);

const interval: Check = (element, path) => {
  const children = element.children();
  const faults = children.flatMap((bound) => attribute('value', DATE)(bound, `${path}/${bound.local}`));
  const names = children.map(({ local }) => local).join(' ');
  return [...faults, ...wrong(path, /^(low|high|low high|center)$/.test(names), `holds "${names}"`)];
};

/** Parts in any order, then these others in their order. */
function parts(element: XmlElement, path: string, free: string[], then: string[]): string[] {
  const names = element.children().map(({ local }) => local);
  const rest = names.slice(names.findLastIndex((name) => free.includes(name)) + 1);
  const known = names.every((name) => free.includes(name) || then.includes(name));
  const ordered = rest.every((name, index) => index === 0 || then.indexOf(name) >= then.indexOf(rest[index - 1]!));
  return wrong(path, known && ordered, `holds ${names.join(' ')}`);
}

const within = (element: XmlElement, path: string, name: string, type: string) =>
  element.children(name).flatMap((child) => checkType(type, child, `${path}/${name}`, new Set()));

const CHECKS: Record<string, { attributes: string[]; check: Check }> = {
  TS: { attributes: ['value'], check: attribute('value', DATE) },
  second: { attributes: ['value'], check: attribute('value', /^\d{14}$/) },
  INT: { attributes: ['value'], check: attribute('value', /^\d+$/) },
  percent: {
    attributes: ['unit', 'value'],
    check: (element, path) => [
      ...attribute('value', /^\d{1,3}\.\d\d$/)(element, path),
      ...attribute('unit', /^%$/)(element, path),
    ],
  },
  BL: { attributes: ['value'], check: attribute('value', /^(true|false)$/) },
  ANY: { attributes: [], check: () => [] },
  ST: { attributes: [], check: (element, path) => wrong(path, element.children().length === 0, 'is no text') },
  IVL: { attributes: [], check: interval },
  AD: {
    attributes: ['use'],
    check: (element, path) => [
      ...wrong(path, ADDRESS_USES.includes(element.attr('use', '') ?? ''), `use ${element.attr('use', '')}`),
      ...wrong(path, element.children('streetAddressLine').length === 5, 'has not five lines'),
      ...wrong(path, element.attr('use', '') === 'TMP' || !element.child('desc'), 'has a desc'),
      ...parts(element, path, ADDRESS_PARTS, ['useablePeriod', 'id']),
      ...within(element, path, 'useablePeriod', 'IVL'),
      ...within(element, path, 'id', 'II:objectId'),
    ],
  },
  LINES: {
    attributes: [],
    check: (element, path) => [
      ...wrong(path, element.children('streetAddressLine').length === 5, 'has not five lines'),
      ...parts(element, path, ADDRESS_PARTS, []),
    ],
  },
  PLACE: { attributes: [], check: (element, path) => parts(element, path, ADDRESS_PARTS, []) },
  PN: {
    attributes: ['use'],
    check: (element, path) => [
      ...wrong(path, NAME_USES.test(element.attr('use', '') ?? 'L'), `use ${element.attr('use', '')}`),
      ...parts(element, path, NAME_PARTS, ['validTime', 'id']),
      ...within(element, path, 'validTime', 'IVL'),
      ...within(element, path, 'id', 'II:objectId'),
    ],
  },
  TEL: {
    attributes: ['use', 'value'],
    check: (element, path) => [
      ...attribute('value', CONTACT)(element, path),
      ...attribute('use', /^(H|HP|HV|WP|AS|EC|PG|MC)$/)(element, path),
      ...parts(element, path, [], ['useablePeriod', 'id']),
      ...within(element, path, 'useablePeriod', 'IVL'),
      ...within(element, path, 'id', 'II:objectId'),
    ],
  },
  issue: {
    attributes: ['code', 'codeSystem', 'displayName'],
    check: (element, path) => [
      ...attribute('codeSystem', /^2\.16\.840\.1\.113883\.2\.1\.3\.2\.4\.17\.(42|32)$/)(element, path),
      ...attribute('code', /^.+$/)(element, path),
      ...attribute('displayName', /^.+$/)(element, path),
      ...wrong(path, element.children('qualifier').length <= 1, 'has several qualifiers'),
    ],
  },
};

export const isType = (type: string): boolean => type.includes(':') || Object.hasOwn(CHECKS, type);

/** Faults of one element; `others`: attributes that its place allows besides. */
export function checkType(type: string, element: XmlElement, path: string, others: ReadonlySet<string>): string[] {
  const { attributes, check } = typeOf(type);
  const strange = element.attributes.filter(({ name }) => !attributes.includes(name) && !others.has(name));
  return [...strange.map(({ name }) => `${path}/@${name} is not in the schema`), ...check(element, path)];
}

function typeOf(type: string): { attributes: string[]; check: Check } {
  const [kind, name] = type.split(':') as [string, string];
  if (kind === 'II') {
    const [root, extension] = IDS[name]!;
    const attributes = extension ? ['root', 'extension'] : ['root'];
    return {
      attributes,
      check: (element, path) => [
        ...attribute('root', root)(element, path),
        ...(extension ? attribute('extension', extension)(element, path) : []),
      ],
    };
  }
  if (kind === 'CV') {
    const [system, codes] = CODES[name]!;
    return {
      attributes: system === undefined ? ['code'] : ['code', 'codeSystem'],
      check: (element, path) => [
        ...attribute('code', codes)(element, path),
        ...wrong(path, element.attr('codeSystem', '') === system, `codeSystem ${element.attr('codeSystem', '')}`),
      ],
    };
  }
  return CHECKS[type]!;
}
