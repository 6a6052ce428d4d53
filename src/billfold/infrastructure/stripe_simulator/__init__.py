"""A stateful small Stripe that speaks Stripe's own HTTP API (DESIGN section 5).

It owns the tables named `simulator_…` and touches no other. `create_simulator` gives a `Simulator`: its `asgi` is the API,
its `handlers` are jobs, its other methods are the control that a person or a test has over the small world.
"""

from billfold.infrastructure.stripe_simulator.simulator import SimulatedAccount, Simulator, create_simulator

__all__ = ["SimulatedAccount", "Simulator", "create_simulator"]
