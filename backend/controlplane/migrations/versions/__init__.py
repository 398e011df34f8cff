"""One file per migration; see the `down_revision` of each for the order."""
