"""From a red run to an accepted change: what changed, how risky it is, and who says yes."""
