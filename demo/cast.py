"""Who can sign in to a demo region. Plain data: `make run` and the bench read it without Django."""

from typing import NamedTuple

PASSWORD = "demo-asurso"  # noqa: S105 - everybody may know it


class Login(NamedTuple):
    """A fixed login, what it is good for, and the person behind it."""

    username: str
    label: str
    surname: str
    first_name: str
    patronymic: str
    sex: str


LOGINS = (
    Login("teacher", "a teacher of mathematics", "Кузнецова", "Елена", "Викторовна", "f"),
    Login("classteacher", "the class teacher of the student's class", "Петрова", "Тамара", "Алексеевна", "f"),
    Login("headteacher", "the head teacher", "Орлов", "Сергей", "Павлович", "m"),
    Login("parent", "a mother of three, in two schools", "Соколова", "Анна", "Юрьевна", "f"),
    Login("student", "a student of 12", "Соколова", "Мария", "Андреевна", "f"),
    Login("student15", "a student of 15", "Соколов", "Артём", "Андреевич", "m"),
    Login("schooladmin", "the school's administrator", "Зимина", "Ольга", "Игоревна", "f"),
    Login("territory", "staff of the territorial administration", "Титова", "Нина", "Олеговна", "f"),
    Login("region", "the region operator", "Ремизов", "Пётр", "Кузьмич", "m"),
)
BY_USERNAME = {login.username: login for login in LOGINS}

# The third child and the father of that family have no login.
YOUNGEST = Login("", "", "Соколов", "Семён", "Андреевич", "m")
FATHER = Login("", "", "Соколов", "Андрей", "Николаевич", "m")
# (age on the demo's today, grade): these ages fit their grades on every day of the year.
STUDENT_AGE, STUDENT_GRADE = 12, 6
STUDENT15_AGE, STUDENT15_GRADE = 15, 9
YOUNGEST_AGE, YOUNGEST_GRADE = 9, 3
