from django.urls import path

from diary import views
from diary.attendance.views import attendance, attendance_of_student
from diary.closing import views as closing
from diary.completeness import views as completeness
from diary.corrections import views as corrections
from diary.excuses.views import absence_period, absence_reasons, class_absences
from diary.feed.views import calendar, calendar_address, calendar_feed, calendar_removal
from diary.history.views import cell, result
from diary.homework import views as homework
from diary.journal.views import journal, journal_entries, journals
from diary.lesson.views import lesson
from diary.notes import views as notes
from diary.owed.views import course_points, point, point_new, point_withdrawal
from diary.phrases.views import phrase_removal, phrases
from diary.planning.views import class_tests, work, work_new, work_removal
from diary.printing.views import class_print, course_print
from diary.programme import import_views as programme_imports
from diary.programme import topic_views as topics
from diary.programme import views as programmes
from diary.reports.views import class_report_pdf, class_reports, report, report_pdf, reports, student_reports
from diary.results.class_views import behaviour, class_results
from diary.results.views import acceptance, acceptance_undoing, average, results
from diary.rules.views import kinds, rules, weights
from diary.scales.views import course_scale
from diary.standing import views as standing
from diary.subjects import views as subjects

app_name = "diary"

urlpatterns = [
    path("home/", views.home, name="home"),
    path("home/<int:student_pk>/", views.home, name="home-of-child"),
    path("diary/", views.diary, name="diary"),
    path("diary/<int:student_pk>/", views.week, name="week-now"),
    path("diary/<int:student_pk>/<monday:monday>/", views.week, name="week"),
    path("diary/<int:student_pk>/results/<int:course_pk>/history/", result, name="result-history"),
    path("subjects/", subjects.subjects_start, name="subjects"),
    path("diary/<int:student_pk>/subjects/", subjects.subjects, name="subjects-of"),
    path("diary/<int:student_pk>/subjects/terms/<int:term_pk>/", subjects.subjects, name="subjects-of-term"),
    path("diary/<int:student_pk>/subjects/<int:course_pk>/", subjects.subject, name="subject"),
    path(
        "diary/<int:student_pk>/subjects/<int:course_pk>/terms/<int:term_pk>/",
        subjects.subject,
        name="subject-of-term",
    ),
    path("debts/", subjects.debts_start, name="debts"),
    path("diary/<int:student_pk>/debts/", subjects.debts, name="debts-of"),
    path("standing/", standing.standing_start, name="standing"),
    path("diary/<int:student_pk>/standing/", standing.standing, name="standing-of"),
    path("diary/<int:student_pk>/standing/terms/<int:term_pk>/", standing.standing, name="standing-of-term"),
    path("diary/<int:student_pk>/standing/opt-out/", standing.opt_out, name="standing-opt-out"),
    path("diary/<int:student_pk>/standing/opt-in/", standing.opt_in, name="standing-opt-in"),
    path("classes/<int:pk>/standing/", standing.class_names, name="class-standing"),
    path(
        "classes/<int:pk>/standing/terms/<int:term_pk>/", standing.class_names, name="class-standing-of-term"
    ),
    path("attendance/", attendance, name="attendance"),
    path("diary/<int:student_pk>/attendance/", attendance_of_student, name="attendance-of"),
    path(
        "diary/<int:student_pk>/attendance/<slug:period>/", attendance_of_student, name="attendance-of-period"
    ),
    path("diary/<int:student_pk>/attendance/notes/new/", notes.note_new, name="note-new"),
    path("diary/<int:student_pk>/attendance/notes/day/", notes.note_day, name="note-day"),
    path("diary/<int:student_pk>/attendance/notes/new/<date:day>/", notes.note_new, name="note-new-lessons"),
    path("absence-notes/<int:pk>/", notes.note, name="absence-note"),
    path("absence-notes/<int:pk>/file/", notes.note_file, name="absence-note-file"),
    path("absence-notes/<int:pk>/withdrawal/", notes.note_withdrawal, name="note-withdrawal"),
    path("absence-notes/<int:pk>/acceptance/", notes.note_acceptance, name="note-acceptance"),
    path("absence-notes/<int:pk>/refusal/", notes.note_refusal, name="note-refusal"),
    path("calendar/", calendar, name="calendar"),
    path("calendar/<str:secret>.ics", calendar_feed, name="calendar-feed"),
    path("diary/<int:student_pk>/calendar/address/", calendar_address, name="calendar-address"),
    path("diary/<int:student_pk>/calendar/removal/", calendar_removal, name="calendar-removal"),
    path("reports/", reports, name="reports"),
    path("diary/<int:student_pk>/reports/", student_reports, name="reports-of"),
    path("diary/<int:student_pk>/reports/<slug:kind>/", report, name="report"),
    path("diary/<int:student_pk>/reports/<slug:kind>/pdf/", report_pdf, name="report-pdf"),
    path("classes/<int:pk>/reports/", class_reports, name="class-reports"),
    path("classes/<int:pk>/reports/<slug:kind>/pdf/", class_report_pdf, name="class-report-pdf"),
    path("lessons/", views.teacher_day, name="teacher-today"),
    path("lessons/on/<date:day>/", views.teacher_day, name="teacher-day"),
    path("lessons/<int:pk>/", lesson, name="lesson"),
    path("lessons/<int:pk>/students/<int:student_pk>/history/", cell, name="cell-history"),
    path("journals/<int:pk>/print/", course_print, name="journal-print"),
    path("completeness/", completeness.completeness_start, name="completeness-start"),
    path("schools/<int:pk>/completeness/", completeness.completeness, name="completeness"),
    path(
        "journals/<int:pk>/terms/<int:term_pk>/completeness/",
        completeness.course_completeness,
        name="course-completeness",
    ),
    path(
        "journals/<int:pk>/keeping-remarks/new/", completeness.keeping_remark_new, name="keeping-remark-new"
    ),
    path("keeping-remarks/", completeness.keeping_remarks, name="keeping-remarks"),
    path(
        "keeping-remarks/<int:pk>/answer/", completeness.keeping_remark_answer, name="keeping-remark-answer"
    ),
    path(
        "keeping-remarks/<int:pk>/settlement/",
        completeness.keeping_remark_settlement,
        name="keeping-remark-settlement",
    ),
    path("classes/<int:pk>/journal/print/", class_print, name="class-journal-print"),
    path("journals/", journals, name="journals"),
    path("journals/<int:pk>/", journal, name="journal"),
    path("journals/<int:pk>/terms/<int:term_pk>/", journal, name="journal-of-term"),
    path("journals/<int:pk>/entries/", journal_entries, name="journal-entries"),
    path("terms/", closing.terms, name="terms"),
    path("terms/<int:pk>/", closing.term, name="term"),
    path("terms/<int:pk>/closure/", closing.term_closure, name="term-closure"),
    path(
        "schools/<int:organisation_pk>/years/<int:year_pk>/closure/",
        closing.year_closure,
        name="year-closure",
    ),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/new/", corrections.correction_new, name="correction-new"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("corrections/<int:pk>/approval/", corrections.approval, name="correction-approval"),
    path("corrections/<int:pk>/refusal/", corrections.refusal, name="correction-refusal"),
    path("journals/<int:course_pk>/results/", results, name="results"),
    path("journals/<int:course_pk>/results/<slug:column>/", results, name="results-of"),
    path("journals/<int:course_pk>/results/<slug:column>/acceptance/", acceptance, name="results-acceptance"),
    path(
        "journals/<int:course_pk>/results/<slug:column>/acceptance/undoing/",
        acceptance_undoing,
        name="results-acceptance-undoing",
    ),
    path("journals/<int:course_pk>/terms/<int:term_pk>/averages/<int:student_pk>/", average, name="average"),
    path("journals/classes/<int:class_pk>/results/", class_results, name="class-results"),
    path("journals/classes/<int:class_pk>/results/<slug:column>/", class_results, name="class-results-of"),
    path("journals/classes/<int:class_pk>/results/<slug:column>/behaviour/", behaviour, name="behaviour"),
    path("schools/<int:organisation_pk>/journal-rules/", rules, name="rules"),
    path("schools/<int:organisation_pk>/journal-rules/weights/", weights, name="rules-weights"),
    path("schools/<int:organisation_pk>/journal-rules/kinds/", kinds, name="rules-kinds"),
    path("lessons/<int:pk>/homework/", homework.homework_new, name="homework-new"),
    path("lessons/<int:pk>/load/", homework.homework_load, name="homework-load"),
    path("homework/<int:pk>/", homework.homework, name="homework"),
    path("homework/<int:pk>/removal/", homework.homework_removal, name="homework-removal"),
    path("homework/<int:pk>/copies/", homework.homework_copies, name="homework-copies"),
    path("homework/files/<int:pk>/", homework.homework_file, name="homework-file"),
    path("lessons/<int:pk>/points/new/", point_new, name="point-new"),
    path("points/<int:pk>/", point, name="point"),
    path("points/<int:pk>/withdrawal/", point_withdrawal, name="point-withdrawal"),
    path("courses/<int:pk>/points/", course_points, name="course-points"),
    path("courses/<int:pk>/scale/", course_scale, name="course-scale"),
    path("lessons/<int:pk>/works/new/", work_new, name="work-new"),
    path("works/<int:pk>/", work, name="work"),
    path("works/<int:pk>/removal/", work_removal, name="work-removal"),
    path("classes/<int:pk>/tests/", class_tests, name="class-tests"),
    path("classes/<int:pk>/tests/<date:day>/", class_tests, name="class-tests-of-month"),
    path("classes/<int:pk>/absences/", class_absences, name="class-absences"),
    path("classes/<int:pk>/absences/reasons/", absence_reasons, name="absence-reasons"),
    path("classes/<int:pk>/absences/period/", absence_period, name="absence-period"),
    path("phrases/", phrases, name="phrases"),
    path("phrases/<int:pk>/removal/", phrase_removal, name="phrase-removal"),
    path("programmes/", programmes.programmes, name="programmes"),
    path("programmes/template/", programmes.programme_template, name="programme-template"),
    path("programmes/<int:course_pk>/", programmes.programme, name="programme"),
    path("programmes/<int:course_pk>/export/", programmes.programme_export, name="programme-export"),
    path("programmes/<int:course_pk>/plan/", programmes.programme_plan, name="programme-plan"),
    path("programmes/<int:course_pk>/start/", programmes.programme_start, name="programme-start"),
    path("programmes/<int:course_pk>/copy/", programmes.programme_copy, name="programme-copy"),
    path("programmes/<int:course_pk>/copies/", programmes.programme_copies, name="programme-copies"),
    path(
        "programmes/<int:course_pk>/submission/", programmes.programme_submission, name="programme-submission"
    ),
    path("programmes/<int:course_pk>/approval/", programmes.programme_approval, name="programme-approval"),
    path("programmes/<int:course_pk>/return/", programmes.programme_return, name="programme-return"),
    path("programmes/<int:course_pk>/import/", programme_imports.programme_import, name="programme-import"),
    path(
        "programmes/<int:course_pk>/import/confirmation/",
        programme_imports.programme_import_confirmation,
        name="programme-import-confirmation",
    ),
    path("programmes/<int:course_pk>/topics/new/", topics.topic_new, name="topic-new"),
    path("programmes/<int:course_pk>/topics/<int:pk>/", topics.topic, name="topic"),
    path("programmes/<int:course_pk>/topics/<int:pk>/place/", topics.topic_place, name="topic-place"),
    path(
        "programmes/<int:course_pk>/topics/<int:pk>/deletion/", topics.topic_deletion, name="topic-deletion"
    ),
]
