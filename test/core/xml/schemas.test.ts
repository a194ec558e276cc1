import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { SchemaFolder } from '../../../server/core/xml/schemas.ts';

const XSD = (content: string) =>
  `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:test" xmlns="urn:test" elementFormDefault="qualified">${content}</xs:schema>`;

/** A small message family as the MIM lays one out: interactions in one folder, data types in another. */
async function folder(dir: string): Promise<SchemaFolder> {
  await mkdir(join(dir, 'Schemas'), { recursive: true });
  await mkdir(join(dir, 'dt'), { recursive: true });
  await mkdir(`${dir}-outside`, { recursive: true });
  const secret = join(`${dir}-outside`, 'secret.xsd');
  const types = XSD(
    '<xs:simpleType name="digits"><xs:restriction base="xs:string"><xs:pattern value="[0-9]+"/></xs:restriction></xs:simpleType>',
  );
  await writeFile(secret, types);
  await symlink(secret, join(dir, 'dt', 'linked.xsd'));
  await writeFile(join(dir, 'dt', 'types.xsd'), types);
  const one = (include: string) =>
    XSD(`<xs:include schemaLocation="${include}"/><xs:element name="ONE"><xs:complexType><xs:sequence>
<xs:element name="id" type="digits"/></xs:sequence></xs:complexType></xs:element>`);
  await writeFile(join(dir, 'Schemas', 'ONE.xsd'), one('../dt/types.xsd'));
  await writeFile(join(dir, 'Schemas', 'OUTSIDE.xsd'), one(`../../${dir.split('/').at(-1)}-outside/secret.xsd`));
  await writeFile(join(dir, 'Schemas', 'LINKED.xsd'), one('../dt/linked.xsd'));
  await writeFile(join(dir, 'Schemas', 'BROKEN.xsd'), '<xs:schema');
  return new SchemaFolder(dir);
}

t.test('validates against a schema of the folder and what it includes', async (t) => {
  const schemas = await folder(join(t.testdir(), 'mim'));
  t.equal(schemas.size, 6);
  t.same(await schemas.validate('ONE', '<ONE xmlns="urn:test"><id>12</id></ONE>'), {
    schema: 'Schemas/ONE.xsd',
    findings: [],
  });
  for (let again = 0; again < 2; again++) {
    const verdict = await schemas.validate('ONE', '<ONE xmlns="urn:test">\n<id>twelve</id></ONE>');
    t.match(verdict, {
      schema: 'Schemas/ONE.xsd',
      findings: [{ message: /twelve/, line: 2 }],
    });
  }
  t.equal(await schemas.validate('TWO', '<TWO/>'), undefined, 'no schema of that name');
});

t.test('a schema that is broken, or reaches out of the folder, is unusable and says so', async (t) => {
  const schemas = await folder(join(t.testdir(), 'mim'));
  for (const name of ['BROKEN', 'OUTSIDE', 'LINKED']) {
    const verdict = await schemas.validate(name, '<ONE xmlns="urn:test"><id>12</id></ONE>');
    t.match(verdict, { unusable: /./ }, name);
  }
});

t.test('a folder that is not there is refused', async (t) => {
  t.throws(() => new SchemaFolder(join(t.testdir(), 'none')), { code: 'ENOENT' });
});
