"""choose.py CONTROL_FILE MOST: names at most so many of the inputs that a merge of libFuzzer has looked at, those that
reach most together, one a line. Of two that reach as much the smaller one."""

import os
import sys


def read(path):
    """What each input reaches."""
    with open(path) as file:
        lines = file.read().splitlines()
    count = int(lines[0])
    names = lines[2:2 + count]
    reached = {}
    for line in lines[2 + count:]:
        kind, number, *features = line.split(" ")
        if kind == "FT":
            reached[names[int(number)]] = set(features)
    return reached


def choose(reached, most):
    chosen = []
    size = {name: os.path.getsize(name) for name in reached}
    left = dict(reached)
    while left and len(chosen) < most:
        best = max(left, key=lambda name: (len(left[name]), -size[name], name))
        if not left[best]:
            break
        chosen.append(best)
        gained = left.pop(best)
        left = {name: features - gained for name, features in left.items()}
    return chosen


print("\n".join(choose(read(sys.argv[1]), int(sys.argv[2]))))
