"""What gunicorn serves. Threads, not one synchronous worker: a slow sign-in must not stop the others."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "esia_mock.settings"

application = get_wsgi_application()
