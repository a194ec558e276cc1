import { createPrivateKey, X509Certificate } from 'node:crypto';
import t from 'tap';
import { childrenOf, octetsOf, readElement } from '../../server/core/cms/ber.ts';
import { CmsError } from '../../server/core/cms/error.ts';
import { signMessage } from '../../server/core/cms/sign.ts';
import { readSignedData } from '../../server/core/cms/signedData.ts';
import { signerCertificate } from '../../server/core/cms/signer.ts';
import { unwrapSmime, wrapSmime } from '../../server/core/cms/smime.ts';
import { verifySignature } from '../../server/core/cms/verify.ts';
import { element, integer, objectId, octets, sequence, set, tagged } from '../../server/core/pki/der.ts';
import { openPki } from '../../server/core/pki/pki.ts';

const CONTENT = Buffer.from('0123456789abcdef0123456789abcdef0123456789abcdef');
const pki = await openPki({ dir: undefined, now: () => Date.now(), hosts: [], keyType: 'ec' });
const identity = await pki.issueCard({ uid: '555000000101' });
const certificate = new X509Certificate(identity.certificate);
const key = createPrivateKey(identity.privateKey);
const message = signMessage(CONTENT, key, certificate);

function check(bytes: Buffer): Buffer | undefined {
  const read = readSignedData(bytes);
  verifySignature(read, read.content ?? CONTENT, signerCertificate(read));
  return read.content;
}

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'none';
  } catch (error) {
    if (!(error instanceof CmsError)) throw error;
    return error.code;
  }
};

const indefinite = (tag: number, ...parts: Buffer[]) =>
  Buffer.concat([Buffer.of(tag, 0x80), ...parts, Buffer.of(0, 0)]);

t.test('what was signed is read and verified', async (t) => {
  t.same(check(message), CONTENT);
  t.same(check(unwrapSmime(wrapSmime(message))), CONTENT);
});

t.test('basic encoding: indefinite lengths, strings in pieces, long lengths', async (t) => {
  const pieces = element(0x24, octets(Buffer.from('ab')), element(0x24, octets(Buffer.from('c'))));
  t.equal(octetsOf(readElement(pieces)).toString(), 'abc');
  t.equal(octetsOf(readElement(indefinite(0x24, octets(Buffer.from('x')), octets(Buffer.from('y'))))).toString(), 'xy');
  t.equal(childrenOf(readElement(indefinite(0x30, integer(1), indefinite(0x30, integer(2))))).length, 2);
  t.equal(readElement(Buffer.of(0x04, 0x84, 0, 0, 0, 1, 7)).content.length, 1);
});

t.test('hostile encodings are refused, and quickly', async (t) => {
  const hostile: Buffer[] = [
    Buffer.alloc(0),
    Buffer.of(0x30),
    Buffer.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff),
    Buffer.of(0x30, 0x85, 1, 1, 1, 1, 1),
    Buffer.of(0x04, 0x80, 0, 0),
    Buffer.of(0x3f, 0x81, 0x01, 0x00),
    Buffer.concat(Array.from({ length: 30_000 }, () => Buffer.of(0x30, 0x80))),
    indefinite(0x30, integer(1)).subarray(0, 5),
  ];
  const began = performance.now();
  for (const bytes of hostile)
    t.equal(
      codeOf(() => readElement(bytes)),
      'encoding',
    );
  const wide = sequence(...Array.from({ length: 10_000 }, () => integer(1)));
  t.equal(
    codeOf(() => childrenOf(readElement(wide))),
    'encoding',
  );
  const nested = Array.from({ length: 60 }).reduce<Buffer>((inner) => element(0x24, inner), octets(Buffer.of(1)));
  t.equal(
    codeOf(() => octetsOf(readElement(nested))),
    'encoding',
  );
  t.ok(performance.now() - began < 5_000);
});

