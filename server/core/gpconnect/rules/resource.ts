/** Holds a resource and all that is in it against STU3 and the profiles of GP Connect. */
import { isResource, type Resource } from '../../fhir/resource.ts';
import { checkStructure } from '../../fhir/stu3/check.ts';
import { type Findings, PAGES } from '../finding.ts';
import { PROFILE_RULES } from './profiles.ts';

export const STRUCTURE = 'https://fhir.nhs.uk/STU3/StructureDefinition/';

type Wrong = { where: string; text: string };

interface Placed {
  resource: Resource;
  path: string;
  contained: boolean;
}

/** The resource, those of a bundle's entries, and what they contain. */
export function everyResource(resource: Resource): Placed[] {
  const found: Placed[] = [{ resource, path: resource.resourceType, contained: false }];
  const contained = (owner: Resource, path: string) => {
    for (const [index, each] of listOf(owner.contained).entries()) {
      if (isResource(each)) found.push({ resource: each, path: `${path}.contained[${index}]`, contained: true });
    }
  };
  contained(resource, resource.resourceType);
  for (const [index, entry] of listOf(resource.resourceType === 'Bundle' ? resource.entry : []).entries()) {
    const inner = (entry as { resource?: unknown } | null)?.resource;
    if (!isResource(inner)) continue;
    const path = `Bundle.entry[${index}].resource`;
    found.push({ resource: inner, path, contained: false });
    contained(inner, path);
  }
  return found;
}

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Values at a path as `a.b`, through lists. */
export function valuesAt(value: unknown, path: string): unknown[] {
  let values = [value];
  for (const name of path.split('.')) {
    values = values
      .flatMap((each) => (Array.isArray(each) ? each : [each]))
      .flatMap((each) => (typeof each === 'object' && each !== null ? [(each as Record<string, unknown>)[name]] : []))
      .filter((each) => each !== undefined && each !== null);
  }
  return values.flatMap((each) => (Array.isArray(each) ? each : [each]));
}

export function checkResources(findings: Findings, top: Resource): void {
  const structure = checkStructure(top).map(({ path, message }) => ({ where: path, text: message }));
  findings.each('structure of the resources', PAGES.stu3, structure);
  const profiles: Wrong[] = [];
  const versions: Wrong[] = [];
  const required: Wrong[] = [];
  const unused: Wrong[] = [];
  for (const { resource, path, contained } of everyResource(top)) {
    const rule = PROFILE_RULES[resource.resourceType];
    if (!rule) continue;
    const expected = STRUCTURE + rule.profile;
    const given = listOf(resource.meta?.profile).map((each) => String(each).replace(/\/_history\/.*$/, ''));
    if (!given.includes(expected)) profiles.push({ where: `${path}.meta.profile`, text: `must have ${expected}` });
    // What is contained has no life of its own.
    if (contained) continue;
    if (rule.versioned && !resource.meta?.versionId) {
      versions.push({
        where: `${path}.meta.versionId`,
        text: `is missing; a ${resource.resourceType} can be read by its id`,
      });
    }
    for (const name of rule.required) {
      if (valuesAt(resource, name).length === 0)
        required.push({ where: `${path}.${name}`, text: `is missing (${rule.rule})` });
    }
    for (const name of rule.unused ?? []) {
      if (valuesAt(resource, name).length > 0)
        unused.push({ where: `${path}.${name}`, text: `is not in use (${rule.rule})` });
    }
  }
  findings.each('profiles', PAGES.resources, profiles);
  findings.each('versions', PAGES.resources, versions);
  findings.each('required elements', PAGES.resources, required);
  findings.each('elements that are not in use', PAGES.suite, unused);
}

/** Every reference to a resource leads to one of the bundle; `except`: types that may lie elsewhere. */
export function checkReferences(findings: Findings, bundle: Resource, except: readonly string[], rule: string): void {
  const all = everyResource(bundle);
  const known = new Set(all.map(({ resource }) => `${resource.resourceType}/${resource.id}`));
  const wrong: Wrong[] = [];
  for (const { resource, path, contained } of all) {
    if (resource === bundle || contained) continue;
    const inside = new Set(listOf(resource.contained).map((each) => `#${(each as Resource | null)?.id}`));
    for (const reference of referencesIn(resource)) {
      if (reference.startsWith('#')) {
        if (!inside.has(reference)) wrong.push({ where: path, text: `${reference} is not contained in it` });
        continue;
      }
      const relative = /([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})$/.exec(reference)?.[1];
      if (!relative || known.has(relative) || except.includes(relative.split('/')[0]!)) continue;
      wrong.push({ where: path, text: `refers to ${reference}, which is not in the bundle` });
    }
  }
  findings.each('references lead to resources of the bundle', rule, wrong);
}

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'reference' && typeof inner === 'string' ? [inner] : referencesIn(inner),
  );
}
