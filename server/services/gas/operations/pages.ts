/** What answers name but nobody is known to fetch: the document type definition and the error page. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';

const DTD = `<!ELEMENT gpOBJECT (gpPARAM*)>
<!ELEMENT gpPARAM (#PCDATA)>
<!ATTLIST gpPARAM
  name CDATA #REQUIRED
  encoding CDATA #IMPLIED
  id CDATA #IMPLIED
  orgcode CDATA #IMPLIED>
`;

const ERROR_PAGE = `<!DOCTYPE html>
<html lang="en">
<head><title>Authentication error</title></head>
<body><h1>Authentication error</h1><p>The authentication service could not log you in.</p></body>
</html>
`;

const page =
  (type: string, body: string) =>
  (exchange: HttpExchange): Promise<HttpAnswer> =>
    exchange.decide(() => ({ status: 200, headers: [['Content-Type', type]], body }));

export const dtd = page('application/xml-dtd', DTD);
export const errorPage = page('text/html;charset=UTF-8', ERROR_PAGE);
