"""A classifier on disk: it answers as scikit-learn does, and a file from a stranger can only be read or refused."""

import io
import json
import pickle
import zipfile
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from musicedu.errors import FileProblem
from musicedu.learning.classify import build_classifier
from musicedu.learning.svm_file import load_svm, save_svm, svm_of


def fitted(n_classes=4, seed=0, **options):
    rng = np.random.default_rng(seed)
    labels = rng.choice([f"class {number}" for number in range(n_classes)], 160)
    points = rng.standard_normal((160, 6)) * [1, 10, 100, 0.1, 5, 0]  # the last column never changes
    points[:, 0] += 2 * np.unique(labels, return_inverse=True)[1]
    model = build_classifier(**options).fit(points, labels)
    return model, svm_of(model, tuple("abcdef")), rng.standard_normal((500, 6)) * [3, 20, 150, 0.2, 5, 1]


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "dances.npz"
    save_svm(path, fitted()[1])
    return path


@pytest.mark.parametrize("n_classes", [2, 3, 6])
@pytest.mark.parametrize("options", [{}, {"c": 30.0, "gamma": 0.5}, {"balanced": True}])
def test_it_answers_as_scikit_learn_does_before_and_after_it_was_saved(tmp_path, n_classes, options):
    for seed in range(3):
        model, svm, asked = fitted(n_classes, seed, **options)
        path = tmp_path / f"{seed}.npz"
        save_svm(path, svm)
        expected = model.predict(asked).tolist()
        assert svm.predict(asked).tolist() == expected
        assert load_svm(path).predict(asked).tolist() == expected


def test_names_come_back(saved):
    again = load_svm(saved)
    assert again.classes == ("class 0", "class 1", "class 2", "class 3")
    assert again.features == tuple("abcdef")


def test_nothing_is_asked_of_no_rows(saved):
    assert load_svm(saved).predict(np.zeros((0, 6))).tolist() == []


def test_a_table_of_another_width_is_refused(saved):
    with pytest.raises(ValueError, match=r"rows of 6 features, not a table of shape \(3, 5\)"):
        load_svm(saved).predict(np.zeros((3, 5)))


def test_a_missing_file_is_one_line(tmp_path):
    with pytest.raises(FileProblem, match="there is no classifier here"):
        load_svm(tmp_path / "nothing.npz")


class Trap:
    """A pickle that would leave a trace if it were opened."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_a_pickle_is_never_opened(saved, tmp_path):
    trace = tmp_path / "trace"
    trap = Trap(trace)
    buffer = io.BytesIO()
    np.save(buffer, np.array([trap], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(saved) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in parts:
        path = tmp_path / "trap.npz"
        with zipfile.ZipFile(path, "w") as archive:
            for other, data in parts.items():
                archive.writestr(other, buffer.getvalue() if other == name else data)
        with pytest.raises(FileProblem, match="is no classifier, or a damaged one"):
            load_svm(path)
    path.write_bytes(pickle.dumps(trap))
    with pytest.raises(FileProblem):
        load_svm(path)
    assert not trace.exists()


def test_every_truncation_and_any_changed_byte_is_read_or_refused(saved, tmp_path):
    good = saved.read_bytes()
    rng = np.random.default_rng(0)
    path = tmp_path / "harmed.npz"
    for trial in range(120):
        harmed = bytearray(good)
        if trial % 2:
            harmed = harmed[: rng.integers(len(good))]
        else:
            harmed[rng.integers(len(good))] ^= int(rng.integers(1, 256))
        path.write_bytes(bytes(harmed))
        with suppress(FileProblem):  # anything else would fail here
            load_svm(path)


@pytest.mark.parametrize(
    "harm",
    [
        {"mean": np.zeros(5)},
        {"scale": np.zeros(6)},
        {"scale": np.full(6, np.nan)},
        {"support": np.zeros(6)},
        {"support": np.zeros((2, 2, 6))},
        {"weights": np.zeros((9, 9))},
        {"bias": np.zeros(1)},
        {"n_support": np.array([1, 2])},
        {"n_support": np.array([-1, 1, 1, 1])},
        {"n_support": np.ones(4)},
        {"gamma": float("nan")},
        {"gamma": -1.0},
        {"gamma": "x"},
        {"classes": ("one",)},
        {"classes": (1, 2, 3, 4)},
        {"features": ("a",)},
    ],
    ids=str,
)
def test_numbers_that_do_not_fit_are_refused(tmp_path, harm):
    path = tmp_path / "wrong.npz"
    save_svm(path, replace(fitted()[1], **harm))
    with pytest.raises(FileProblem, match="is no classifier, or a damaged one"):
        load_svm(path)


def test_a_bomb_is_not_unpacked(saved, tmp_path):
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("support.npy", b"\0" * (65 * 2**20))
    with pytest.raises(FileProblem, match="more than 64 MiB"):
        load_svm(path)


def test_another_version_is_refused(saved, tmp_path):
    path = tmp_path / "later.npz"
    with zipfile.ZipFile(saved) as archive, zipfile.ZipFile(path, "w") as later:
        for name in archive.namelist():
            data = archive.read(name)
            if name == "head.npy":
                head = json.loads(np.load(io.BytesIO(data)).tobytes()) | {"version": 2}
                buffer = io.BytesIO()
                np.save(buffer, np.frombuffer(json.dumps(head).encode(), dtype=np.uint8))
                data = buffer.getvalue()
            later.writestr(name, data)
    with pytest.raises(FileProblem, match="is no classifier"):
        load_svm(path)
