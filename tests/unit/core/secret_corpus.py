# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets of all shapes, none of which opens anything, and texts that only look a little like them."""

from __future__ import annotations

import base64
import json

__all__ = ["ANYWHERE", "AS_WORDS", "INNOCENT", "JWT", "PEM", "pem"]


def _noise(size: int, first: bytes = b"") -> str:
    """Base64 of bytes that look random, and are the same each time."""
    return base64.b64encode(first + bytes((i * i * 7 + i * 31 + 11) % 256 for i in range(size))).decode()


def pem(label: str = "PRIVATE KEY", newline: str = "\n") -> str:
    """A key in PEM of lines of 64 characters."""
    body = _noise(1190)
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return newline.join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def _jwt_part(**claims: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


PEM = pem()
JWT = f"{_jwt_part(alg='RS256', typ='JWT')}.{_jwt_part(aud='api://x', sub='y')}.{_noise(256).rstrip('=')}".replace(
    "+", "-"
).replace("/", "_")
_ENTRA = "abc8Q" + "~" + "Defgh.ijk-LMNOP_qrstuvwxyz0123456"
_PKCS8, _PKCS12 = bytes.fromhex("308204bc020100300d0609"), bytes.fromhex("30820a190201033082")
_RSA, _ENCRYPTED = bytes.fromhex("308204a30201000282010100"), bytes.fromhex("30820522304e06092a864886f70d01050d")
_EC = bytes.fromhex("308187020100301306072a8648ce3d0201")
_OPENSSH = b"openssh-key-v1" + bytes(2)
_OPAQUE = "s3" + "sameSAME09" * 4

# name -> (the text, what of it must not be seen). These are found whatever stands before and after them.
ANYWHERE = {
    "pem": (PEM, PEM[28:-27]),
    "rsa pem": (pem("RSA PRIVATE KEY"), PEM[28:-27]),
    "pem on one line": (pem(newline=" "), pem(newline=" ")[28:-27]),
    "pem with escapes": (pem(newline="\\n"), pem(newline="\\n")[28:-27]),
    "pem with escapes of windows": (pem(newline="\\r\\n"), PEM[30:80]),
    "certificate and key": (pem("CERTIFICATE") + PEM, PEM[28:-27]),
    "jwt": (JWT, JWT[20:]),
    "jwt without signature": (JWT.rpartition(".")[0] + ".", JWT[20:60]),
    "entra secret": (_ENTRA, _ENTRA[6:]),
    "entra secret of 34": (_ENTRA + "7x", _ENTRA[6:] + "7x"),
    "pkcs 8": (_noise(1000, _PKCS8), _noise(1000, _PKCS8)[16:]),
    "pkcs 12": (_noise(2000, _PKCS12), _noise(2000, _PKCS12)[16:]),
    "rsa key": (_noise(1000, _RSA), _noise(1000, _RSA)[16:]),
    "encrypted key": (_noise(1000, _ENCRYPTED), _noise(1000, _ENCRYPTED)[24:]),
    "ec key": (_noise(120, _EC), _noise(120, _EC)[16:]),
    "url": ("https://joe:s3same@proxy.corp:3128/x", "s3same"),
    "url with odd password": ("http://joe:s3/sa?m#e@proxy.corp:3128", "sa?m#e"),
    "url with at in the password": ("http://joe:s3@same@proxy.corp:3128", "same"),
    "url with a token as user": ("https://s3same-open@git.corp/x", "s3same"),
    "encoded user information": ("https://joe%40corp:s3same%21@proxy.corp/", "s3same"),
    "encoded url": ("to=https%3A%2F%2Fjoe%3As3same%40proxy.corp%2Fx", "s3same"),
    "client_secret": ("client_id=x&client_secret=s3same&scope=y", "s3same"),
    "client_assertion": ("client_assertion=s3same-opaque", "s3same"),
    "password": ("grant_type=password&username=joe&password=s3%20same", "s3%20same"),
    "quoted password": ('password="s3 \\"same"', "same"),
    "variable": ("AZURE_CLIENT_SECRET=s3same", "s3same"),
    "line of a credentials file": ("secret = s3same", "s3same"),
    "json": ('{"client_secret": "s3 same", "x": 1}', "s3 same"),
    "json in json": ('{"body": "{\\"access_token\\": \\"s3same\\"}"}', "s3same"),
    "repr": ("{'refreshToken': 's3same'}", "s3same"),
    "sas": ("https://a.blob.core.windows.net/c?sv=2024-01-01&sig=s3%2Fsame%3D&se=2030", "s3%2Fsame"),
    "authorization code": ("https://x/?code=0.AXoAs3same_s3same_s3same&state=1", "s3same"),
    "connection string": ("DefaultEndpointsProtocol=https;AccountKey=s3same==;EndpointSuffix=x", "s3same"),
    "openssh key without its header": (_noise(1000, _OPENSSH), _noise(1000, _OPENSSH)[20:]),
    **{f"token {word}": (word + _OPAQUE, _OPAQUE) for word in ("ghp_", "github_pat_", "glpat-", "xoxb-", "npm_")},
    **{f"token {word}": (word + _OPAQUE, _OPAQUE) for word in ("dop_v1_", "AGE-SECRET-KEY-1")},
    "password in plain text": ("password: hunter2secret", "hunter2secret"),
    "client secret in plain text": ("ERROR: client_secret: abc123s3same", "abc123s3same"),
    "refresh token in plain text": ("refresh_token: 0.AbCdEfgHiJkL", "AbCdEfgHiJkL"),
    "aws secret": ("aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYKEY", "K7MDENG/bPxRfiCYKEY"),
    "password with a bracket": ("password: s3same(1)more", "s3same(1)more"),
    "password after two names": ("token: password: s3same1", "s3same1"),
    "password with a blank in a url": ("http://joe:s3 same@proxy.corp:3128/x", "s3 same"),
    "bearer": ("Bearer s3same-opaque.token~1", "s3same"),
    "header": ("'Authorization': 'Basic czNzYW1l'", "czNzYW1l"),
    "proxy's header": ("Proxy-Authorization: Basic czNzYW1l", "czNzYW1l"),
}
# These are found where they are words of their own.
AS_WORDS = {
    **{f"token {word}": (word + _OPAQUE, _OPAQUE) for word in ("AIza", "ya29.", "sk-ant-", "hvs.")},
    "basic": ("Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA"),
    "basic in small letters": ("basic dXNlcjpww6Rzc3dvcmQK", "dXNlcjpww6Rzc3dvcmQK"),
    "basic without padding": ("Basic dXNlcjpwYXNzd29yZA", "dXNlcjpwYXNzd29yZA"),
    "cookie": ("Cookie: session=s3same; theme=dark", "s3same"),
    "second cookie": ("Cookie: theme=dark; session=s3same", "s3same"),
    "cookie that is set": ("Set-Cookie: session=s3same; Path=/; HttpOnly", "s3same"),
    "header of a cookie": ("'Cookie': 'session=s3same'", "s3same"),
    "short secret in plain text": ("client_secret: abc123", "abc123"),
    "password of mixed letters": ("pwd: sWoRdFiShEs", "sWoRdFiShEs"),
    "password of letters and a sign": ("Password: sword$fish!", "sword$fish"),
    "password of small letters": ("passphrase: correcthorsebatterystaple", "correcthorsebatterystaple"),
    "password of digits": ("password: 90210731", "90210731"),
    "password in quotes": ("password: 'two words s3same'", "two words s3same"),
    "password with a quote": ('password: "s3same1\\"more"', 'same1\\"more'),
    "key in a header": ("api-key: s3same1, next", "s3same1"),
    "password that begins as a variable": ("password: $s3same1", "s3same1"),
    "truncated jwt": (JWT[:40], JWT[20:40]),
    "key cut at its beginning": (PEM[200:], PEM[200:-27]),
    "key cut at its end": (PEM[:400], PEM[28:400]),
    "another base64 key": ("MIIJ" + _noise(300), _noise(300)),
    "base64 in lines": (base64.encodebytes(_PKCS12 + bytes(range(250))).decode(), "Dw8QERITFBUWFxgZGhscHR4f"),
    "storage key": (_noise(64), _noise(64)),
    "proxy without scheme": ("joe:s3same@proxy.corp:3128", "s3same"),
    "proxy without scheme, odd password": ("joe:s3/s@me@proxy.corp:3128", "s@me"),
    "proxy in a variable": ("HTTPS_PROXY=joe:s3same@proxy", "s3same"),
    "proxy in a sentence": ("HTTPS_PROXY is 'joe:s3same@proxy', which", "s3same"),
}

_SUBSCRIPTION = "/subscriptions/8d3b2f60-5b0a-4b0f-9a43-c4a7c3a3c001"
_CERTIFICATE = _noise(900, bytes.fromhex("308203773082025fa003")).replace("+", "-").replace("/", "_").rstrip("=")
INNOCENT = (
    "",
    "8d3b2f60-5b0a-4b0f-9a43-c4a7c3a3c001",
    f"{_SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Compute/virtualMachines/vm-web-01",
    f"{_SUBSCRIPTION}/resourcegroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-secret-token",
    f"https://management.azure.com{_SUBSCRIPTION}/providers/Microsoft.Compute/locations/westeurope/operations/"
    f"8b392700-0000-4000-8000-000000000001?p=571046f6&api-version=2024-07-01&t=638&c={_CERTIFICATE}&s=abc_-&h=def-_",
    "Request ID 0e7d3b1a-1111-2222-3333-444455556666; x-ms-routing-request-id: WESTEUROPE:20260109T020212Z:0e7d3b1a",
    "The thumbprint A1B2C3D4E5F60718293A4B5C6D7E8F9011223344 is not that of the certificate /etc/azure/app.pem.",
    'ETag "1", W/"datetime\'2026-01-09T02%3A02%3A12.1234567Z\'"',
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 ee:1.0@sha256:0123456789abcdef",
    "joe@contoso.com, live.com#joe@contoso.com, owner:joe@contoso.com, mailto:joe@contoso.com, joe@corp:22",
    "https://graph.microsoft.com/v1.0/users/joe@contoso.com and git@github.com:org/repo.git",
    "https://localhost:8443/users/joe@contoso.com, https://[::1]:8443/joe@contoso.com",
    "ssh-rsa AAAAB3NzaC1yc2E" + _noise(270) + " joe@host",
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    "AADSTS7000215: Invalid client secret provided. See https://login.microsoftonline.com/error?code=7000215 or ask.",
    "x509_certificate_password is given, but the private key in /etc/app.pem is not encrypted.",
    "line 3 gives secret of [default] again; secret: it is not set; token: none; Set password, or ad_user.",
    "Could not get a token: ManagedIdentityCredential authentication unavailable; token: OpenIdConnect, not OAuth.",
    "ERROR: Failed to get the access token: AADSTS700016: Application with identifier 'x' was not found.",
    "token: https://login.microsoftonline.com/v2.0 does not answer",
    "oidc_token: /var/run/secrets/tokens/id1 is no file.",
    "Cannot get a token: HTTPSConnectionPool(host='login.microsoftonline.com', port=443): Max retries exceeded",
    "Cannot get a token: login.microsoftonline.com:443 does not answer, nor does the next; token: 169.254.169.254:80.",
    "Give one secret: client_secret or AZURE_CLIENT_SECRET. Password: joe@contoso.com has none. Das Token: ungültig.",
    "access token: 2026-01-09T02:02:12Z is past; secret: C:\\Users\\joe2\\secret.txt; password: {{ vault_password1 }}",
    "password: ${PASSWORD1}, password: $PASSWORD; sig: [abc123, x]; token: 401; passphrase: (none); key: abc123",
    "The token: multi-tenant application registration; invalid password: misconfigured/uninitialised, can't be read",
    "Basic authentication is disabled, Basic permissions; basic information: none. Basic SKU, Basic_A1, basic/free",
    "Cookie: there is none; cookies: see the documentation. Set-Cookie: it was not sent",
    "Write it as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, percent-encoded.",
    "https://host:8443 or joe@corp, http://HOST:PORT, not joe@contoso.com. https://host: ask joe@contoso.com",
    "Set the time zone of disk-ant-0123456789012345678901, archvs.0123456789012345678901.",
    'Bearer authorization_uri="https://login.windows.net/common", error="invalid_token", the Bearer scheme',
    "does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write' over scope '/x'",
    "https://x/y?$skiptoken=abc&$filter=principalId eq '1'; continuationToken=x; error code=Conflict",
    '{"properties": {"disablePasswordAuthentication": true, "adminUsername": "joe", "clientSecretUrl": "https://x/"}}',
    "REQUESTS_CA_BUNDLE names /etc/ssl/ca.pem; HTTPS_PROXY is http://proxy.corp:3128, NO_PROXY=localhost,10.0.0.0/8",
    "wait_timeout of 600 s passed while waiting for the answer. 10:20:30 12:00:00@ a:b C:\\Users\\joe:x@y",
    "Tenant 'contoso.onmicrosoft.com' \x00 \ud800 \udcff é 漢字 🔑 ******** /etc/azure/eyJ.pem MIIabc Q~ -----",
)
