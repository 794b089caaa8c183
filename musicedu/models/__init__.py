"""Networks and their losses, in Keras 3; nothing on the way to an exercise imports this room."""
