"""Questions about governance: maturity, proposals, blocked triggers, training and supervision."""
