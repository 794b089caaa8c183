"""The model proposes, the rules guarantee: constraints as masks with look-ahead over any `next_logits`."""
