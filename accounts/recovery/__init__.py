"""A new password for who lost theirs."""
