/** Search (RFC 4511 4.5): what is asked for, where it begins, and how it ends. */
import { performance } from 'node:perf_hooks';
import type { BerWriter } from '../ber/writer.ts';
import { EntryEncoder, writeTextEntry } from '../directory/encodeEntry.ts';
import { compileFilter } from '../directory/matcher.ts';
import { Search } from '../directory/search.ts';
import type { Selection } from '../directory/selection.ts';
import { selectText, storedText, type TextEntry } from '../directory/textEntry.ts';
import type { Filter } from '../protocol/filter.ts';
import { type Control, type RequestOf, Scope } from '../protocol/message.ts';
import { type LdapResult, ResultError, result } from '../protocol/result.ts';
import { ResultCode } from '../protocol/resultCode.ts';
import { locate, type Place } from './locate.ts';
import type { Call } from './operation.ts';
import { type Page, pageControl, requestedPage } from './pagedResults.ts';

/** RFC 4511 4.5.1.4: 0 asks for no limit of the client's own. */
const MAX_INT = 2_147_483_647;

export class SearchOperation {
  count = 0;
  controls: Control[] = [];
  result: LdapResult = result(ResultCode.success);
  #call: Call<RequestOf<'search'>>;
  #search: Search | undefined;
  #selection: Selection | undefined;
  #encoder: EntryEncoder | undefined;
  #page: Page | undefined;
  #text: TextEntry | undefined;
  #deadline = Number.POSITIVE_INFINITY;

  constructor(call: Call<RequestOf<'search'>>) {
    this.#call = call;
    try {
      this.#prepare();
    } catch (error) {
      if (!(error instanceof ResultError)) throw error;
      this.result = error.result;
    }
  }

  #prepare(): void {
    const { request, controls, directory, session, startTls, connectionId } = this.#call;
    const { filter, scope, sizeLimit, timeLimit } = request;
    if (scope < Scope.base || scope > Scope.subordinate)
      throw new ResultError(ResultCode.protocolError, 'unknown scope');
    if (sizeLimit < 0 || timeLimit < 0) throw new ResultError(ResultCode.protocolError, 'negative limit');
    if ('refused' in filter) throw new ResultError(filter.refused.code, filter.refused.message);
    this.#page = requestedPage(request, controls, connectionId);
    const place = locate(request.base, directory, startTls);
    if ('result' in place) {
      this.result = place.result;
      return;
    }
    const view = directory.viewOf(session);
    this.#selection = view.selections.get(request.attributes);
    if (place.view) {
      this.#aboutServer(place, filter);
      return;
    }
    if (this.#page?.ended) {
      this.controls = [pageControl(this.#page, undefined)];
      return;
    }
    const { settings, entries } = directory;
    const limit = Math.min(sizeLimit || MAX_INT, settings.sizeLimit);
    this.#search = new Search(
      entries,
      { base: place.id, scope, filter, sizeLimit: limit, pageSize: this.#page?.size, after: this.#page?.after },
      view.match,
    );
    this.#encoder = new EntryEncoder(entries, this.#selection, request.typesOnly);
    this.#deadline = performance.now() + Math.min(timeLimit || MAX_INT, settings.timeLimitSeconds) * 1000;
  }

  /** Root DSE and subschema are found by their own name only: a search below the empty name finds nothing (RFC 4512 5.1). */
  #aboutServer(place: Extract<Place, { text: TextEntry }>, filter: Filter): void {
    const { request, directory, session } = this.#call;
    const covered = request.scope === Scope.base || (place.dn !== '' && request.scope === Scope.sub);
    if (!covered) {
      this.result = result(ResultCode.noSuchObject);
      return;
    }
    if (compileFilter(filter, directory.viewOf(session).match)(place.view)) {
      this.#text = selectText(place.text, this.#selection!, request.typesOnly);
    }
    if (this.#page) this.controls = [pageControl(this.#page, undefined)];
  }

  /** Writes the next entries of the answer. True when there are no more: `result` and `controls` then end it. */
  run(writer: BerWriter, messageId: number): boolean {
    if (this.#text) {
      writeTextEntry(writer, messageId, this.#text.dn, this.#text.attributes);
      this.count = 1;
    }
    if (!this.#search) return true;
    return this.#portion(() => this.#search!.run(writer, messageId, this.#encoder!));
  }

  /** The whole answer as texts, for rules that look at entries or change them. */
  texts(): TextEntry[] {
    if (this.#text) this.count = 1;
    if (this.#text || !this.#search) return this.#text ? [this.#text] : [];
    const { directory, request } = this.#call;
    const entries: TextEntry[] = [];
    const take = (id: number) => {
      entries.push(storedText(directory.entries, id, this.#selection!, request.typesOnly));
      return true;
    };
    while (!this.#portion(() => this.#search!.walk(take)));
    return entries;
  }

  /** Names in the attribute list that mean nothing to the directory. */
  get unknownAttributes(): readonly string[] {
    return this.#selection?.unknown ?? [];
  }

  #portion(step: () => boolean): boolean {
    const search = this.#search!;
    let done = step();
    this.count = search.count;
    if (!done && performance.now() > this.#deadline) {
      this.result = result(ResultCode.timeLimitExceeded);
      return true;
    }
    if (done) {
      this.result = result(search.code);
      if (this.#page) this.#endPage(search);
      done = true;
    }
    return done;
  }

  /** The limit of the directory holds for each page, and only ends the page (RFC 2696 3). */
  #endPage(search: Search): void {
    const { request } = this.#call;
    const serverEndedPage = search.code === ResultCode.sizeLimitExceeded && request.sizeLimit === 0;
    if (serverEndedPage) this.result = result(ResultCode.success);
    const more = search.morePages || serverEndedPage;
    this.controls = [pageControl(this.#page!, more ? search.last : undefined)];
  }
}
