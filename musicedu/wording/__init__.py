"""What is said of an exercise, in a language: one module a language, each with a wording for every kind of reason."""
