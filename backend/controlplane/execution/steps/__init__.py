"""The step kinds: what each does when it is due, and when its wait is over."""
