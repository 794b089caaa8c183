"""The corpus: named collections of real tunes, read once, kept as a table, split by family.

`load_corpus` of `musicedu.corpus.load` gives the tunes and builds the table when it is not there; `build_corpus` of
`musicedu.corpus.build` builds it and says what was dropped and why. Every tune carries its source and its licence, and
a collection can be left out.
"""
