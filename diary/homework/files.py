"""Files that go with homework: taken in, handed out, removed."""

import datetime
import hashlib
import os
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import F
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from diary.homework.contents import Kind, recognise
from diary.marking import Refused
from diary.models import AbsenceNote, Homework, HomeworkFile
from diary.private_files import private_files
from schools.models import Person

LONGEST_NAME = 150
# Marks that turn the direction of writing: «gpj.exe» would read as «exe.jpg».
_DIRECTIONS = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)}


def attach(homework: Homework, uploads: Iterable[UploadedFile], *, by: Person) -> str:
    """Keep the files that can be kept; returns what is to be said of the others, empty for none.

    The caller holds the lesson's lock: the number of files is not run past.
    """
    there, kept, refusals = homework.files.count(), [], []
    for upload in uploads:
        try:
            if there >= settings.HOMEWORK_FILES:
                most = settings.HOMEWORK_FILES
                raise Refused(_("at most %(most)d files, remove another first") % {"most": most})
            there += _keep(homework, upload, by=by)
            kept.append(clean_name(upload.name or ""))
        except Refused as refused:
            refusals.append(f"{clean_name(upload.name or '')}: {refused}.")
    if kept:
        Homework.objects.filter(pk=homework.pk).update(version=F("version") + 1)
    if not refusals:
        return ""
    saved = [_("These are saved: %(names)s.") % {"names": ", ".join(kept)}] if kept else []
    return " ".join([*refusals, *saved])


def _keep(homework: Homework, upload: UploadedFile, *, by: Person) -> bool:
    """False for a file that is there already: the form was sent twice."""
    name, kind = checked(upload)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    if homework.files.filter(sha256=digest.hexdigest(), name=name).exists():
        return False
    upload.seek(0)
    homework.files.create(
        name=name,
        file=upload,
        size=upload.size or 0,
        content_type=kind.content_type,
        sha256=digest.hexdigest(),
        by=by,
    )
    return True


def checked(upload: UploadedFile) -> tuple[str, Kind]:
    """The name to keep and the kind. Raises Refused with what to do."""
    most, name = settings.HOMEWORK_FILE_MEGABYTES, clean_name(upload.name or "")
    if not upload.size:
        raise Refused(_("the file is empty"))
    if upload.size > most * 1024 * 1024:
        raise Refused(
            _("larger than %(most)d MB: make it smaller, or put it elsewhere and add a link") % {"most": most}
        )
    kind = recognise(upload)  # type: ignore[arg-type]
    if kind is None:
        raise Refused(_("such a file is not taken: save it as PDF, docx, xlsx, pptx, a picture or text"))
    extension = PurePosixPath(name).suffix.lower().lstrip(".")
    if not extension:
        return f"{name}.{kind.extensions[0]}", kind
    if extension not in kind.extensions:
        words = {"extension": extension, "kind": kind.extensions[0]}
        raise Refused(
            _("named .%(extension)s, but it is %(kind)s inside: save it anew from its own program") % words
        )
    return name, kind


def clean_name(given: str) -> str:
    """One line without folders, control characters and turned writing; the end of the name stays."""
    base = given.replace("\\", "/").rpartition("/")[2]
    shown = "".join(
        " " if unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs") or char in _DIRECTIONS else char
        for char in unicodedata.normalize("NFC", base)
    )
    name = " ".join(shown.split()).strip(". ") or _("file")
    stem, dot, extension = name.rpartition(".")
    if dot and stem and len(extension) <= 10:
        return f"{stem[: LONGEST_NAME - len(extension) - 6].rstrip()}.{extension}"
    return name[: LONGEST_NAME - 6]


def hand_out(file: HomeworkFile | AbsenceNote) -> HttpResponseBase:
    """Pictures are shown, everything else is saved; in either case nothing in it is run.

    FileNotFoundError where the bytes are gone.
    """
    is_picture = file.content_type.startswith("image/")
    disposition = content_disposition_header(not is_picture, file.name)
    response: HttpResponseBase
    if settings.PRIVATE_FILES_ACCEL:
        response = HttpResponse(content_type=file.content_type)
        response["X-Accel-Redirect"] = f"{settings.PRIVATE_FILES_ACCEL}{file.file.name}"
    else:
        response = FileResponse(file.file.open("rb"), content_type=file.content_type)
    response["Content-Disposition"] = str(disposition)
    response["Cache-Control"] = "private, no-store"  # a shared computer keeps no copy of its own
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def remove_unused(*, at: datetime.datetime) -> int:
    """Bytes that no homework has had for REMOVED_FILES_DAYS; returns how many files went.

    Their names, sizes and hashes stay in the history. A file that was stored by a request that failed
    has no row either, and goes in the same way.
    """
    since = at - datetime.timedelta(days=settings.REMOVED_FILES_DAYS)
    storage, removed = private_files(), 0
    if not os.path.isdir(storage.location):
        return 0
    for folder in storage.listdir("")[0]:
        old = [path for path in _files_in(folder) if storage.get_modified_time(path) < since]
        for path in set(old) - _in_use(old, since):
            storage.delete(path)
            removed += 1
    return removed


def _files_in(folder: str) -> list[str]:
    return [f"{folder}/{name}" for name in private_files().listdir(folder)[1]]


def _in_use(paths: list[str], since: datetime.datetime) -> set[str]:
    """Of a homework now, or until less than those days ago; of an absence note."""
    events: Any = HomeworkFile._meta.get_field("events").related_model
    gone_lately = events.objects.filter(file__in=paths, pgh_label="delete", pgh_created_at__gte=since)
    kept = HomeworkFile.objects.filter(file__in=paths)
    noted = AbsenceNote.objects.filter(file__in=paths)
    return {path for files in (kept, gone_lately, noted) for path in files.values_list("file", flat=True)}
