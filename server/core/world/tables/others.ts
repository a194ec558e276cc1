/** Lookups of the nouns that need only one or two. */
import { Table } from '../table.ts';
import type { Card, Mailbox, SharingPair, Workgroup } from '../types.ts';

export class Cards extends Table<Card> {
  byUid(uid: string): Card[] {
    return this.where('uid', uid);
  }
}

export class Workgroups extends Table<Workgroup> {
  byOds(ods: string): Workgroup[] {
    return this.where('ods', ods);
  }

  /** Those directly below it in its own organisation's tree. */
  below(id: string): Workgroup[] {
    return this.where('parent', id);
  }

  /** Those of other organisations that name it as a parent. */
  belowElsewhere(id: string): Workgroup[] {
    return this.where('otherParent', id);
  }
}

export class Mailboxes extends Table<Mailbox> {
  byOds(ods: string): Mailbox[] {
    return this.where('ods', ods);
  }
}

export class Sharing extends Table<SharingPair> {
  /** The first pair that matches both ASIDs; undefined if none does. */
  decide(from: string, to: string): SharingPair | undefined {
    for (const pair of this.values()) {
      if ((pair.from === '*' || pair.from === from) && (pair.to === '*' || pair.to === to)) return pair;
    }
    return undefined;
  }
}
