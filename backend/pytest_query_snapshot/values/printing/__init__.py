"""Values as text: the same for every driver, never to be mistaken for another value."""
