"""Looks routes up as Python adaptors do: ldap3 with its defaults, which read and obey the server's schema."""
import json
import ssl
import sys

import ldap3

host, port, ca, spine = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
tls = ldap3.Tls(ca_certs_file=ca, validate=ssl.CERT_REQUIRED, version=ssl.PROTOCOL_TLSv1_2, valid_names=[spine])
server = ldap3.Server(host, port=port, use_ssl=True, tls=tls, get_info=ldap3.ALL)
connection = ldap3.Connection(server, auto_bind=True)
base = 'ou=services,o=nhs'
answers = {}


def search(name, filter_text, attributes, **options):
    connection.search(search_base=options.pop('base', base), search_filter=filter_text, attributes=attributes, **options)
    answers[name] = [dict(entry['attributes']) for entry in connection.response if entry['type'] == 'searchResEntry']
    answers[name + '.result'] = connection.result['result']


interaction = 'urn:nhs:names:services:psis:REPC_IN150016UK05'
search('as', f'(&(nhsIDCode=YES) (objectClass=nhsAs) (nhsAsSvcIA={interaction}))', ['nhsMHSPartyKey', 'uniqueIdentifier'])
party_key = answers['as'][0]['nhsMHSPartyKey']
connection.bind()
mhs = """nhsEPInteractionType nhsIDCode nhsMhsCPAId nhsMHSEndPoint nhsMhsFQDN nhsMHsIN nhsMHSIsAuthenticated nhsMHSPartyKey
nhsMHsSN nhsMhsSvcIA nhsProductKey uniqueIdentifier nhsMHSAckRequested nhsMHSActor nhsMHSDuplicateElimination
nhsMHSPersistDuration nhsMHSRetries nhsMHSRetryInterval nhsMHSSyncReplyMode""".split()
search('mhs', f'(&(objectClass=nhsMhs) (nhsMHSPartyKey={party_key}) (nhsMhsSvcIA={interaction}))', mhs)
search('echo', '(uniqueIdentifier=200000000901)', ['nhsIdCode', 'nhsMhsPartyKey', 'uniqueidentifier'])
search('manufacturer', '(&(nhsIDCode=TEST)(objectClass=nhsAs)(nhsMhsManufacturerOrg=TEST))', ['nhsMhsManufacturerOrg'])
search(
    'role',
    '(&(&(uniqueIdentifier=555000000103) (objectClass=nhsOrgPersonRole) (!(&(nhsOrgOpenDate=*) (nhsOrgOpenDate=>20260201))))'
    ' (!(&(nhsOrgCloseDate=*) (nhsOrgCloseDate<=20260130))))',
    ['uniqueIdentifier', 'nhsJobRoleCode', 'nhsOrgOpenDate', 'nhsOrgCloseDate'],
    base='ou=people,o=nhs',
)
search('all', '(uniqueIdentifier=200000000901)', ldap3.ALL_ATTRIBUTES)
search('operational', '(uniqueIdentifier=200000000901)', ldap3.ALL_OPERATIONAL_ATTRIBUTES)

entries = connection.extend.standard.paged_search(base, '(objectClass=nhsMhs)', attributes=['nhsMhsCPAId'], paged_size=100)
answers['paged'] = len({entry['dn'] for entry in entries if entry['type'] == 'searchResEntry'})
connection.search(base, '(nhsIDCode=Z99999)')
answers['none'] = [connection.result['result'], len(connection.response)]
try:
    connection.search(base, '(nhsNoSuchName=1)')
    answers['unknown'] = 'sent'
except ldap3.core.exceptions.LDAPAttributeError as error:
    answers['unknown'] = str(error)
answers['version'] = server.info.supported_ldap_versions
answers['contexts'] = server.info.naming_contexts
answers['classes'] = len(server.schema.object_classes)
answers['single'] = {name: server.schema.attribute_types[name].single_value for name in ['nhsMHSPartyKey', 'nhsMHSEndPoint']}
print(json.dumps(answers, default=str))
