import type { Organisation } from '../types.ts';
import { type CheckContext, error, type Finding, warning } from './finding.ts';

export function* checkOrganisation({ ods, parent, part }: Organisation, { tables }: CheckContext): Generator<Finding> {
  if (parent === ods) yield error(['parent'], 'an organisation is not its own parent');
  if (part === undefined) return;
  if (parent === undefined) yield error(['part'], `a ${part} needs a parent`);
  else if (!tables.organisations.has(parent)) yield warning(['parent'], `there is no organisation "${parent}"`);
}
