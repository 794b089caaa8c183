"""What holds for every collection, whichever it is."""

import pytest

from musicedu.corpus.collections import (
    COLLECTIONS,
    batches_of,
    collection_files,
    corpus_folder,
    find_collections,
    sources_of,
)
from musicedu.errors import UnknownName


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_collection_says_what_it_is_and_on_what_terms(name):
    collection = COLLECTIONS[name]
    assert collection.name == name
    assert name.isidentifier()
    assert collection.title
    assert collection.source
    assert len(collection.licence) > 20
    assert "\n" not in collection.licence
    assert collection.non_commercial == ("non-commercial" in collection.licence.lower())


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_collection_has_files_in_a_fixed_order(name):
    files = collection_files(COLLECTIONS[name])
    assert list(files) == sorted(files)
    assert all(path.is_relative_to(corpus_folder()) for path in files)


def test_essen_is_for_non_commercial_use_as_its_licence_file_says():
    terms = (corpus_folder() / "essenFolksong" / "license.txt").read_text(encoding="utf-8")
    assert "non-commercial" in terms
    assert [collection.name for collection in find_collections() if collection.non_commercial] == ["essen"]


def test_no_file_is_in_two_collections_unless_for_another_voice():
    seen = [
        (path, COLLECTIONS[source.collection].part)
        for source in sources_of(find_collections())
        for path in [source.path]
    ]
    assert len(seen) == len(set(seen))


def test_an_unknown_collection_is_refused_with_the_choices():
    with pytest.raises(UnknownName, match=r"no collection is called 'esen'.*Choose from essen, airds"):
        find_collections(["esen", "airds"])


def test_batches_share_out_every_file_once_and_the_largest_come_first():
    sources = sources_of(find_collections(["airds", "ryans"]))
    batches = batches_of(sources)
    shared = [source for batch in batches for source in batch]
    assert sorted(shared, key=repr) == sorted(sources, key=repr)
    sizes = [max(source.path.stat().st_size for source in batch) for batch in batches]
    assert sizes == sorted(sizes, reverse=True)
