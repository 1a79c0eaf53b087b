"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from asurso.starting import plainly

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "asurso.settings")

# Gunicorn ends when a worker ends with 3, and after any other number starts it again for ever.
with plainly(exit_code=3):
    application = get_wsgi_application()

    from demo.refusal import refuse_demo_in_production  # models, which are ready only now

    refuse_demo_in_production()
