"""What a person does for the safety of the own account: factors, sessions, contacts, notices."""
