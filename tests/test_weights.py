"""Weights on disk: what comes back, and every way in which a file may be wrong."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from musicedu import weights as room
from musicedu.data import data_path
from musicedu.errors import FileProblem
from musicedu.weights import VaeConfig, Weights, load_weights, render_weights


@pytest.fixture
def weights() -> Weights:
    rng = np.random.default_rng(1)
    arrays = {f"layer_{n}.kernel": rng.standard_normal((n + 2, 3)).astype(np.float32) for n in range(3)}
    tables = {"range": np.linspace(0, 24, 101, dtype=np.float32), "syncopation": np.zeros(101, np.float32)}
    return Weights(VaeConfig(latent_dim=3, beta=0.4, seed=9), arrays, tables, {"epochs": 7, "best": {"loss": 1.5}})


@pytest.fixture
def saved(weights: Weights, tmp_path: Path) -> Path:
    path = tmp_path / "vae.npz"
    path.write_bytes(render_weights(weights))
    return path


def test_weights_come_back_in_half_precision(weights: Weights, saved: Path) -> None:
    again = load_weights(saved)
    assert again.config == weights.config
    assert again.training == weights.training
    assert again.arrays.keys() == weights.arrays.keys()
    for name, array in weights.arrays.items():
        np.testing.assert_array_equal(again.arrays[name], array.astype(np.float16).astype(np.float32))
        assert again.arrays[name].dtype == np.float32
    for name, table in weights.quantiles.items():
        np.testing.assert_allclose(again.quantiles[name], table, atol=1e-6)


def test_the_same_weights_give_the_same_bytes(weights: Weights, saved: Path) -> None:
    assert render_weights(weights) == saved.read_bytes()
    assert render_weights(load_weights(saved)) == saved.read_bytes()


def test_a_rank_says_where_a_value_stands(weights: Weights) -> None:
    assert weights.rank("range", -1) == -1
    assert weights.rank("range", 12) == pytest.approx(0, abs=0.01)
    assert weights.rank("range", 99) == 1
    assert weights.rank("syncopation", 0) == 0
    ranks = [weights.rank("range", value) for value in range(25)]
    assert ranks == sorted(ranks)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"nowhere\.npz: there are no weights here\. .*musicedu train vae"):
        load_weights(tmp_path / "nowhere.npz")
    with pytest.raises(FileProblem, match="there are no weights here"):
        load_weights(tmp_path)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.7, 0.97, 0.999])
def test_a_truncated_file_is_refused(saved: Path, share: float) -> None:
    data = saved.read_bytes()
    saved.write_bytes(data[: int(share * len(data))])
    with pytest.raises(FileProblem, match=r"vae\.npz: the weights cannot be read"):
        load_weights(saved)


def test_a_file_damaged_anywhere_is_refused_or_read_as_it_was(weights: Weights, saved: Path) -> None:
    whole = saved.read_bytes()
    refused = 0
    for first in range(0, len(whole), 11):
        flipped = bytes(byte ^ 0xFF for byte in whole[first : first + 8])
        saved.write_bytes(whole[:first] + flipped + whole[first + 8 :])
        try:  # what an archive says of its making (dates, systems) may change without harm
            again = load_weights(saved)
        except FileProblem:
            refused += 1
        else:
            assert again.config == weights.config
    assert refused > len(whole) // 22


def archive(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in entries.items():
            written.writestr(name, data)
    return buffer.getvalue()


def promising(shape: tuple[int, ...]) -> bytes:
    """An array's header with nothing after it."""
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": "<f2", "fortran_order": False, "shape": shape})
    return buffer.getvalue()


def encrypted(data: bytes) -> bytes:
    """Set the flag of encryption on every entry."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[data.index(signature) + offset] |= 1
    return bytes(changed)


def pickled() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    return buffer.getvalue()


HEAD = {"config": {}, "quantiles": {}, "training": {}}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not an archive",
        b"<?xml version='1.0'?><score-partwise/>",
        archive({}),
        archive({"META-INF/container.xml": b"<container/>"}),
        archive({"config.json": b"{"}),
        archive({"config.json": b"\xff\xfe"}),
        archive({"config.json": b"[]"}),
        archive({"config.json": b'"text"'}),
        archive({"config.json": json.dumps({"config": {}}).encode()}),
        archive({"config.json": json.dumps({**HEAD, "config": 3}).encode()}),
        archive({"config.json": json.dumps({**HEAD, "quantiles": {"range": ["wide"]}}).encode()}),
        archive({"config.json": json.dumps(HEAD).encode(), "layer.npy": b"not an array"}),
        archive({"config.json": json.dumps(HEAD).encode(), "layer.npy": pickled()}),
        archive({"config.json": json.dumps(HEAD).encode(), "layer.npy": promising((2**50,))}),
        archive({"config.json": json.dumps(HEAD).encode(), "layer.npy": promising((4, 4))}),
        encrypted(archive({"config.json": json.dumps(HEAD).encode()})),
    ],
    ids=["empty", "text", "xml", "no entries", "mxl", "half a head", "bytes for a head", "list", "string", "no tables",
         "number for settings", "words in a table", "no array", "pickle",
         "terabytes", "nothing after the header", "encrypted"],
)  # fmt: skip
def test_a_foreign_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "other.npz"
    path.write_bytes(data)
    with pytest.raises(FileProblem, match=r"other\.npz: the weights cannot be read .*Install musicedu again"):
        load_weights(path)


def test_settings_of_a_later_version_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "later.npz"
    path.write_bytes(archive({"config.json": json.dumps({**HEAD, "config": {"beta": 0.5, "later": 1}}).encode()}))
    assert load_weights(path).config == VaeConfig(beta=0.5)


def test_a_file_that_unpacks_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_LARGEST_BYTES", 10_000)
    path = tmp_path / "bomb.npz"
    path.write_bytes(archive({"config.json": json.dumps(HEAD).encode(), "layer.npy": bytes(20_000)}))
    assert path.stat().st_size < 1000
    with pytest.raises(FileProblem, match="unpacks to more than"):
        load_weights(path)


def test_the_shipped_weights_are_small_and_whole() -> None:
    path = data_path("models", "vae.npz")
    assert path.stat().st_size < 3_000_000
    shipped = load_weights(path)
    assert all(np.isfinite(array).all() for array in shipped.arrays.values())
    assert not shipped.config.include_non_commercial
