/** Resources from anywhere as XML: whatever is in them, the result is a document. */
import t from 'tap';
import { formatOf, readAccept } from '../../../server/core/fhir/format.ts';
import type { Resource } from '../../../server/core/fhir/resource.ts';
import { toXml } from '../../../server/core/fhir/xml.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';

const written = (elements: object) => toXml({ resourceType: 'Patient', ...elements } as Resource);

t.test('names and values that FHIR has not are left out', async (t) => {
  const cases: Record<string, object> = {
    'names of elements': { 'a b': 1, '<x>': 2, '': 3, '_a b': { id: '1' }, 'x:y': 4 },
    'names of resources': { contained: [{ resourceType: 'a b', id: '1' }, { resourceType: 'Patient<' }] },
    'ids and addresses': { name: [{ id: { toString: 1 } }], extension: [{ url: ['x'], valueString: 'y' }] },
    'lists of lists': { name: [[['x']]] },
    controls: { gender: 'fe\u0001male\ufffe\ud800' },
  };
  for (const [name, elements] of Object.entries(cases)) t.equal(parseXml(written(elements)).local, 'Patient', name);
});

t.test('a narrative is left as it is if it is XHTML', async (t) => {
  const good = '<div xmlns="http://www.w3.org/1999/xhtml"><b>Bold</b></div>';
  t.ok(written({ text: { status: 'generated', div: good } }).includes(good));
  for (const div of ['<div><b></div>', 'plain', '<div>&nbsp;</div>', '<div/><div/>', '</text></Patient>']) {
    const xml = written({ text: { status: 'generated', div } });
    t.equal(parseXml(xml).children()[0]!.children().length, 2, div);
  }
});

t.test('a form is no name of something that every object has', async (t) => {
  for (const name of ['constructor', 'toString', '__proto__']) {
    t.equal(formatOf(name), undefined, name);
    t.equal(readAccept(name).format, undefined, name);
  }
});
