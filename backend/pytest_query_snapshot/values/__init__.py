"""Values: what a test hands over, taken apart, ordered and printed the same way for every driver."""
