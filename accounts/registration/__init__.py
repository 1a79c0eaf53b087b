"""Registration: an application for an account, and the office that decides it."""
