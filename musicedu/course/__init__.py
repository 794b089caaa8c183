"""The course: lessons built from their sources, checks and hints for students, a workspace of their own."""
