from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from messaging.gateways import chosen_gateway


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messages")

    def ready(self) -> None:
        """A wrong SMS_GATEWAY is found at the start, not by the first code that nobody gets."""
        chosen_gateway()
