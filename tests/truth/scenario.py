# SPDX-License-Identifier: GPL-2.0-or-later
"""What a scenario is: how one capture comes about.

A scenario is a function, and its name is the capture's. It gets the wire, which it can tell to lose,
hold or copy frames (wire.py), and the two applications (talk.py), A the client and B the server; its
first line says what happens. What is on the wire and in the truth is the kernels' own doing.
"""
from talk import Talk

SCENARIOS = {}      # name -> (what to run with a wire, sysctls, what happens)
NO_TIMESTAMPS = {"tcp_timestamps": 0}


def scenario(sysctls=None, **talk):
    """Registers the function; sysctls: below net.ipv4, of both hosts; the rest is for Talk."""
    def register(function):
        def run(wire):
            function(wire, Talk(wire, **talk))
        SCENARIOS[function.__name__] = (run, sysctls, function.__doc__)
        return function
    return register
