"""What there is to learn: levels, instruments and skills as values, and how hard a melody is."""
