/** The optional signature of a role assertion: enveloped, exclusive C14N, SHA-256 (XML Signature 4, SAML 1.1 core 5). */
import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { canonicalise } from '../../../core/xml/canonical.ts';

const NAMESPACES = {
  samlp: 'urn:oasis:names:tc:SAML:1.0:protocol',
  saml: 'urn:oasis:names:tc:SAML:1.0:assertion',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
};
const ASSERTION = '/samlp:Response/saml:Assertion';
const SIGNED_INFO = `${ASSERTION}/ds:Signature/ds:SignedInfo`;
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** The outer assertion ends here; nothing is added beside the signature, so that the digest stays that of the text before. */
const END = /( *<\/saml:Assertion>\n<\/samlp:Response>\n)$/;

/** The response with its outer assertion signed. `key`: PKCS#8 PEM; `cert`: PEM, the signer's own first. */
export async function signResponse(response: string, { key, cert }: { key: string; cert: string }): Promise<string> {
  const id = /AssertionID="([^"]+)"/.exec(response)![1]!;
  const assertion = await canonicalise(response, {}, { xpath: ASSERTION, namespaces: NAMESPACES });
  const digest = createHash('sha256').update(assertion).digest('base64');
  const privateKey = createPrivateKey(key);
  const algorithm = privateKey.asymmetricKeyType === 'ec' ? 'ecdsa-sha256' : 'rsa-sha256';
  const certificate = new X509Certificate(cert).raw.toString('base64');
  const build = (value: string): string =>
    response.replace(END, (end) => signature({ id, digest, algorithm, value, certificate }) + end);
  const unsigned = await canonicalise(build(''), {}, { xpath: SIGNED_INFO, namespaces: NAMESPACES });
  const value = sign('sha256', Buffer.from(unsigned), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return build(value.toString('base64'));
}

interface Parts {
  id: string;
  digest: string;
  algorithm: string;
  value: string;
  certificate: string;
}

function signature({ id, digest, algorithm, value, certificate }: Parts): string {
  return `<ds:Signature xmlns:ds="${NAMESPACES.ds}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#${algorithm}"></ds:SignatureMethod><ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="${NAMESPACES.ds}enveloped-signature"></ds:Transform><ds:Transform Algorithm="${EXCLUSIVE}"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>${value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`;
}
