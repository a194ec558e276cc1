/** Errors that a rule wishes in place of the default behaviour. */
import type { MessagingWish } from '../../../core/rules/definition/messaging.ts';
import { type EbxmlError, FAULTS, type FaultError, MESSAGE_ERRORS, type Refusal } from '../errors.ts';

const ADVICE = 'A rule wishes this error; the entry names the rule.';

/** The refusal that the rule of an exchange wishes, if it wishes one. */
export function wishedRefusal(wish: MessagingWish | undefined): Refusal | undefined {
  if (wish?.soapFault !== undefined) {
    const { code, text, location } =
      typeof wish.soapFault === 'number' ? { code: wish.soapFault } : { ...wish.soapFault };
    return { error: faultOf(code, text, location), detail: `fault ${code} by rule`, advice: ADVICE };
  }
  if (wish?.ebxmlError === undefined) return undefined;
  const { code, severity, text } =
    typeof wish.ebxmlError === 'string' ? { code: wish.ebxmlError } : { ...wish.ebxmlError };
  return { error: ebxmlErrorOf(code, severity, text), detail: `ebXML error ${code} by rule`, advice: ADVICE };
}

/** With the words of that number where it is one that Spine gives by itself; else the words of its default. */
function faultOf(code: number, text: string | undefined, location: string | undefined): FaultError {
  const known = Object.values<FaultError>(FAULTS).find((fault) => fault.code === code) ?? FAULTS.systemFailure;
  return { ...known, code, name: `FAULT_${code}`, text: text ?? known.text, location: location ?? known.location };
}

function ebxmlErrorOf(code: string, severity: EbxmlError['severity'], text: string | undefined): EbxmlError {
  const known = Object.values<EbxmlError>(MESSAGE_ERRORS).find((error) => error.code === code);
  return {
    form: 'messageError',
    name: `EBXML_${code}`,
    code,
    text: text ?? known?.text ?? 'System Failure to process message',
    ...(severity === undefined ? {} : { severity }),
  };
}
