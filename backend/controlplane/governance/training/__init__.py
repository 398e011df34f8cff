"""Training of students: the estimate and the sessions."""
