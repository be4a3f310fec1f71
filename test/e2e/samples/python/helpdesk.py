"""An agent of a shop's help desk, as its author writes it; `opik endpoint` starts it in production."""
import threading

import opik

ORDERS = {"A-1": {"item": "lamp", "price": 40}, "A-2": {"item": "desk", "price": 250}}


class UnknownOrderError(Exception):
    pass


class Approvals:
    """Decisions that people make while agents wait for them."""

    def __init__(self):
        self._lock = threading.Lock()
        self._events = {}
        self._decisions = {}

    def of(self, subject):
        self._event(subject).wait()
        return self._decisions[subject]

    def decide(self, subject, decision):
        self._decisions[subject] = decision
        self._event(subject).set()

    def _event(self, subject):
        with self._lock:
            return self._events.setdefault(subject, threading.Event())


approvals = Approvals()


@opik.track(type="tool")
def find_order(order):
    if order not in ORDERS:
        raise UnknownOrderError(f"There is no order {order}")
    print(f"found {order}: {ORDERS[order]['item']}")
    return ORDERS[order]


@opik.track(type="llm")
def ask_model(prompt):
    usage = {"prompt_tokens": 12, "completion_tokens": 8, "total_tokens": 20}
    opik.opik_context.update_current_span(model="gpt-4o-mini", provider="openai", usage=usage)
    return f'About "{prompt}": we will help you.'


@opik.track(entrypoint=True)
def answer(question: str) -> dict:
    print(f"Question: {question}")
    return {"reply": ask_model(question), "length": len(question)}


@opik.track(entrypoint=True)
def refund(order: str, share: float = 1.0) -> float:
    price = find_order(order)["price"]
    if not 0 <= share <= 1:
        raise ValueError(f"A share of {share} cannot be paid back")
    return price * share


@opik.track(entrypoint=True)
def approve(order: str) -> dict:
    print(f"Waiting for an approval of {order}")
    return {"order": order, "decision": approvals.of(order)}
