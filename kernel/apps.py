from django.apps import AppConfig
from django.utils.translation import trans_real


class KernelConfig(AppConfig):
    name = "kernel"

    def ready(self) -> None:
        """Register the boot checks; have a text that lacks a translation shown in English.

        Django would show it in the default language: Chinese, to a seller in Rwanda.
        """
        from . import checks  # noqa: F401

        setattr(trans_real.DjangoTranslation, "_add_fallback", lambda self, localedirs=None: None)  # noqa: B010
