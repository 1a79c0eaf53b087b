"""Choosing files in a form."""

from typing import Any

from django import forms

from diary.homework.contents import extensions


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files. What they are is checked where they are kept (`diary/homework/files.py`)."""

    def __init__(self, *, label: Any) -> None:
        accepted = ",".join(f".{extension}" for extension in extensions())
        super().__init__(label=label, required=False, widget=ManyFiles(attrs={"accept": accepted}))

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return list(data or [])
