/** Puts invented values in the place of what recordings tell of people, the same for the same in one recording. */
import { checkDigit, isNhsNumber } from '../hl7/nhsNumber.ts';
import type { Mask } from '../journal/mask.ts';

/** Numbers that begin so are never issued: whoever has one is invented already. */
const INVENTED = '999';

/** Recorded people get numbers of this range. */
const FIRST_NINE = 999_800_000;

/** Texts of HL7 v3 and FHIR XML elements, and of FHIR JSON members, by what takes their place. */
const NAMES: Record<string, (n: number) => string> = {
  family: (n) => `FAMILY${n}`,
  given: (n) => `GIVEN${n}`,
  streetAddressLine: (n) => `${n} INVENTED STREET`,
  line: (n) => `${n} INVENTED STREET`,
  postalCode: () => 'ZZ99 3WZ',
  birthTime: () => '19700101',
  birthDate: () => '1970-01-01',
};

const TEN_DIGITS = /(?<!\d)\d{10}(?!\d)/g;
const NAME = Object.keys(NAMES).join('|');
const ELEMENT_TEXT = new RegExp(`(<(?:[\\w.-]+:)?(${NAME})(?:\\s[^>]*)?>)([^<]+)(?=<)`, 'g');
const ELEMENT_VALUE = new RegExp(`(<(?:[\\w.-]+:)?(${NAME})\\s[^>]*?value=")([^"]+)(?=")`, 'g');
const MEMBER = new RegExp(`("(${NAME})"\\s*:\\s*(?:\\[\\s*)?")((?:[^"\\\\]|\\\\.)+)(?=")`, 'g');
/** A number may be written with spaces: all of the attribute, member or text. */
const TELECOM = /(?:tel|mailto|fax|textphone|sms):[^"'<\n]+/g;
const PHONE = /("value"\s*:\s*")(\+?[\d ()-]{9,20}|[^"\s@]+@[^"\s@]+)(?=")/g;

export class Scrubber {
  readonly #mask: Mask;
  readonly #people: boolean;
  readonly #known = new Map<string, string>();
  #numbers = 0;

  /** `people` false: only secrets go. */
  constructor(mask: Mask, people = true) {
    this.#mask = mask;
    this.#people = people;
  }

  text(text: string): string {
    if (!this.#people) return this.#mask.text(text);
    const named = (_: string, begin: string, name: string, value: string) => begin + this.#named(name, value);
    return this.#mask
      .text(text)
      .replace(ELEMENT_TEXT, named)
      .replace(ELEMENT_VALUE, named)
      .replace(MEMBER, named)
      .replace(TELECOM, (address) => `${address.slice(0, address.indexOf(':'))}:00000000000`)
      .replace(PHONE, (_, begin: string) => `${begin}00000000000`)
      .replace(TEN_DIGITS, (digits) => this.nhsNumber(digits));
  }

  /** The invented number of a person; ten digits that are no NHS number stay. */
  nhsNumber(digits: string): string {
    if (!this.#people || !isNhsNumber(digits) || digits.startsWith(INVENTED)) return digits;
    return this.#instead(`nhs ${digits}`, () => {
      for (;;) {
        const nine = String(FIRST_NINE + this.#numbers++);
        const digit = checkDigit(nine);
        if (digit !== undefined) return nine + digit;
      }
    });
  }

  #named(name: string, value: string): string {
    return value.trim() === '' ? value : this.#instead(`${name} ${value}`, (n) => NAMES[name]!(n));
  }

  #instead(key: string, make: (n: number) => string): string {
    let made = this.#known.get(key);
    if (made === undefined) {
      made = make(this.#known.size + 1);
      this.#known.set(key, made);
    }
    return made;
  }
}
