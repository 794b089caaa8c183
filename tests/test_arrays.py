"""Archives of arrays: what NumPy writes is read as it was, what anybody else writes is read or refused."""

import io
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from musicedu.arrays import read_array, read_arrays, read_members

KINDS = ["<f2", "<f4", "<f8", "|b1", "|i1", "|u1", "<i2", "<u2", "<i8", ">i4"]


def saved(array):
    data = io.BytesIO()
    np.save(data, array, allow_pickle=False)
    return data.getvalue()


@given(
    st.sampled_from(KINDS).flatmap(
        lambda kind: arrays_of.arrays(kind, arrays_of.array_shapes(min_dims=0, max_dims=4, min_side=0))
    )
)
def test_what_numpy_writes_comes_back(array):
    for one in (array, np.asfortranarray(array) if array.ndim else array):
        again = read_array(saved(one))
        assert again.dtype == array.dtype
        assert again.shape == array.shape
        assert again.tobytes() == array.tobytes()


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999,), }",
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (2, 99999999999), }",
        b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
        b"{'descr': '<f7', 'fortran_order': False, 'shape': (1,), }",
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (1L,), }",  # as Python 2 wrote it
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }",
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (1,)",
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (" + b"(" * 5000,
        b"__import__('os').abort()",
    ],
)
def test_a_header_is_not_believed(header):
    data = b"\x93NUMPY\1\0" + (len(header) + 1).to_bytes(2, "little") + header + b"\n" + bytes(8)
    with pytest.raises(ValueError, match="an array"):
        read_array(data)


def test_too_few_bytes_and_too_many_are_refused():
    data = saved(np.arange(9))
    for other in (data[:-1], data + b"\0", data[:40], b""):
        with pytest.raises(ValueError, match="an array"):
            read_array(other)


def test_an_archive_that_is_cut_short_locked_or_a_bomb_is_refused():
    data = io.BytesIO()
    np.savez_compressed(data, a=np.zeros(10_000), b=np.arange(3))
    whole = data.getvalue()
    assert read_arrays(whole, most_bytes=200_000)["b"].tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="more than 0 MiB"):
        read_arrays(whole, most_bytes=1000)
    locked = bytearray(whole)
    place = whole.rfind(b"PK\1\2")
    locked[place + 8] |= 1
    for other in (whole[:-30], whole[:50], b"", bytes(locked)):
        with pytest.raises(ValueError, match=r"."):
            read_members(bytes(other), most_bytes=200_000)
    odd = io.BytesIO()
    with zipfile.ZipFile(odd, "w") as archive:
        archive.writestr("a.npy", b"nothing")
    with pytest.raises(ValueError, match="an array"):
        read_arrays(odd.getvalue(), most_bytes=1000)
