"""The doors' rows: accounts, what was tried, issued, linked, applied for and recovered."""

from accounts.models.attempts import SentCode, SignInAttempt
from accounts.models.esia_links import EsiaLink
from accounts.models.issues import LoginBatch, LoginIssue
from accounts.models.proofs import PhoneNumber, Recovery, SecretQuestion, answer_hash
from accounts.models.registrations import ANSWER_TERM, Registration
from accounts.models.users import User

__all__ = [
    "ANSWER_TERM",
    "EsiaLink",
    "LoginBatch",
    "LoginIssue",
    "PhoneNumber",
    "Recovery",
    "Registration",
    "SecretQuestion",
    "SentCode",
    "SignInAttempt",
    "User",
    "answer_hash",
]
