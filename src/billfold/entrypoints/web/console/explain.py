"""`/console/…/explain` and `…/customers/{id}/attribution`: why a payment earned what it did; who brought a customer."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.domain.analytics.explain import explain
from billfold.domain.analytics.explanation import Explanation
from billfold.domain.billing import customers
from billfold.domain.referrals.attribution import LONGEST_REASON, attribute_by_hand, first_payment_of
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.explained import view_of
from billfold.entrypoints.web.forms import Form

_PROJECT: Final = "/console/{team_id}/{project_id}"
_HERE: Final = f"{_PROJECT}/customers/{{customer_id}}/attribution"
_LONGEST_ID: Final = 255
# By what an id begins with; all others are payments.
_KINDS: Final = {"pc": "customer", "rw": "reward"}


async def show(request: Request) -> Response:
    """Explain a customer, a payment or a reward."""
    visit = await enter(request)
    asked = _asked(request)
    if asked is None:
        return visit.show("explain_start.html", {"form": Form([]), "errors": {}})
    name, subject_id = asked
    if len(subject_id) > _LONGEST_ID or not (subject_id.isascii() and subject_id.isprintable()):
        raise NotFound("There is nothing of this id.")
    found: Explanation = await visit.services.db.read(
        explain, visit.project_id, **{f"{name}_id": subject_id}, at=visit.at
    )
    customer = found.customer.name or found.customer.email
    view = view_of(found, name_of=lambda person: found.people.get(person, person), customer=customer)
    earned = view.amount and view.state is not None and view.state[1] != "Void"
    title = f"Why {view.earner} earned this" if earned and view.earner else f"Who brought {customer}"
    may_say = visit.may(Role.MEMBER) and found.timeline.first_paid_at is None
    return visit.show("explanation.html", {"view": view, "title": title, "may_say": may_say})


def _asked(request: Request) -> tuple[str, str] | None:
    """Return what is asked for: `customer`, `payment` or `reward`, and its id; None if nothing is."""
    about = request.query_params.get("about", "").strip()
    if about:
        return _KINDS.get(about.partition("_")[0], "payment"), about
    given = ((name, request.query_params.get(name, "")) for name in ("reward", "payment", "customer"))
    return next((each for each in given if each[1]), None)


async def ask(request: Request) -> Response:
    """Show the form in which a member says who brought a customer."""
    visit = await enter(request, Role.MEMBER)
    return await _form(visit, Form([]), {})


async def say(request: Request) -> Response:
    """Say who brought a customer."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    customer_id: str = request.path_params["customer_id"]
    errors: dict[str, str] = {}
    if not form.text("code"):
        errors["code"] = "Code: give the code of whoever brought this customer. It should look like JANE20."
    if not form.text("reason"):
        errors["reason"] = "Reason: say why, so that the partner and your colleagues understand it."
    if errors:
        return await _form(visit, form, errors)
    details = {"code": form.text("code").upper(), "reason": form.text("reason")}
    try:
        await Recorded(visit, "customer.attributed", customer_id, details).write(
            attribute_by_hand,
            team_id=visit.team_id,
            project_id=visit.project_id,
            customer_id=customer_id,
            code=form.text("code"),
            reason=form.text("reason"),
            author=visit.session.email,
            at=visit.at,
            now=visit.now,
        )
    except NotFound as error:
        return await _form(visit, form, {"code": f"Code: {error.message}"})
    except (Invalid, Conflict) as error:
        return await _form(visit, form, {"": error.message})
    return visit.done(f"{visit.home}/explain?customer={customer_id}", "Said. It goes before everything that was seen.")


async def _form(visit: Visit, form: Form, errors: dict[str, str]) -> Response:
    customer_id: str = visit.request.path_params["customer_id"]
    customer = await visit.services.db.read(customers.get, visit.project_id, customer_id)
    paid = await visit.services.db.read(first_payment_of, visit.project_id, customer_id)
    values = {
        "customer": customer,
        "has_paid": paid is not None,
        "form": form,
        "errors": errors,
        "longest_reason": LONGEST_REASON,
    }
    return visit.show("attribution.html", values, 400 if errors else 200)


ROUTES: Final = [
    Route(f"{_PROJECT}/explain", show, methods=["GET"]),
    Route(_HERE, ask, methods=["GET"]),
    Route(_HERE, say, methods=["POST"]),
]
