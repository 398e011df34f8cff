"""Commands about agents: registration, proposals, training, supervision, feedback and members."""
