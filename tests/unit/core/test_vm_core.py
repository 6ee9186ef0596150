# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a VM's options can be seen to be wrong, what an existing VM differs in, what it leaves behind; and images."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import InvalidInput
from ansible_collections.managed_identity.azure.plugins.module_utils.core.vm._differences import (
    Difference,
    differences,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core.vm._image import (
    image_reference,
    image_text,
    is_image,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core.vm._new_vm import new_vm
from ansible_collections.managed_identity.azure.plugins.module_utils.core.vm._options import check_vm_options
from ansible_collections.managed_identity.azure.plugins.module_utils.core.vm._parts import Part, interface_ids, parts_of
from tests.unit.core.machines import FULL, GROUP, KEY, LEAST, NSG, SUBNET, VM, shown

NIC = f"{GROUP}/Microsoft.Network/networkInterfaces"
GALLERY = f"{GROUP}/Microsoft.Compute/galleries/g/images/i"


GOOD: list[tuple[dict[str, Any], str]] = [
    (FULL, "vm1"),
    ({}, "v" * 64),
    ({"os_type": "windows"}, "w" * 15),
    ({"custom_data": "x" * 65535}, "vm1"),
    ({"data_disks": [{"size_gb": 1, "lun": 63}, {"size_gb": 1, "lun": 0}]}, "vm1"),
    ({"os_disk": {"security_encryption": "NonPersistedTPM"}, "security_type": "ConfidentialVM"}, "vm1"),
]


@pytest.mark.parametrize(("options", "name"), GOOD)
def test_good_options_pass_and_stay_as_they_are(options: dict[str, Any], name: str) -> None:
    given = copy.deepcopy(options)
    check_vm_options(given, name)
    assert given == options


BAD: list[tuple[dict[str, Any], str]] = [
    ({"image": "x"}, "names no image"),
    ({"ssh_public_keys": [KEY, "ecdsa-sha2-nistp256 AAAA"]}, "not a public key"),
    ({"ssh_public_keys": ["ssh-rsa -----BEGIN PRIVATE KEY"]}, "not a public key"),
    ({"os_type": "windows", "ssh_public_keys": [KEY]}, "A Windows VM takes no ssh_public_keys. Set admin_password"),
    ({"os_type": "windows", "computer_name": "w" * 16}, "at most 15 characters with Windows. Set computer_name."),
    ({"computer_name": "l" * 65}, "no name for the computer: at most 64 characters. Set computer_name."),
    ({"custom_data": "é" * 32768}, "custom_data has more than 65535 bytes"),
    ({"custom_data": "a\ud800"}, "custom_data is no text: it holds half a character. Give valid UTF-8."),
    ({"data_disks": [{"size_gb": 0}]}, "A disk's size_gb is 0; it must be 1 or more"),
    ({"os_disk": {"size_gb": -1}}, "A disk's size_gb is -1"),
    ({"data_disks": [{"size_gb": 1, "lun": 2}, {"size_gb": 1, "lun": 2}]}, "the luns [2, 2]: each must be a number"),
    ({"data_disks": [{"size_gb": 1, "lun": 64}]}, "the luns [64]"),
    ({"data_disks": [{"size_gb": 1, "lun": -1}]}, "the luns [-1]"),
    ({"os_disk": {"security_encryption": "NonPersistedTPM"}, "security_type": "TrustedLaunch"}, "ConfidentialVM"),
    ({"secure_boot": False}, "secure_boot needs security_type: TrustedLaunch or ConfidentialVM"),
    ({"vtpm": True, "security_type": "Standard"}, "vtpm needs security_type"),
    ({"tags": {"a": {}}}, "The value of the tag 'a' is not a text"),
    ({"network_interfaces": ["a", "b "], "subnet_id": "x"}, "'x' is not the ID of a subnet. Expected /subscriptions"),
    ({"network_interfaces": [NSG]}, "not of a network interface"),
    ({"network_interfaces": ["-a"]}, "'-a' is not the name of a network interface: 1 to 80 letters"),
    ({"subnet_id": f"{NIC}/n/subnets/web"}, "not of a virtual network"),
    ({"subnet_id": SUBNET + "/-"}, "is not the ID of a subnet"),
    ({"subnet_id": SUBNET.replace("/subnets", " /subnets")}, "begins or ends with a blank. Expected /subscriptions"),
    ({"subnet_id": SUBNET.replace("/subnets", "/../subnets")}, "is not the ID of a subnet: it has the segment '..'."),
    ({"network_security_group_id": SUBNET}, "is not a resource ID"),
]


@pytest.mark.parametrize(("options", "says"), BAD, ids=[says for _options, says in BAD])
def test_bad_options_are_told(options: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_vm_options(options, "vm1")
    assert says in str(caught.value)
    assert "BEGIN" not in str(caught.value)


MADE = shown(new_vm(FULL, VM, "West Europe", None))
DIFFERENT: list[tuple[dict[str, Any], list[tuple[str, Any, Any]]]] = [
    ({"location": "North Europe"}, [("location", "NorthEurope", "westeurope")]),
    ({"location": "westeurope", "size": "standard_d2S_v5"}, []),
    ({"size": "Standard_B1s"}, [("size", "Standard_B1s", "Standard_D2s_v5")]),
    ({"admin_username": "bob"}, [("admin_username", "bob", "ada")]),
    ({"admin_password": "other", "custom_data": "other", "subnet_id": "x", "public_ip": False}, []),
    ({"computer_name": "other"}, [("computer_name", "other", "host")]),
    ({"os_type": "windows"}, [("os_type", "windows", "Linux")]),
    ({"license_type": "SLES_BYOS"}, [("license_type", "SLES_BYOS", "RHEL_BYOS")]),
    ({"security_type": "Standard"}, [("security_type", "Standard", "TrustedLaunch")]),
    ({"secure_boot": True, "vtpm": True}, [("secure_boot", True, False)]),
    ({"vtpm": False}, [("vtpm", False, True)]),
    ({"zone": "1"}, [("zone", "1", "2")]),
    ({"plan": {"name": "N", "product": "p", "publisher": "q"}}, []),
    (
        {"plan": {"name": "n", "product": "x", "publisher": "q"}},
        [("plan", {"name": "n", "product": "x", "publisher": "q"}, FULL["plan"])],
    ),
    ({"image": "canonical:Ubuntu:server:latest"}, []),
    ({"image": "Canonical:ubuntu:server:1.0"}, [("image", "Canonical:ubuntu:server:1.0", LEAST["image"])]),
    ({"image": GALLERY}, [("image", GALLERY, LEAST["image"])]),
    ({"ssh_public_keys": [f"{KEY}\n"]}, []),
    ({"ssh_public_keys": ["ssh-rsa B"]}, [("ssh_public_keys", ["ssh-rsa B"], [KEY])]),
    ({"ssh_public_keys": []}, []),
    ({"os_disk": {"size_gb": 128}}, [("os_disk.size_gb", 128, 64)]),
    ({"os_disk": {"type": "Standard_LRS"}}, [("os_disk.type", "Standard_LRS", "Premium_LRS")]),
    ({"os_disk": {"caching": "None", "delete_with_vm": True}}, [("os_disk.caching", "None", "ReadOnly")]),
    ({"os_disk": {"delete_with_vm": False}}, [("os_disk.delete_with_vm", False, True)]),
    ({"data_disks": [{"size_gb": 16}]}, []),
    ({"data_disks": [{"size_gb": 9, "lun": 1}]}, [("data_disks[lun 1].size_gb", 9, 8)]),
    ({"data_disks": [{"size_gb": 9, "lun": 5}]}, [("data_disks[lun 5]", "9 GB", None)]),
    ({"tags": {"TEAM": "web", "cost": "7"}}, []),
    ({"tags": {"team": "Web", "x": 1}}, [("tags.team", "Web", "web"), ("tags.x", "1", None)]),
    ({"network_interfaces": ["MADE"]}, []),
    ({"network_interfaces": ["made", "b"]}, [("network_interfaces", [f"{NIC}/made", f"{NIC}/b"], [f"{NIC}/made"])]),
]


@pytest.mark.parametrize(("options", "expected"), DIFFERENT, ids=lambda value: str(value)[:60])
def test_differences(options: dict[str, Any], expected: list[tuple[str, Any, Any]]) -> None:
    assert [(one.option, one.wanted, one.found) for one in differences(options, MADE)] == expected


def test_of_a_vm_that_azure_says_little_of_little_differs() -> None:
    bare = {"id": str(VM), "location": "westeurope"}
    found = {one.option: one.found for one in differences(FULL, bare)}
    assert {name: value for name, value in found.items() if value not in (None, [])} == {
        "license_type": "None",
        "security_type": "Standard",
        "zone": "none",
    }
    assert set(found) - {"license_type", "security_type", "zone"} == {
        *("image", "plan", "ssh_public_keys", "data_disks[lun 0]", "data_disks[lun 1]"),
        *("tags.Team", "tags.cost", "tags.paid", "tags.empty"),
    }
    assert parts_of(bare) == interface_ids(bare) == []


def test_a_difference_in_words_and_as_data() -> None:
    one = Difference("size", "b", "a")
    assert str(one) == "size is 'a' instead of 'b'"
    assert one.to_result() == {"option": "size", "wanted": "b", "found": "a"}


def test_parts_by_azures_own_default_stay() -> None:
    body = {
        "properties": {
            "storageProfile": {
                "osDisk": {"managedDisk": {"id": "o"}},
                "dataDisks": [{"managedDisk": {"id": "d"}, "deleteOption": "Delete"}, {"vhd": {"uri": "u"}}],
            },
            "networkProfile": {
                "networkInterfaces": [{"id": "n"}, {"id": "m", "properties": {"deleteOption": "Delete"}}]
            },
        }
    }
    assert parts_of(body) == [Part("o", False), Part("d", True), Part("n", False), Part("m", True)]
    assert interface_ids(body) == ["n", "m"]


URN = {"publisher": "a", "offer": "b", "sku": "c", "version": "latest"}
IMAGES: list[tuple[Any, dict[str, str]]] = [
    ("a:b:c:latest", URN),
    ("a:b:c:1.2", {**URN, "version": "1.2"}),
    ({"publisher": " a", "offer": "b", "sku": "c"}, URN),
    ({"publisher": "a", "offer": "b", "sku": "c", "version": 7, "id": None}, {**URN, "version": "7"}),
    (GALLERY, {"id": GALLERY}),
    ({"id": f"{GALLERY}/versions/1.0.0"}, {"id": f"{GALLERY}/versions/1.0.0"}),
    (f" {GROUP}/microsoft.compute/IMAGES/i ", {"id": f"{GROUP}/microsoft.compute/IMAGES/i"}),
    ("/CommunityGalleries/g/Images/i", {"communityGalleryImageId": "/CommunityGalleries/g/Images/i"}),
    ("/sharedGalleries/g/images/i/versions/1", {"sharedGalleryImageId": "/sharedGalleries/g/images/i/versions/1"}),
]


@pytest.mark.parametrize(("image", "reference"), IMAGES, ids=lambda value: str(value)[:60])
def test_images(image: Any, reference: dict[str, str]) -> None:
    assert image_reference(image) == reference
    assert image_reference(image_text(reference)) == reference
    assert is_image(reference, {name: value.upper() for name, value in reference.items()})
    assert not is_image(reference, {})


@pytest.mark.parametrize(
    ("image", "says"),
    [
        ("a:b:c", "names no image. Expected publisher:offer:sku:version, the ID"),
        ("a:b::d", "names no image"),
        ({}, "names no image"),
        (["a:b:c:d"], "names no image"),
        ({"publisher": "a", "sku": "c"}, "image lacks offer."),
        ({"publisher": "a", "urn": "c"}, "names no image"),
        ({"id": GALLERY, "publisher": "a"}, "which is not the ID of an image"),
        (str(VM), "which is not the ID of an image"),
    ],
)
def test_what_is_no_image(image: Any, says: str) -> None:
    with pytest.raises(InvalidInput, match="image") as caught:
        image_reference(image)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("wanted", "found", "same"),
    [
        ({"version": "1.2"}, {"version": "latest", "exactVersion": "1.2"}, True),
        ({"version": "1.2"}, {"version": "1.3"}, False),
        ({"version": "LATEST"}, {"version": "1.3"}, True),
        ({"sku": "d"}, {}, False),
        ({"offer": "d"}, {}, False),
        ({"publisher": "d"}, {}, False),
    ],
)
def test_versions_of_images(wanted: dict[str, str], found: dict[str, str], same: bool) -> None:
    assert is_image({**URN, **wanted}, {**URN, **found}) is same
