"""Pages that belong to no app: the front page, more, language, theme, health."""
