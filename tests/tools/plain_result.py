"""For test files in Python that a script runs: unittest, and a last line that says `N passed, N failed`."""

import sys
import unittest


def run():
    """Runs the tests of the main module. What they have in their module counts, not what is on the command line."""
    result = unittest.main("__main__", argv=sys.argv[:1], exit=False).result
    # A test that fails in several subtests has failed once.
    failed = {getattr(test, "test_case", test).id() for test, _ in [*result.failures, *result.errors]}
    for test, why in result.skipped:
        print(f"NOT RUN: {test.id()}: {why}")
    passed = result.testsRun - len(failed) - len(result.skipped)
    print(f"{max(passed, 0)} passed, {len(failed)} failed", flush=True)
    return bool(failed) or passed <= 0
