"""What a test executed and what its tables held, recorded as values."""
