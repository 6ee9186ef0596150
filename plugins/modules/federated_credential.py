#!/usr/bin/python
# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let programs outside Azure sign in as a user-assigned managed identity."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: federated_credential
short_description: Federated credentials of an Azure user-assigned managed identity
version_added: 0.1.0
author:
  - The managed_identity.azure authors (@managed-identity)
description:
  - Creates, changes and removes federated credentials of a user-assigned managed identity. With one, programs outside
    Azure sign in as the identity by a token of their own platform, such as GitHub Actions or Kubernetes, and need no
    secret.
  - Credentials that the task does not name stay as they are.
  - Everything that can be seen to be wrong, such as a 21st credential, is told before anything is written.
requirements:
  - azure-mgmt-msi >= 7.1.0
extends_documentation_fragment:
  - managed_identity.azure._auth
  - managed_identity.azure._timeout
  - managed_identity.azure._attributes
  - managed_identity.azure._attributes.change
options:
  identity:
    description:
      - The user-assigned identity, by its full resource ID, or by its bare name in O(resource_group).
    type: str
    required: true
  resource_group:
    description:
      - Resource group of an identity that is given by its bare name.
    type: str
  state:
    description:
      - Whether the credentials shall be there, as described, or not.
      - With V(absent) only their names count. An identity that does not exist has none, and that is no error.
    type: str
    choices:
      - present
      - absent
    default: present
  credentials:
    description:
      - The credentials. Azure allows 20 per identity, and each combination of issuer and subject once.
      - With O(state=present) each needs O(credentials[].issuer) and O(credentials[].subject), or
        O(credentials[].github), or O(credentials[].kubernetes).
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - Name of the credential, 3 to 120 letters, digits, C(-) or C(_), starting with a letter or digit.
          - Names are compared without case, as Azure does.
        type: str
        required: true
      issuer:
        description:
          - URL of the issuer of the tokens, exactly as they have it in C(iss).
        type: str
      subject:
        description:
          - Subject of the tokens, exactly as they have it in C(sub). There are no wildcards.
        type: str
      audiences:
        description:
          - The audience of the tokens, exactly as they have it in C(aud). Azure takes exactly one.
        type: list
        elements: str
        default:
          - api://AzureADTokenExchange
      github:
        description:
          - Trust workflows of GitHub Actions, and build issuer and subject from these parts.
          - Exactly one of O(credentials[].github.branch), O(credentials[].github.tag),
            O(credentials[].github.environment) and O(credentials[].github.pull_request) is needed.
        type: dict
        suboptions:
          repository:
            description:
              - The repository as V(owner/name).
              - Repositories that were created, renamed or transferred after July 15, 2026, and those that have opted in,
                have the numbers of owner and repository in their subjects. Give them as V(owner@123456/name@456789).
              - C(gh api repos/OWNER/NAME/actions/oidc/customization/sub) tells which of the two a repository has.
            type: str
            required: true
          branch:
            description:
              - Workflows that run on this branch, in jobs without an environment.
            type: str
          tag:
            description:
              - Workflows that run on this tag, in jobs without an environment.
            type: str
          environment:
            description:
              - Jobs that name this environment.
            type: str
          pull_request:
            description:
              - Workflows that a pull request triggers, in jobs without an environment.
            type: bool
          issuer:
            description:
              - Issuer, for GitHub Enterprise. V(https://token.actions.githubusercontent.com) if not set.
            type: str
      kubernetes:
        description:
          - Trust a service account of a Kubernetes cluster, and build the subject from these parts.
        type: dict
        suboptions:
          issuer:
            description:
              - URL of the cluster's issuer of tokens, exactly as the tokens have it, with its slash at the end if it has
                one. For AKS C(az aks show --query oidcIssuerProfile.issuerUrl) tells it.
            type: str
            required: true
          namespace:
            description:
              - Namespace of the service account.
            type: str
            required: true
          service_account:
            description:
              - Name of the service account.
            type: str
            required: true
notes:
  - Azure takes one write at a time to the credentials of one identity. The module writes one after another, and waits
    for other writers until O(wait_timeout). Tasks on different identities may run at the same time.
  - A credential works some minutes after it was written; until then Entra ID answers C(AADSTS70021).
  - To give issuer and subject of a credential to one of another name, remove the first one in a task before.
  - In check mode an identity that does not exist gives a warning, and all credentials count as to be created.
  - The caller needs C(Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read), C(write) and
    C(delete) on the identity, as in the role Managed Identity Contributor.
seealso:
  - module: managed_identity.azure.identity_permissions_info
  - name: Workload identity federation
    description: What federated credentials are, and their limits.
    link: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
"""

EXAMPLES = r"""
---
- name: Let GitHub Actions deploy from the main branch and from the environment production
  managed_identity.azure.federated_credential:
    identity: deploy
    resource_group: shop
    credentials:
      - name: github-main
        github:
          repository: contoso/shop
          branch: main
      - name: github-production
        github:
          repository: contoso@123456/shop@456789
          environment: production

- name: Let a service account of a cluster sign in as an identity that is named by its ID
  managed_identity.azure.federated_credential:
    identity: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app
    credentials:
      - name: cluster-app
        kubernetes:
          issuer: https://westeurope.oic.prod-aks.azure.com/0f5d8a39-6c1f-4d0e-8b63-6f3f2d9e0003/2f9b6a44-0000-4000-8000-000000000007/
          namespace: shop
          service_account: app

- name: Any other issuer
  managed_identity.azure.federated_credential:
    identity: deploy
    resource_group: shop
    credentials:
      - name: gitlab
        issuer: https://gitlab.com
        subject: project_path:contoso/shop:ref_type:branch:ref:main

- name: Trust pull requests no more
  managed_identity.azure.federated_credential:
    identity: deploy
    resource_group: shop
    state: absent
    credentials:
      - name: github-pull-requests
"""

RETURN = r"""
---
federated_credentials:
  description:
    - All federated credentials of the identity after the task, sorted by name. In check mode as they would be.
  returned: when they could be read
  type: list
  elements: dict
  contains:
    id:
      description: Resource ID, as Azure spells it.
      type: str
      returned: always
      sample: /subscriptions/.../userAssignedIdentities/deploy/federatedIdentityCredentials/github-main
    name:
      description: Name of the credential.
      type: str
      returned: always
      sample: github-main
    issuer:
      description: URL of the issuer of the tokens.
      type: str
      returned: always
      sample: https://token.actions.githubusercontent.com
    subject:
      description: Subject of the tokens.
      type: str
      returned: always
      sample: repo:contoso/shop:ref:refs/heads/main
    audiences:
      description: Audience of the tokens.
      type: list
      elements: str
      returned: always
      sample:
        - api://AzureADTokenExchange
created:
  description: Names of the credentials that were created. If the task fails, those that were created before.
  returned: when the credentials could be read
  type: list
  elements: str
  sample:
    - github-main
updated:
  description: Names of those that were changed.
  returned: when the credentials could be read
  type: list
  elements: str
  sample: []
removed:
  description: Names of those that were removed.
  returned: when the credentials could be read
  type: list
  elements: str
  sample: []
diff:
  description: The credentials before and after.
  returned: with C(--diff)
  type: dict
  sample:
    before:
      federated_credentials: []
    after:
      federated_credentials:
        - name: github-main
          issuer: https://token.actions.githubusercontent.com
          subject: repo:contoso/shop:ref:refs/heads/main
          audiences:
            - api://AzureADTokenExchange
error:
  description: What went wrong, as data. RV(ignore:msg) says the same in a sentence.
  returned: failure
  type: dict
  contains:
    status:
      description: HTTP status of Azure's answer. V(null) if there was none.
      type: int
      returned: always
      sample: 403
    code:
      description: Azure's error code.
      type: str
      returned: always
      sample: LinkedAuthorizationFailed
    message:
      description: Azure's message, or that of the module.
      type: str
      returned: always
      sample: The client has permission to perform action 'Microsoft.Compute/virtualMachines/write' ...
    request_id:
      description: Azure's ID of the request, for its support.
      type: str
      returned: always
      sample: 2f9b6a44-0000-4000-8000-000000000007
    target:
      description: The resource or address that the call was about.
      type: str
      returned: always
      sample: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web-01
    remedy:
      description: What can be done about it. Empty if the module does not know.
      type: str
      returned: always
      sample: Give the caller the role Managed Identity Operator on the identity.
"""

from typing import NoReturn

from ansible_collections.managed_identity.azure.plugins.module_utils.front._module import run_module
from ansible_collections.managed_identity.azure.plugins.module_utils.front.identities._federated_credential import (
    OPERATION,
)


def main() -> NoReturn:
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
