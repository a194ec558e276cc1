import t from 'tap';
import { readResource } from '../../../server/core/fhir/read.ts';

t.test('where JSON breaks is said, without a word of the body', async (t) => {
  const fault = (text: string) => readResource(Buffer.from(text), 'json');
  t.same(fault('{"a": 1,\n "secret" 2}'), { fault: 'The body is not well-formed JSON: line 2, column 11' });
  t.same(fault('{"a": '), { fault: 'The body is not well-formed JSON: it ends too early' });
  t.match(fault('secret'), { fault: /^The body is not well-formed JSON[^s]*$/ });
});
