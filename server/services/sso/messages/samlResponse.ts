/**
 * The SAML 1.x response of RoleAssertion, laid out as the recorded ones: no declaration, indented by four blanks, ids of the
 * response "null", MinorVersion 1 under the namespaces of 1.0, prefixes declared where they are first used. One known reader
 * loses the first character of a value unless a line break and blanks stand before `AttributeValue`, and wants AttributeName first.
 */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { Ids } from '../../../core/ids/ids.ts';
import { type Session, userDn } from '../../../core/sessions/session.ts';
import { escapeAttribute, escapeText } from '../../../core/xml/escape.ts';
import type { AssertionAttribute } from './assertionAttributes.ts';

const ATTRIBUTE_NAMESPACE = 'http://www.syntegra.com';

/** Conditions begin so long before the issue and end so long after it. */
const VALID_BEFORE_MS = 180_000;
const VALID_AFTER_MS = 60_000;

/** The last character of an assertion id, after 40 hexadecimal digits. */
const ID_LETTERS = 'ghijklmnopqrstuvwxyz';

export interface SamlSettings {
  recipient: string;
  issuer: string;
}

/** `2026-02-03T10:30:51Z` */
export const samlTime = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

const assertionId = (ids: Ids): string => ids.hex(40) + ID_LETTERS[ids.int(ID_LETTERS.length)];

function attributeLines({ name, values }: AssertionAttribute): string {
  const lines = values.map(
    (value) => `                <saml:AttributeValue>${escapeText(value)}</saml:AttributeValue>\n`,
  );
  return `            <saml:Attribute AttributeName="${name}" AttributeNamespace="${ATTRIBUTE_NAMESPACE}">
${lines.join('')}            </saml:Attribute>
`;
}

function response({ recipient }: SamlSettings, now: number, content: string): HttpAnswer {
  const body = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:1.0:protocol" ResponseID="null" InResponseTo="null" MajorVersion="1" MinorVersion="1" IssueInstant="${samlTime(now)}" Recipient="${escapeAttribute(recipient)}">
${content}</samlp:Response>
`;
  return { status: 200, headers: [['Content-Type', 'text/xml;charset=UTF-8']], body };
}

/** The assertion for a live session; `now` in milliseconds since 1970. */
export function samlSuccess(
  settings: SamlSettings,
  ids: Ids,
  now: number,
  session: Session,
  attributes: readonly AssertionAttribute[],
): HttpAnswer {
  const dn = escapeText(userDn(session.uid));
  const issued = `Issuer="${escapeAttribute(settings.issuer)}" IssueInstant="${samlTime(now)}"`;
  const conditions = `<saml:Conditions NotBefore="${samlTime(now - VALID_BEFORE_MS)}" NotOnOrAfter="${samlTime(now + VALID_AFTER_MS)}"/>`;
  return response(
    settings,
    now,
    `    <samlp:Status>
        <samlp:StatusCode Value="samlp:Success"/>
    </samlp:Status>
    <saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" MajorVersion="1" MinorVersion="1" AssertionID="${assertionId(ids)}" ${issued}>
        ${conditions}
        <saml:AttributeStatement>
            <saml:Subject>
                <saml:NameIdentifier NameQualifier="o=nhs">${dn}</saml:NameIdentifier>
                <saml:SubjectConfirmation>
                    <saml:ConfirmationMethod>urn:com:sun:identity</saml:ConfirmationMethod>
                    <saml:SubjectConfirmationData>
                        <saml:Assertion MajorVersion="1" MinorVersion="1" AssertionID="${assertionId(ids)}" ${issued}>
                            ${conditions}
                            <saml:AuthenticationStatement AuthenticationInstant="${samlTime(session.loginAt)}" AuthenticationMethod="urn:com:sun:identity:ExtendedLoginModule">
                                <saml:Subject>
                                    <saml:NameIdentifier NameQualifier="o=nhs">${dn}</saml:NameIdentifier>
                                    <saml:SubjectConfirmation>
                                        <saml:ConfirmationMethod>urn:com:sun:identity</saml:ConfirmationMethod>
                                        <saml:SubjectConfirmationData>${escapeText(session.ticket)}</saml:SubjectConfirmationData>
                                    </saml:SubjectConfirmation>
                                </saml:Subject>
                                <saml:SubjectLocality IPAddress="${escapeAttribute(settings.recipient)}"/>
                            </saml:AuthenticationStatement>
                        </saml:Assertion>
                    </saml:SubjectConfirmationData>
                </saml:SubjectConfirmation>
            </saml:Subject>
${attributes.map(attributeLines).join('')}        </saml:AttributeStatement>
    </saml:Assertion>
`,
  );
}

/** Requester: the ticket is of no use; Responder: a fault here. The wording is assumed; no assertion may be there. */
export function samlFailure(
  settings: SamlSettings,
  now: number,
  code: 'Requester' | 'Responder',
  message: string,
): HttpAnswer {
  return response(
    settings,
    now,
    `    <samlp:Status>
        <samlp:StatusCode Value="samlp:${code}"/>
        <samlp:StatusMessage>${escapeText(message)}</samlp:StatusMessage>
    </samlp:Status>
`,
  );
}
