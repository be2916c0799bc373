"""Files are kept once, under what is in them."""

import hashlib
import os

import pytest

from pitcrew.kit.content_store import ContentStore, Damaged


@pytest.fixture
def store(tmp_path) -> ContentStore:
    return ContentStore(tmp_path / "files")


def test_what_is_put_can_be_read(store):
    name = store.put(b"a bill")
    assert name == hashlib.sha256(b"a bill").hexdigest()
    with store.open(name) as file:
        assert file.read() == b"a bill"
    assert store.size(name) == 6
    store.verify(name)


def test_the_same_bytes_lie_there_once(store):
    assert store.put(b"twice") == store.put(b"twice")
    assert list(store.names()) == [hashlib.sha256(b"twice").hexdigest()]


def test_a_file_that_changed_is_said(store):
    name = store.put(b"original")
    store.path(name).write_bytes(b"tampered")
    with pytest.raises(Damaged, match="has changed"):
        store.verify(name)
    store.path(name).unlink()
    with pytest.raises(Damaged, match="is gone"):
        store.verify(name)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "/" + "a" * 63])
def test_nothing_but_a_hash_names_a_file(store, name):
    with pytest.raises(ValueError, match="is not the SHA-256"):
        store.path(name)


def test_a_full_disk_leaves_nothing_half_written(store, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    store.root.mkdir()
    with pytest.raises(OSError, match="No space"):
        store.put(b"too much")
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_the_bytes_and_the_folder_are_synced_before_put_returns(store, monkeypatch):
    synced = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.readlink(f"/proc/self/fd/{descriptor}")) or fsync(descriptor))  # fmt: skip # noqa: E501
    name = store.put(b"safe")
    assert any(".new-" in path for path in synced)
    assert synced[-1] == str(store.path(name).parent)
