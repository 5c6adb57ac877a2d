"""The web's way in, without a server: a request is a path with a query, an answer is (status, dictionary)."""

from urllib.parse import parse_qsl, urlsplit

from boathire import harbours, reports
from boathire.model import Refused


def handle(service, request):
    """Answers /free, /quote, /hire and /report."""
    url = urlsplit(request)
    query = dict(parse_qsl(url.query))
    answers = {"/free": _free, "/quote": _quote, "/hire": _hire, "/report": _report}
    if url.path not in answers:
        return 404, {"error": f"no such page: {url.path}"}
    try:
        query["harbour"] = harbours.check(query.get("harbour", "main"))
        return 200, answers[url.path](service, query)
    except harbours.UnknownHarbour as error:
        return 404, {"error": str(error)}
    except Refused as error:
        return 409, {"error": str(error)}
    except (KeyError, ValueError) as error:
        return 400, {"error": f"bad query: {error}"}


def _free(service, query):
    return {"free": service.free_boats(int(query["day"]), query.get("kind"), harbour=query["harbour"])}


def _quote(service, query):
    return {"cents": service.quote(query["kind"], int(query["day"]), int(query["hours"]), harbour=query["harbour"])}


def _hire(service, query):
    hire = service.hire(query["boat"], query["guest"], int(query["day"]), int(query["hours"]), harbour=query["harbour"])
    return {"number": hire.number, "cents": hire.cents}


def _report(service, query):
    return reports.day_totals(service.repository, int(query["day"]), harbour=query["harbour"])
