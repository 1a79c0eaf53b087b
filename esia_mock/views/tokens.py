"""The token end points: server to server."""

import time

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from esia_mock.clients import Protocol
from esia_mock.errors import Fault, Refusal
from esia_mock.failures import Failure
from esia_mock.granting import chosen_failure, exchange
from esia_mock.parameters import single


@csrf_exempt
@require_POST
@never_cache
def token(request: HttpRequest, protocol: Protocol) -> HttpResponse:
    try:
        parameters = single(request.POST)
        failure, seconds = chosen_failure(parameters)
        if failure is Failure.DOWN:
            return HttpResponse("<h1>503 Service Unavailable</h1>", status=503)
        if failure is Failure.SLOW:
            time.sleep(seconds)
        answer = exchange(parameters, protocol, request.headers.get("Authorization", ""))
    except Refusal as refusal:
        status = 401 if refusal.fault is Fault.BAD_CLIENT else 400
        return JsonResponse(refusal.as_answer(request.POST.get("state", "")), status=status)
    return JsonResponse(answer)
