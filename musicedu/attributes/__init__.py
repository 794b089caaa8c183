"""What can be measured on a melody."""
