from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"

    def ready(self) -> None:
        from demo.refusal import watch_connections  # noqa: PLC0415 - reads models, ready only now

        watch_connections()
