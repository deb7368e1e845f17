"""Archives of accounts as a node writes them, and altered ones."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

PROFILE: Mapping[str, Any] = {
    "acct": "cy@old.test",
    "name": "Cy",
    "bio": "hello",
    "fields": [{"name": "site", "value": "cy.test"}],
    "role": "member",
}
SETTINGS: Mapping[str, Any] = {
    "receipts": True,
    "typing": False,
    "writers": "contacts",
    "quiet_hours": {"from": "22:00", "to": "07:00", "zone": "Europe/Berlin"},
    "appearance": {"language": "de", "theme": "dark"},
}
EMPTY: Mapping[str, str] = {
    "following_accounts.csv": "",
    "blocked_accounts.csv": "",
    "muted_accounts.csv": "",
    "blocked_domains.csv": "",
}


def files(**changed: Mapping[str, Any]) -> dict[str, bytes]:
    """What is in an archive beside its manifest; `profile` and `settings` are told by changes."""
    profile = {**PROFILE, **changed.get("profile", {})}
    settings = {**SETTINGS, **changed.get("settings", {})}
    lists = {**EMPTY, **changed.get("lists", {})}
    return {
        "profile.json": json.dumps(profile).encode(),
        "settings.json": json.dumps(settings).encode(),
        **{name: text.encode() for name, text in lists.items()},
    }


def manifest(held: Mapping[str, bytes], **changed: object) -> bytes:
    listed = [
        {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in held.items()
    ]
    said = {"format": "covey-archive", "version": 1, "acct": "cy@old.test", "files": listed}
    return json.dumps({**said, **changed}).encode()


def packed(held: Mapping[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, data in held.items():
            archive.writestr(name, data)
    return out.getvalue()


def archive(**changed: Mapping[str, Any]) -> bytes:
    held = files(**changed)
    return packed({**held, "manifest.json": manifest(held)})
