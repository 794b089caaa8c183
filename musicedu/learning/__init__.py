"""Learning from music: classifiers, clusters, and what they are given and judged by."""
