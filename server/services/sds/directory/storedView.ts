/** An entry of the directory as matching sees it: one view is moved from entry to entry. */
import type { AttributeType } from '../schema/attributeType.ts';
import type { Directory } from './directory.ts';
import type { EntryView } from './entry.ts';
import { operationalValue } from './operationalAttributes.ts';

export class StoredView implements EntryView {
  readonly directory: Directory;
  id = 0;

  constructor(directory: Directory) {
    this.directory = directory;
  }

  values(type: AttributeType): string[] {
    if (!type.operational) return this.directory.values(this.id, type);
    const value = operationalValue(this.directory, this.id, type);
    return value === undefined ? [] : [value];
  }

  get dn(): string {
    return this.directory.table.dn(this.id);
  }
}
