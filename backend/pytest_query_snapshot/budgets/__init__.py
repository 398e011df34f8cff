"""How many statements a test may run, and which statements are a hazard however fast they are today."""
