"""Python's own library: a rule in a space of its own, a retrieval from PDS, a verification."""
import json
import os
import socket
import ssl
import urllib.request
from http.client import HTTPResponse

ADMIN = os.environ.get("ADMIN", "http://127.0.0.1:8900")
PORT = int(os.environ.get("HTTPS_PORT", "8443"))
MESSAGE = os.environ.get("MESSAGE", "docs/examples/pds-retrieval.xml")
HOST = "msg.dev.spine2.ncrs.nhs.uk"
SPACE = "python-example"


def admin(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"X-Spine-Sim-Space": SPACE}
    if data is not None:
        headers["Content-Type"] = "application/json"
    with urllib.request.urlopen(urllib.request.Request(ADMIN + path, data, headers, method=method)) as response:
        text = response.read().decode()
    return json.loads(text) if text.startswith(("{", "[")) else text


def retrieve(context):
    """Where tests may set names (a hosts file, or the container's network), any client library does this by itself."""
    with open(MESSAGE, "rb") as file:
        body = file.read()
    head = (
        f"POST /sync-service HTTP/1.1\r\nHost: {HOST}\r\nX-Spine-Sim-Space: {SPACE}\r\nContent-Type: text/xml\r\n"
        f"SOAPAction: urn:nhs:names:services:pdsquery/QUPA_IN000008UK02\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", PORT)) as raw:
        with context.wrap_socket(raw, server_hostname=HOST) as connection:
            connection.sendall(head.encode() + body)
            response = HTTPResponse(connection)
            response.begin()
            return response.status, response.read().decode()


context = ssl.create_default_context(cadata=admin("GET", "/ca.pem"))
admin("PUT", "/api/rules/first-fails", {"times": 1, "when": {"service": "messaging"}, "do": {"answer": {"status": 503}}})
assert retrieve(context)[0] == 503
status, text = retrieve(context)
assert status == 200 and "QUPA_IN000009UK03" in text, text
verified = admin("POST", "/api/verify", {"filter": {"interaction": "QUPA_IN000008UK02"}, "atLeast": 2, "atMost": 2})
assert verified["satisfied"], verified
admin("DELETE", "/api/spaces/" + SPACE)
print("python: ok")
