# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a certificate file may be, and what is told about one that will not do."""

from __future__ import annotations

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._certificate import checked_certificate
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import InvalidInput

pytest.importorskip("cryptography")


@pytest.fixture
def other(certificate):
    return type(certificate)("other")


@pytest.mark.parametrize("kind", ["pem", "pkcs12"])
@pytest.mark.parametrize("password", [None, "pä55"])
@pytest.mark.parametrize("form", [None, str.upper, str.lower, "with colons", "with spaces"])
def test_good_files(tmp_path, certificate, kind, password, form):
    certificate.write(tmp_path / "c", kind, password.encode() if password else None)
    thumbprint = certificate.thumbprint
    pairs = [thumbprint[i : i + 2] for i in range(0, len(thumbprint), 2)]
    forms = {None: None, "with colons": ":".join(pairs).upper(), "with spaces": " ".join(pairs)}
    given = forms[form] if form in forms else form(thumbprint)
    assert checked_certificate(str(tmp_path / "c"), password, given) == (tmp_path / "c").read_bytes()


def test_a_chain_after_the_certificate(tmp_path, certificate, other):
    content = certificate.key_pem() + certificate.pem() + other.pem()
    (tmp_path / "c").write_bytes(content)
    assert checked_certificate(str(tmp_path / "c"), None, certificate.thumbprint) == content


@pytest.mark.parametrize(
    ("content", "password", "message"),
    [
        (lambda c, o: c.pem(), None, "has no private key."),
        (lambda c, o: c.key_pem(), None, "has a private key, but no certificate."),
        (lambda c, o: c.key_pem(b"pw") + c.pem(), None, "is encrypted, and x509_certificate_password is not given."),
        (lambda c, o: c.key_pem(b"pw") + c.pem(), "no", "or x509_certificate_password is wrong."),
        (lambda c, o: c.key_pem() + c.pem(), "pw", "x509_certificate_password is given, but the private key in"),
        (lambda c, o: c.key_pem() + o.pem() + c.pem(), None, "is not that of the first certificate in it."),
        (lambda c, o: c.key_pem()[:200] + b"-----END PRIVATE KEY-----\n" + c.pem(), None, "not valid PEM"),
        (lambda c, o: b"garbage", None, "it needs x509_certificate_password, or it is no PEM or PKCS 12 file."),
        (lambda c, o: b"garbage", "pw", "x509_certificate_password is wrong, or it is no PEM or PKCS 12 file."),
        (lambda c, o: b"", None, "is empty."),
    ],
)
def test_bad_files(tmp_path, certificate, other, content, password, message):
    (tmp_path / "c").write_bytes(content(certificate, other))
    with pytest.raises(InvalidInput) as caught:
        checked_certificate(str(tmp_path / "c"), password, None)
    assert message in caught.value.message
    assert str(tmp_path / "c") in caught.value.message


@pytest.mark.parametrize("password", [None, "no"])
def test_pkcs12_with_another_password(tmp_path, certificate, password):
    certificate.write(tmp_path / "c", "pkcs12", b"pw")
    with pytest.raises(InvalidInput, match="x509_certificate_password"):
        checked_certificate(str(tmp_path / "c"), password, None)


def test_pkcs12_without_a_key(tmp_path, certificate):
    from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12

    data = pkcs12.serialize_key_and_certificates(b"x", None, certificate.certificate, None, NoEncryption())
    (tmp_path / "c").write_bytes(data)
    with pytest.raises(InvalidInput, match="has no"):
        checked_certificate(str(tmp_path / "c"), None, None)


def test_a_key_that_is_not_rsa(tmp_path, certificate):
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    type(certificate)("ec", generate_private_key(SECP256R1())).write(tmp_path / "c", "pem")
    with pytest.raises(InvalidInput, match="is not an RSA key"):
        checked_certificate(str(tmp_path / "c"), None, None)


def test_another_thumbprint(tmp_path, certificate, other):
    certificate.write(tmp_path / "c", "pem")
    with pytest.raises(InvalidInput) as caught:
        checked_certificate(str(tmp_path / "c"), None, other.thumbprint)
    assert certificate.thumbprint.upper() in caught.value.message
