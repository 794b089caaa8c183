"""What single lessons ask of a student's answer: requirements for `musicedu.course.checks.check`."""
