"""How well the computer listens: truth rendered from the corpus, and mir_eval's figures against it, topic by topic."""
