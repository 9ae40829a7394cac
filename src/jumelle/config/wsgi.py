"""The WSGI entry point for gunicorn. It refuses to start where the public would not be safe."""

import os

from django.core.wsgi import get_wsgi_application

from jumelle.common.production_checks import refuse_unsafe_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jumelle.config.settings")
application = get_wsgi_application()
refuse_unsafe_start()
