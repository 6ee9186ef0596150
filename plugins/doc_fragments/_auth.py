# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Documents the options of module_utils/front/_auth_arguments.py."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - python >= 3.10
  - aiohttp >= 3.9
  - azure-core >= 1.38.0
  - azure-identity >= 1.25.2
notes:
  - >-
    A credential comes whole from one source: its fields are never put together from two. An empty string is unset, as
    an option and as an environment variable.
  - >-
    With O(auth_source=auto) the sources are, in this order: these options, if O(client_id) or O(ad_user) is given, or
    the section that O(profile) names; the environment; the section C([default]) of the file C(~/.azure/credentials);
    the Azure CLI; the managed identity of the machine that the task runs on.
  - >-
    Of several ways to sign in that one source describes completely, the first of these is used: O(oidc_token),
    O(oidc_token_file_path), O(secret), O(x509_certificate_path), O(ad_user) with O(password).
  - Run with C(-vvv) to see the source that was used.
options:
  auth_source:
    description:
      - Where the credential is looked for.
      - V(auto) tries one source after the other, see the notes.
      - V(env) takes the environment variables, or the section of the credentials file that E(AZURE_PROFILE) names.
      - V(credential_file) takes the section O(profile) of the file C(~/.azure/credentials).
      - V(cli) takes the account that is logged in to the Azure CLI.
      - >-
        V(msi) takes the managed identity of the machine that the task runs on; a user-assigned one is named by
        O(client_id) or E(AZURE_CLIENT_ID).
      - Can also be set by E(ANSIBLE_AZURE_AUTH_SOURCE) or E(AZURE_AUTH_SOURCE).
    type: str
    choices: [auto, cli, credential_file, env, msi]
    default: auto
  profile:
    description:
      - Section of the file C(~/.azure/credentials) to take. V(default) if unset and O(auth_source=credential_file).
      - Excludes the options of a credential.
      - Can also be set by E(AZURE_PROFILE).
    type: str
  subscription_id:
    description:
      - ID of the subscription. A full resource ID in another option has its own subscription, which is used for it.
      - If unset everywhere, and the Azure CLI signs in, that one's current subscription.
      - Can also be set by E(AZURE_SUBSCRIPTION_ID).
    type: str
  client_id:
    description:
      - Client ID of the application, or with O(auth_source=msi) of the user-assigned identity.
      - Can also be set by E(AZURE_CLIENT_ID).
    type: str
  secret:
    description:
      - Client secret of the application. Needs O(client_id) and O(tenant).
      - Can also be set by E(AZURE_SECRET) or E(AZURE_CLIENT_SECRET).
    type: str
  tenant:
    description:
      - ID or domain name of the tenant in which the application or the user is.
      - V(organizations) if unset and a user signs in by O(ad_user).
      - Can also be set by E(AZURE_TENANT) or E(AZURE_TENANT_ID).
    type: str
  ad_user:
    description:
      - Name of a user. Needs O(password).
      - This cannot work for a user who must sign in with a second factor, as most tenants require of everybody.
      - Can also be set by E(AZURE_AD_USER) or E(AZURE_USERNAME).
    type: str
  password:
    description:
      - Password of the user. Needs O(ad_user).
      - Can also be set by E(AZURE_PASSWORD).
    type: str
  cloud_environment:
    description:
      - >-
        The cloud: V(AzureCloud), V(AzureUSGovernment), V(AzureChinaCloud), or the https URL of the Resource Manager of
        another one, whose C(/metadata/endpoints) is read.
      - V(AzureCloud) if unset, or the cloud to which the Azure CLI is set if that one signs in.
      - Can also be set by E(AZURE_CLOUD_ENVIRONMENT).
    type: str
  adfs_authority_url:
    description:
      - URL of the sign-in service, if it is not that of the cloud. That of AD FS ends with C(/adfs).
      - Can also be set by E(AZURE_ADFS_AUTHORITY_URL).
    type: str
  cert_validation_mode:
    description:
      - >-
        Whether the certificates of the servers are verified. With V(ignore) anybody between here and Azure can read the
        credential: name a private certificate authority in E(REQUESTS_CA_BUNDLE) instead.
      - V(validate) if unset.
      - Can also be set by E(AZURE_CERT_VALIDATION_MODE).
    type: str
    choices: [validate, ignore]
  x509_certificate_path:
    description:
      - >-
        File, in PEM or PKCS 12, of a certificate of the application with its private key, which must be an RSA key.
        Needs O(client_id) and O(tenant).
      - Can also be set by E(AZURE_X509_CERTIFICATE_PATH) or E(AZURE_CLIENT_CERTIFICATE_PATH).
    type: path
  x509_certificate_password:
    description:
      - Password of the private key, or of the PKCS 12 file.
      - Can also be set by E(AZURE_CLIENT_CERTIFICATE_PASSWORD).
    type: str
  thumbprint:
    description:
      - SHA-1 of the certificate, in hexadecimal. Not needed; if it is given, the certificate must have it.
      - Can also be set by E(AZURE_THUMBPRINT).
    type: str
  disable_instance_discovery:
    description:
      - >-
        Whether to trust the sign-in service without looking it up in the public list of Entra ID, for clouds that have
        no way there.
      - V(false) if unset, and V(true) if O(cloud_environment) is the URL of another cloud.
      - Can also be set by E(AZURE_DISABLE_INSTANCE_DISCOVERY).
    type: bool
  oidc_token:
    description:
      - >-
        Token of an issuer that the application trusts by a federated credential (workload identity federation). Needs
        O(client_id) and O(tenant).
      - Can also be set by E(AZURE_FEDERATED_TOKEN).
    type: str
  oidc_token_file_path:
    description:
      - File with such a token. It is read for every sign-in, since others replace it. Needs O(client_id) and O(tenant).
      - Can also be set by E(AZURE_FEDERATED_TOKEN_FILE).
    type: path
"""
