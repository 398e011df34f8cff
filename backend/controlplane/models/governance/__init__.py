"""Records of governance: proposals, training, supervision, blocked triggers and feedback."""