t.test('every truncation and every changed byte is refused or leaves the content as it is', async (t) => {
  for (let length = 0; length < message.length; length += 7) {
    t.not(
      codeOf(() => check(message.subarray(0, length))),
      'none',
      `${length} bytes`,
    );
  }
  for (let at = 0; at < message.length; at += 3) {
    for (const bit of [0x01, 0x80]) {
      const changed = Buffer.from(message);
      changed[at]! ^= bit;
      let content: Buffer | undefined = CONTENT;
      codeOf(() => {
        content = check(changed);
      });
      if (content !== undefined && !content.equals(CONTENT)) t.fail(`byte ${at} changes the content unnoticed`);
    }
  }
});

t.test('a message that is something else says what', async (t) => {
  const signedData = (...parts: Buffer[]) => sequence(objectId('1.2.840.113549.1.7.2'), tagged(0, sequence(...parts)));
  const head = [integer(1), set(), sequence(objectId('1.2.840.113549.1.7.1'))];
  t.equal(
    codeOf(() => readSignedData(integer(1))),
    'structure',
  );
  t.equal(
    codeOf(() => readSignedData(sequence(objectId('1.2.840.113549.1.7.1')))),
    'structure',
  );
  t.equal(
    codeOf(() => readSignedData(signedData(...head, set()))),
    'structure',
    'no signer',
  );
  t.equal(
    codeOf(() => readSignedData(signedData(...head, set(sequence(), sequence())))),
    'structure',
    'two signers',
  );
  t.equal(
    codeOf(() => readSignedData(Buffer.alloc(70_000, 0x30))),
    'structure',
    'too long',
  );
});

t.test('the signer must be in the message, by serial number or key identifier', async (t) => {
  const other = new X509Certificate((await pki.issueCard({ uid: '555000000201' })).certificate);
  const read = readSignedData(message);
  t.equal(
    codeOf(() => signerCertificate({ ...read, certificates: [] })),
    'certificate',
  );
  t.equal(
    codeOf(() => signerCertificate({ ...read, certificates: [other.raw] })),
    'certificate',
  );
  t.equal(
    codeOf(() => signerCertificate({ ...read, certificates: [Buffer.of(0x30, 0)] })),
    'certificate',
  );
  t.same(signerCertificate({ ...read, certificates: [other.raw, certificate.raw] }).raw, certificate.raw);
});

t.test('digests that no card uses, and algorithms that do not fit, are refused', async (t) => {
  const read = readSignedData(message);
  const alter = (signer: Partial<(typeof read)['signer']>) =>
    codeOf(() => verifySignature({ ...read, signer: { ...read.signer, ...signer } }, CONTENT, certificate));
  const md5 = objectId('1.2.840.113549.2.5').subarray(2).toString('hex');
  t.equal(alter({ digestAlgorithm: md5 }), 'algorithm');
  t.equal(
    alter({ signatureAlgorithm: '2a864886f70d01010b' }),
    'algorithm',
    'SHA-256 in the signature, SHA-1 in the signer',
  );
  t.equal(alter({ signatureAlgorithm: '2a8648ce3d0401' }), 'algorithm', 'ECDSA with an RSA key');
  t.equal(alter({ signatureAlgorithm: '00' }), 'algorithm');
  t.equal(alter({ signature: Buffer.alloc(256) }), 'signature');
  t.equal(alter({ signature: Buffer.alloc(0) }), 'signature');
});

t.test('signed attributes must hold the digest and the type of the content', async (t) => {
  const read = readSignedData(signMessage(CONTENT, key, certificate, { attributes: true }));
  t.equal(
    codeOf(() => verifySignature(read, CONTENT, certificate)),
    'none',
  );
  t.equal(
    codeOf(() => verifySignature(read, Buffer.from('other'), certificate)),
    'attributes',
  );
  t.equal(
    codeOf(() => verifySignature({ ...read, contentType: '00' }, CONTENT, certificate)),
    'attributes',
  );
  const values = new Map();
  t.equal(
    codeOf(() =>
      verifySignature(
        { ...read, signer: { ...read.signer, attributes: { signed: Buffer.alloc(0), values } } },
        CONTENT,
        certificate,
      ),
    ),
    'attributes',
  );
});
