"""Logins that a school hands out: slips of first passwords, new passwords, who issued what."""
