"""A certificate for this machine, made when it is needed and thrown away afterwards."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Certificate:
    """What each side has to know of it, as environment."""

    server: dict[str, str]
    client: dict[str, str]


def self_signed(folder: Path) -> Certificate:
    """Return a certificate of 127.0.0.1 that is good for an hour.

    Clients trust it beside everybody whom this machine trusts: reading all these is what a
    context costs.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    own = made.public_bytes(serialization.Encoding.PEM)
    files = {each: folder / f"{each}.pem" for each in ("certificate", "key", "trusted")}
    files["certificate"].write_bytes(own)
    files["key"].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    files["trusted"].write_bytes(_trusted() + own)
    return Certificate(
        server={"CERTIFICATE": str(files["certificate"]), "KEY": str(files["key"])},
        client={"SSL_CERT_FILE": str(files["trusted"])},
    )


def _trusted() -> bytes:
    """Return the certificates that this machine trusts; none where they are not in one file."""
    known = ssl.get_default_verify_paths().cafile
    return Path(known).read_bytes() if known else b""
