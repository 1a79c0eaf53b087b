"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "asurso.settings")

application = get_wsgi_application()

from demo.refusal import refuse_demo_in_production  # noqa: E402 - reads models, which are ready only now

refuse_demo_in_production()
