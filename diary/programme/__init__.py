"""The lesson programme: laid on real lessons, moved with them, compared with what was taught."""
