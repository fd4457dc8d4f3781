"""What a supervisor or a load balancer asks: alive, and ready."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

PLAIN = "text/plain; charset=utf-8"


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("alive\n", content_type=PLAIN)


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database is reached and every migration is applied."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("the database is not reached\n", status=503, content_type=PLAIN)
    if waiting:
        return HttpResponse("migrations are not applied\n", status=503, content_type=PLAIN)
    return HttpResponse("ready\n", content_type=PLAIN)
