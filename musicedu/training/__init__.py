"""From tunes to trained weights: the dataset, the loop, and what is saved."""
