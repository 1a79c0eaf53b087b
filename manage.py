#!/usr/bin/env python
"""Django's command line."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "asurso.settings")
    import django
    from django.core.management import execute_from_command_line

    from asurso.starting import plainly

    with plainly():
        if sys.argv[1:2] == ["runserver"]:
            # Its reloader would keep what is wrong to itself and wait for an edited file.
            django.setup()
            from demo.refusal import refuse_demo_in_production

            refuse_demo_in_production()
        execute_from_command_line(sys.argv)
