"""What runs on a developer's computer: `make run`, `make test` and their kin. Nothing of the product."""
