"""A program: backward passes interrupted by a signal; prints how many were, and how many left torn grads."""

import random
import signal

from micrograd import Value
from micrograd import sum as total


def interrupt(_signal, _frame):
    raise KeyboardInterrupt


def main():
    leaves = [Value(1.0 + i / 10) for i in range(20)]
    y = total([a * b for a in leaves for b in leaves])
    y.backward()
    whole, untouched = [1.0 + leaf.grad for leaf in leaves], [1.0] * len(leaves)
    signal.signal(signal.SIGALRM, interrupt)
    rng, interrupted, torn = random.Random(1), 0, 0
    for _ in range(2000):
        for leaf in leaves:
            leaf.grad = 1.0
        try:
            signal.setitimer(signal.ITIMER_REAL, rng.uniform(1e-6, 3e-4))
            y.backward()
            signal.setitimer(signal.ITIMER_REAL, 0.0)
        except KeyboardInterrupt:
            interrupted += 1
        torn += [leaf.grad for leaf in leaves] not in (whole, untouched)
    print(interrupted, torn)


if __name__ == "__main__":
    main()
