"""Where the bytes of attachments lie."""

from pathlib import Path

from django.conf import settings

from pitcrew.kit.content_store import ContentStore


def files() -> ContentStore:
    """The content store of this installation: the folder ``files`` in the data folder."""
    return ContentStore(Path(settings.DATA) / "files")
