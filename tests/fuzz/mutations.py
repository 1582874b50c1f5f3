# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures damaged in every way we know: name -> function(source, made), which writes made.

Only randpkt's are not the same on every run; the file of a run that fails is kept by the caller."""
import functools
import random
import subprocess

import rewrap

ERROR_RATES = (0.0005, 0.005, 0.05, 0.3)
ETHERNET_AND_IP = 34  # bytes: errors beyond them are in the TCP header and the payload
HOUR = 3600 * 10**9


def tool(*command):
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


# ---- by Wireshark's own tools ----

def with_errors(rate, offset, seed, source, made):
    tool("editcap", "-E", rate, "-o", offset, "--seed", seed, source, made)


def snapped(size, source, made):
    tool("editcap", "-s", size, source, made)


def doubled(source, made):
    tool("mergecap", "-w", made, source, source)


def twice_in_a_row(source, made):
    tool("mergecap", "-a", "-w", made, source, source)


def reordered(source, made):
    scrambled_times(source, made.with_suffix(".tmp"))
    tool("reordercap", made.with_suffix(".tmp"), made)


def random_packets(kind, source, made):
    del source
    tool("randpkt", "-t", kind, "-c", 2000, "-b", 300, made)


def cut(share, source, made):
    whole = source.read_bytes()
    made.write_bytes(whole[:int(len(whole) * share)])


# ---- frame by frame ----

def rewritten(change, source, made):
    """Ethernet frames (ns, bytes) as the change makes them; a fixed seed."""
    frames = change(rewrap.read_frames(source), random.Random(5))
    rewrap.write_capture(made, rewrap.ETHERNET, frames)


def shuffled(frames, chance):
    frames = list(frames)
    chance.shuffle(frames)
    return frames


def neighbours_swapped(frames, chance):
    frames = list(frames)
    for index in range(len(frames) - 1):
        if chance.random() < 0.2:
            frames[index], frames[index + 1] = frames[index + 1], frames[index]
    return frames


def one_direction(frames, chance):
    """Only what goes to the higher address."""
    del chance
    def goes_up(frame):
        addresses = frame[26:34] if frame[12:14] == b"\x08\x00" else frame[22:54]
        half = len(addresses) // 2
        return addresses[:half] < addresses[half:]
    return [(ns, frame) for ns, frame in frames if goes_up(frame)]


def some_lost(frames, chance):
    return [frame for frame in frames if chance.random() < 0.8]


def some_repeated(frames, chance):
    return [frame for frame in frames for _ in range(chance.choice((1, 1, 1, 2, 3)))]


def times_jumping(frames, chance):
    return [(ns + chance.randrange(-HOUR, HOUR), frame) for ns, frame in frames]


def times_equal(frames, chance):
    del chance
    return [(frames[0][0], frame) for _, frame in frames]


def times_backwards(frames, chance):
    del chance
    return list(zip([ns for ns, _ in reversed(frames)], [frame for _, frame in frames]))


def times_anywhere(frames, chance):
    """All that a pcap file can hold, beyond a second of nanoseconds too."""
    return [(chance.randrange(2**32) * 10**9, frame) for _, frame in frames]


scrambled_times = functools.partial(rewritten, times_jumping)

REWRITES = (shuffled, neighbours_swapped, one_direction, some_lost, some_repeated, times_jumping,
            times_equal, times_backwards, times_anywhere)


def mutations(seeds):
    made = {"as_it_is": lambda source, made: made.write_bytes(source.read_bytes())}
    for seed in seeds:
        for rate in ERROR_RATES:
            for offset in (0, ETHERNET_AND_IP):
                made[f"errors_{rate}_from_{offset}_seed_{seed}"] = functools.partial(
                    with_errors, rate, offset, seed)
    for size in (40, 54, 60, 66):
        made[f"snapped_to_{size}"] = functools.partial(snapped, size)
    for share in (0.1, 0.5, 0.999):
        made[f"cut_at_{share}"] = functools.partial(cut, share)
    for change in REWRITES:
        made[change.__name__] = functools.partial(rewritten, change)
    for kind in ("tcp", "ip", "ipv6", "eth"):
        made[f"randpkt_{kind}"] = functools.partial(random_packets, kind)
    made.update(doubled=doubled, twice_in_a_row=twice_in_a_row, reordered=reordered)
    return made
