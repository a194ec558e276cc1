#!/usr/bin/env bash
# One exchange of each kind with curl, openssl and ldapsearch, as a supplier's client would do it. Exits with 1 when one of them is
# not as expected. In the compose network names and ports are the real ones; beside "npm start" run `bash docker/demo/demo.sh`,
# which connects to loopback and the ports of SPINE_SIM_HTTPS_PORT, SPINE_SIM_LDAPS_PORT and SPINE_SIM_ADMIN_PORT.
# shellcheck disable=SC2016,SC2034,SC2154 # commands are strings, so that they can be shown before they run
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib.sh"
root=$(cd "$here/../.." && pwd)
examples=$here/examples
[ -d "$examples" ] || examples=$root/docs/examples
[ ! -x "$root/node_modules/.bin/node" ] || PATH=$root/node_modules/.bin:$PATH
export SPINE_SIM_ADMIN_URL=${SPINE_SIM_ADMIN_URL:-http://127.0.0.1:${SPINE_SIM_ADMIN_PORT:-8900}}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export LDAPTLS_CACERT=$work/ca.pem # for ldapsearch

options=(-sS --cacert ca.pem)
if [ "${SPINE_SIM_DEMO_NAMES:-}" = dns ]; then
  msg=msg.dev.spine2.ncrs.nhs.uk:443 ldap=ldap.vn03.national.ncrs.nhs.uk:636
else
  msg=127.0.0.1:${SPINE_SIM_HTTPS_PORT:-8443} ldap=127.0.0.1:${SPINE_SIM_LDAPS_PORT:-8636}
  # Without DNS: what is meant for port 443 of any name goes to the simulator on loopback.
  options+=(--connect-to ":443:$msg")
fi
token=()
[ -z "${SPINE_SIM_ADMIN_TOKEN:-}" ] || token=(-H "Authorization: Bearer $SPINE_SIM_ADMIN_TOKEN")
curl() { command curl "${options[@]}" "$@"; }
api() { local path=$1; shift; command curl -sS ${token[@]+"${token[@]}"} "$@" "$SPINE_SIM_ADMIN_URL$path"; }
post() { api "$1" -H 'Content-Type: application/json' -d "$2"; }

echo "In what follows, curl stands for: curl ${options[*]}"
echo "api <path> and post <path> <json> stand for curl to the admin API at $SPINE_SIM_ADMIN_URL"

section '1. Trust: the CA of the simulator, and a client certificate'
try 'sub CA and root; all that a client must be told' 'api /ca.pem | tee ca.pem' 'BEGIN CERTIFICATE'
try 'certificate, key, chain and PKCS#12 for a system of your own' 'spine-sim certs issue mhs.demo.nhs.uk' '^mhs.*'
mtls='--cert mhs.demo.nhs.uk.crt --key mhs.demo.nhs.uk.key'
try 'it chains to that CA' 'openssl verify -CAfile ca.pem mhs.demo.nhs.uk.crt' 'uk.crt: OK'

section '2. TLS: below 1.2 is refused with a real alert, on HTTPS and LDAPS alike'
for listener in "$msg -servername msg.dev.spine2.ncrs.nhs.uk" "$ldap -servername ldap.vn03.national.ncrs.nhs.uk"; do
  for version in tls1 tls1_1; do
    try 'refused' "openssl s_client -connect $listener -$version -cipher DEFAULT@SECLEVEL=0 </dev/null" 'alert protocol version'
  done
  for version in tls1_2 tls1_3; do
    try 'accepted' "openssl s_client -connect $listener -$version -CAfile ca.pem </dev/null" 'New, TLSv1.[23]' 'Verify return code: 0'
  done
done
try 'the journal says what the client offered, and what to change' \
  'api "/api/journal?protocol=tls&error=protocol-version&limit=1"' '"offeredVersions":[^]]*]' '"advice":"[^"]*"'

connect=(--https-port "${msg##*:}" --ldaps-port "${ldap##*:}")
try 'every version with every service, in one table' "spine-sim tls demo ${connect[*]}" 'TLS 1.0 refused.*' 'TLS 1.1 refused.*'

# A label before a host name leads to the space of that name, which has a clock of its own.
gas=before.gas.vn03.national.ncrs.nhs.uk
try 'a space is put back to the day before TLS 1.0 was blocked for CIS1 ...' 'spine-sim clock set 2025-05-26T12:00:00Z --space before' '2025-05-26.*'
try '... and there, only there, GAS still takes it' \
  "openssl s_client -connect $msg -servername $gas -tls1 -cipher DEFAULT@SECLEVEL=0 -CAfile ca.pem </dev/null" 'New, TLSv1.0' 'Verify return code: 0'

section '3. SDS: to whom, and by which contract, goes a message of an interaction?'
search="ldapsearch -LLL -x -o ldif-wrap=no -H ldaps://$ldap -b ou=services,o=nhs"
asked='(nhsMHSPartyKey=YES-0000806)(nhsMhsSvcIA=urn:nhs:names:services:psis:REPC_IN150016UK05)'
try 'endpoint and CPA id of the message handler' "$search '(&(objectClass=nhsMHS)$asked)' nhsMHSEndPoint nhsMhsCPAId" \
  'nhsMhsCPAId: S.*' 'nhsMHSEndPoint: https.*'
asked='(nhsIDCode=Z99901)(nhsAsSvcIA=urn:nhs:names:services:pdsquery:QUPA_IN000008UK02)'
try 'the accredited system of an organisation' "$search '(&(objectClass=nhsAS)$asked)' uniqueIdentifier nhsMHSPartyKey" \
  'uniqueIdentifier: .*' 'nhsMHSPartyKey: .*'

section '4. Synchronous messaging: PDS retrieval over mutual TLS'
sync="curl $mtls -H 'Content-Type: text/xml' -H 'SOAPAction: urn:nhs:names:services:pdsquery/QUPA_IN000008UK02' https://msg.dev.spine2.ncrs.nhs.uk/sync-service"
cp "$examples/pds-retrieval.xml" found.xml
sed 's/9996010007/9990000018/' found.xml >not-found.xml
try 'the record of 9996010007' "$sync --data-binary @found.xml" 'queryResponseCode code="OK"' '<family>[^<]*'
try 'a number that nobody has: the failure as PDS words it' "$sync --data-binary @not-found.xml" \
  'code="1" [^>]*displayName="No match[^"]*' 'queryResponseCode code="ID"'

section '5. ebXML: a reliable message is acknowledged'
message=$(newUuid)
sed "s/3E1D2C4B-0002-4000-8000-000000000001/$message/g" "$examples/gp-summary.mime" >summary.mime
type='multipart/related; boundary=demo-boundary; type="text/xml"; start="<ebXMLHeader@demo.example.nhs.uk>"'
try 'with its own id in RefToMessageId; a second copy would get the same answer' \
  "curl -i $mtls -H 'Content-Type: $type' -H 'SOAPAction: urn:nhs:names:services:psis/REPC_IN150016UK05' --data-binary @summary.mime https://msg.dev.spine2.ncrs.nhs.uk/reliablemessaging/reliablerequest" \
  'HTTP/1.1 202 Accepted' '<eb:Action>Acknowledgment' "<eb:RefToMessageId>$message"

section '6. CIS: login with a virtual smartcard, and the role assertion for its ticket'
gas=https://gas.vn03.national.ncrs.nhs.uk
try 'the card of user 555000000401, as its reader sees it' "post /api/cards/insert '{\"user\":\"555000000401\"}'" \
  '"id":"SC[0-9]*"' '"certificate":"-----BEGIN CERTIFICATE'
json certificate >card.crt
json privateKey >card.key
cp "$examples/auth-activate.xml" activate.xml
try 'GAS gives a challenge' "curl --data-binary @activate.xml $gas/login/authactivate" 'name="challenge">[^<]+' 'name="signature">[^<]{20}'
challenge=$(parameter challenge) signature=$(parameter signature)
openssl base64 -d -A <<<"$challenge" >challenge.bin
try 'the card signs it: CMS as S/MIME' \
  'openssl cms -sign -binary -nodetach -in challenge.bin -signer card.crt -inkey card.key | tee signed.smime' 'Content-Type: application/[a-z0-9-]*'
more="<gpPARAM name=\"challenge\">$challenge</gpPARAM>\n<gpPARAM name=\"signature\">$signature</gpPARAM>\n<gpPARAM name=\"uid\">555000000401</gpPARAM>"
more="$more\n<gpPARAM name=\"card_type\">p11</gpPARAM>\n<gpPARAM name=\"response\" encoding=\"base64\">$(openssl base64 -A -in signed.smime)</gpPARAM>"
awk -v more="$more" '/<\/gpOBJECT>/ { print more } { sub(">ACTIVATION<", ">AUTHENTICATION<"); print }' activate.xml >validate.xml
try 'name, role and SSO ticket' "curl --data-binary @validate.xml $gas/login/authvalidate" \
  'name="cn">[^<]*' 'name="nhsjobrole0"[^<]*' 'name="sso_ticket">[^<]*'
ticket=$(parameter sso_ticket)
try 'what a spine-enabled application asks for: a SAML assertion about user and role' \
  "curl -G --data-urlencode 'token=$ticket' https://sbapi.vn03.national.ncrs.nhs.uk/saml/RoleAssertion" \
  'StatusCode Value="[^"]*"' 'AttributeValue>555000000401' 'AttributeValue>[^<]*Nurse[^<]*'

section '7. MESH: handshake, send, list, download, acknowledge'
mesh=https://msg.dev.spine2.ncrs.nhs.uk/messageexchange
answer=$(api /api/clock)
now=$(json now)
sentAt=$(tr -cd '0-9' <<<"$now" | cut -c1-12)
# as <mailbox> <count>: one nonce for each client, and a count that rises.
as() { printf -- "$mtls -H 'Authorization: %s'" "$(meshToken "$1" "$message" "$2" "$sentAt")"; }
try 'the mailbox is there and the password is right' \
  "curl -i $(as X26ABC1 1) -H 'Mex-ClientVersion: demo' -H 'Mex-OSName: Linux' -H 'Mex-OSVersion: 1' $mesh/X26ABC1" 'HTTP/1.1 200 .*'
try 'taken, with a message id' \
  "curl -i $(as X26ABC1 2) -H 'Mex-To: X26ABC2' -H 'Mex-WorkflowID: TEST_WORKFLOW' -H 'Content-Type: text/plain' -d 'hello from the demo' $mesh/X26ABC1/outbox" \
  'HTTP/1.1 202 .*' '"message_?[iI][dD]": ?"[^"]*"'
id=$(grep -oE '"message_?[iI][dD]": ?"[^"]*"' <<<"$answer" | sed -E 's/.*"([^"]*)"$/\1/')
try 'it waits in the inbox of X26ABC2' "curl $(as X26ABC2 1) $mesh/X26ABC2/inbox" "$id"
try 'downloaded' "curl $(as X26ABC2 2) $mesh/X26ABC2/inbox/$id" 'hello from the demo'
try 'acknowledged, and gone from the inbox' "curl -i -X PUT $(as X26ABC2 3) $mesh/X26ABC2/inbox/$id/status/acknowledged" 'HTTP/1.1 200 .*'

section '8. Spine Secure Proxy: the capability statement of a GP Connect provider'
seconds=$(node -p "Math.floor(Date.parse('$now') / 1000)")
claims=$(sed -e "s/\"iat\": 1/\"iat\": $seconds/" -e "s/\"exp\": 2/\"exp\": $((seconds + 300))/" "$examples/gpconnect-claims.json")
jwt=$(printf '{"alg":"none","typ":"JWT"}' | base64url).$(printf '%s' "$claims" | base64url).
try 'both ASIDs are looked up in the directory, and the request goes on over mutual TLS' \
  "curl -H 'Ssp-TraceID: $message' -H 'Ssp-From: 200000000903' -H 'Ssp-To: 200000000921' -H 'Ssp-InteractionID: urn:nhs:names:services:gpconnect:fhir:rest:read:metadata-1' -H \"Authorization: Bearer \$jwt\" -H 'Accept: application/fhir+json' https://proxy.dev.spine2.ncrs.nhs.uk/https://gpc.example-supplier.thirdparty.nhs.uk/Z99901/STU3/1/gpconnect/fhir/metadata" \
  '"resourceType": ?"CapabilityStatement"' '"fhirVersion": ?"[^"]*"'

section '9. SMSP: do this NHS number and this date of birth belong together?'
cp "$examples/verify-nhs-number.xml" verify.xml
try 'they do' "curl -H 'Content-Type: text/xml' --data-binary @verify.xml https://simple-sync.dev.spine2.ncrs.nhs.uk/smsp/pds" \
  'SMSP-0000' '<value [^>]*value="true"[^>]*>'

section '10. What happened?'
try 'the newest exchanges, whatever their protocol' 'spine-sim journal --limit 4' '^.{20,}'
try 'the ebXML message of step 5 came, once: how a test asks' \
  "post /api/verify '{\"service\":\"messaging\",\"messageId\":\"$message\",\"atLeast\":1,\"atMost\":1,\"within\":\"2s\"}'" '"satisfied":true,"count":1'

finish
