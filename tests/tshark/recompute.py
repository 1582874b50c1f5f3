# SPDX-License-Identifier: GPL-2.0-or-later
"""What reports say of streams, worked out again from tshark's words on single segments."""
from collections import defaultdict, namedtuple
from decimal import Decimal
from functools import lru_cache

from rewrap import RAW, read_packets, write_capture

ROLES = ["client", "server"]
PROVED_BY_NEXT = [("CLOSE_WAIT", "LAST_ACK"), ("ESTABLISHED", "CLOSE_WAIT")]
CROSSED = [("CLOSE_WAIT", "CLOSED"), ("CLOSING", "CLOSED"), ("CLOSING", "TIME_WAIT")]
CLOSED_BY_FIN = {"ESTABLISHED": "FIN_WAIT_1", "SYN_RECEIVED": "FIN_WAIT_1", "CLOSE_WAIT": "LAST_ACK"}
CLOSING = ["FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT"]
TWO_MSL = 60 * 10**9
EXPIRED = "2MSL have passed"
ADDRESSES = ["ip.src", "ipv6.src", "ip.dst", "ipv6.dst"]
NAMES = ["tcp.stream", "frame.number", "frame.time_epoch", "frame.time_relative", "tcp.srcport",
         "tcp.dstport", "tcp.flags", "tcpclose.event", "tcpclose.pattern", "tcpclose.closed_by",
         "tcpclose.reset_by", "tcpclose.complete", "tcpclose.teardown", "tcpclose.half_close.bytes",
         "tcpclose.fin_retransmissions", "tcpclose.directions", "tcpclose.first_fin", "tcpclose.first_rst",
         "tcpclose.cause", "tcpclose.cause.side", "tcpclose.cause.sure", "tcpclose.cause.hint",
         "tcpclose.cause.evidence", "tcpclose.idle", "tcpclose.rst.verdict", "tcpclose.reuse.outcome", "tcpclose.reuse.age",
         "tcpclose.reuse.of_stream",
         "tcpclose.conn_state", "tcpclose.history", "tcpclose.flow_end_reason", "tcpclose.stage",
         "tcp.seq_raw", "tcp.ack_raw", "tcp.len",
         *ADDRESSES]
NAMES_OF_ROLE = ["state", "previous", "since", "dwell", "reason", "confirmed", "path"]
FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10

# start and end are (time in ns, frame); end is None where the state goes on after the capture.
# time is None where the end was not seen; proved: a segment of the endpoint's own shows the state.
Visit = namedtuple("Visit", "role state start end time proved")
CLOCK = 0  # the frame of what no frame does

# Where a socket was that had died without a word.
OLD_SOCKET = {"ESTABLISHED", *CLOSING}

# Where a side was that has not received the FIN.
WITHOUT = {"CLOSE_WAIT": "ESTABLISHED", "CLOSING": "FIN_WAIT_1", "TIME_WAIT": "FIN_WAIT_2",
           "FIN_WAIT_2": "FIN_WAIT_1"}

# How a reason begins -> the states that did not happen, if they are the newest.
REFUTED_BY = {
    "it sent its SYN again": {"SYN_RECEIVED", "ESTABLISHED", "CLOSE_WAIT"},
    "it sent its SYN-ACK again": {"ESTABLISHED", "CLOSE_WAIT"},
    "it sent its FIN again": {"FIN_WAIT_2", "TIME_WAIT", "CLOSED"},
    "it sent a RST that does not cover the FIN": {"CLOSE_WAIT", "CLOSING", "TIME_WAIT"},
    "it sent a RST before the ACK of its FIN": {"FIN_WAIT_2", "CLOSING", "TIME_WAIT"},
    "its ACK does not cover the FIN": {"CLOSE_WAIT", "CLOSING", "TIME_WAIT", "CLOSED"},
    "it sent a FIN whose ACK does not cover the FIN": {"CLOSE_WAIT"},
    "it had sent its FIN before": {"CLOSE_WAIT"},
    "it sent data beyond the FIN": {"FIN_WAIT_1", "FIN_WAIT_2", "CLOSING", "LAST_ACK", "TIME_WAIT",
                                    "CLOSED"},
    "it goes on talking after the RST": {"CLOSED"},
}
SYN_NOT_ITS_OWN = "its earlier connection goes on"  # refutes all

# Where a socket came to that went on behind a SYN that was not its own.
GONE_ON = {"ESTABLISHED": {"CLOSE_WAIT"}, "FIN_WAIT_1": {"FIN_WAIT_2", "CLOSING", "TIME_WAIT"},
           "FIN_WAIT_2": {"TIME_WAIT"}, "CLOSING": {"TIME_WAIT"}}

# Where a side was whose FIN has led to the state.
BEFORE_FIN = {"FIN_WAIT_1": "ESTABLISHED", "CLOSING": "ESTABLISHED", "LAST_ACK": "CLOSE_WAIT"}

# Who has sent no FIN was in none of the others.
FOLLOW_FIN = {state: {"FIN_WAIT_1", "FIN_WAIT_2", "CLOSING"}
              for state in ("ESTABLISHED", "CLOSE_WAIT")}


def ns_of(text):
    return int(Decimal(text) * 10**9)


@lru_cache(maxsize=None)
def segments(wireshark, capture):
    """A dict a segment, with the final word on its stream. Callers share them: look, do not touch."""
    names = NAMES + [f"tcpclose.{role}.{name}" for role in ROLES for name in NAMES_OF_ROLE]
    rows = [dict(zip(names, row)) for row in wireshark.fields(capture, names, "-2", "-Y", "tcp")]
    for row in rows:
        row["at"] = (ns_of(row["frame.time_epoch"]), int(row["frame.number"]))
        row["src"] = (row["ip.src"] or row["ipv6.src"], int(row["tcp.srcport"]))
        row["dst"] = (row["ip.dst"] or row["ipv6.dst"], int(row["tcp.dstport"]))
    return rows


def by_stream(rows):
    streams = defaultdict(list)
    for row in rows:
        streams[int(row["tcp.stream"])].append(row)
    return streams


def chosen_streams(wireshark, capture, streams, display_filter):
    """Those with a segment that the filter lets through."""
    rows = wireshark.filtered(capture, display_filter, "tcp.stream")
    return {number: streams[number] for number in {int(row[0]) for row in rows}}


def successors(streams):
    """stream -> the first segment of the next stream on its endpoints, or None"""
    of_endpoints = defaultdict(list)
    for number, rows in streams.items():
        of_endpoints[frozenset((rows[0]["src"], rows[0]["dst"]))].append((rows[0]["at"], number))
    found = {}
    for begins in of_endpoints.values():
        begins.sort()
        for (_, number), (begin, _) in zip(begins, begins[1:] + [(None, None)]):
            found[number] = begin
    return found


def predecessors(streams):
    """stream -> the last segment of the stream before on its endpoints, or None"""
    of_endpoints = defaultdict(list)
    for number, rows in streams.items():
        of_endpoints[frozenset((rows[0]["src"], rows[0]["dst"]))].append((rows[0]["at"], number))
    found = {}
    for begins in of_endpoints.values():
        before = None
        for _, number in sorted(begins):
            found[number] = before and streams[before]
            before = number
    return found


def endpoints_of(rows):
    """role -> (address, port)"""
    first = rows[0]
    flags = int(first["tcp.flags"], 16)
    if flags & SYN:
        client_sends = not flags & ACK
    else:
        client_sends = first["src"][1] >= first["dst"][1]
    client, server = ("src", "dst") if client_sends else ("dst", "src")
    return {"client": first[client], "server": first[server]}


class Stays:
    """The stays of one endpoint, each [state, since, proved, whether no segment shows when it began]."""

    def __init__(self, row, role, former):
        self.former, self.former_proved = former
        self.peer_has_fin = None  # when the peer was first shown to be in CLOSE_WAIT
        self.stays = [[row[f"tcpclose.{role}.state"], row["at"], is_confirmed(row, role), False]]
        self.quickest = None  # ns that it took to respond to a segment of the peer

    def newest(self):
        return self.stays[-1]

    def take_out(self, refuted, instead, now):
        """Since when the newest of what is taken out was thought to be."""
        def is_refuted():
            return refuted is None or self.newest()[0] in refuted
        since = self.newest()[1] if is_refuted() else now
        while is_refuted() and len(self.stays) > 1:
            self.stays.pop()
        if is_refuted():
            self.newest()[0], self.newest()[2] = instead, False
        return since

    def go_on(self, state, now):
        acked = self.peer_has_fin if self.former == "FIN_WAIT_1" else None
        self.take_out(None, self.former, now)
        self.newest()[2] = self.former_proved
        if acked and state == "TIME_WAIT":
            self.stays.append(["FIN_WAIT_2", acked, False, False])
        return acked if acked and state == "FIN_WAIT_2" else now

    def prove_former(self):
        if len(self.stays) == 1 and self.newest()[0] == self.former:
            self.newest()[2] |= self.former_proved

    def take_syn_back(self, state, sends_fin, now):
        before = BEFORE_FIN.get(state) if sends_fin else None
        if not before and state in GONE_ON.get(self.former, ()):
            return self.go_on(state, now)
        since = self.take_out(None, before or state, now)
        if before and state == "CLOSING":
            self.stays.append(["FIN_WAIT_1", now, sends_fin, False])
        return now if before else since

    def change(self, state, reason, confirmed, now, has_spoken, sends_fin):
        refuted = next((states for begin, states in REFUTED_BY.items() if reason.startswith(begin)),
                       set()) | FOLLOW_FIN.get(state, set())
        since = now
        if reason == "it sent a SYN-ACK" and not has_spoken:
            refuted = OLD_SOCKET
        elif reason.startswith("it acknowledged the FIN"):  # so it is alive
            refuted = refuted | {"CLOSED"}
        elif reason.startswith("it sent its FIN again") and state == "FIN_WAIT_1":
            refuted = refuted | {"CLOSING"}
        # It sends its FIN where it was thought to have sent one: that was not its own.
        followed = REFUTED_BY["it sent data beyond the FIN"]
        if reason == "it sent a FIN" and len(self.stays) > 1 and self.newest()[0] in followed:
            begun = self.take_out(followed, "ESTABLISHED", now)
            if state == "LAST_ACK" and self.newest()[0] == "ESTABLISHED":
                self.stays.append(["CLOSE_WAIT", begun, False, False])
        if reason.startswith("it sent a RST") or reason == "it sent a FIN":
            if reason == "it sent a RST" and not self.newest()[2]:
                refuted = {"TIME_WAIT"}
            elif reason == "it sent a FIN" and state == "FIN_WAIT_1":
                refuted = {"CLOSE_WAIT"}
            self.take_out(refuted, WITHOUT.get(self.newest()[0]), now)
        elif reason.startswith(("it sent a FIN whose ACK does not cover",
                                "it had sent its FIN before")):
            self.take_out(refuted, "ESTABLISHED", now)
            self.stays.append(["FIN_WAIT_1", now, sends_fin, False])
        elif reason.startswith(SYN_NOT_ITS_OWN):
            since = self.take_syn_back(state, sends_fin, now)
        else:
            since = self.take_out(refuted, state, now)
        if self.newest()[0] != state:
            self.stays.append([state, since, confirmed, False])

    def expire(self, at):
        self.stays.append(["CLOSED", (at, CLOCK), False, True])

    def prove(self, confirmed, events, fin_again, follows, now, sends):
        is_shown = confirmed and not self.newest()[2]
        self.newest()[2] |= confirmed
        # Its FIN, sent before it had the peer's, captured behind the RST that closed it.
        if ("simultaneous_close" in events and
                [stay[0] for stay in self.stays[-2:]] == ["CLOSE_WAIT", "CLOSED"]):
            since = self.stays[-2][1]
            self.stays[-2:-1] = [["FIN_WAIT_1", since, True, False], ["CLOSING", since, False, False]]
        # Its FIN, captured behind the RST that closed it, and behind what it had sent.
        before, after = [stay[0] for stay in [[None]] + self.stays][-2:]
        if "fin" in events and follows and after == "CLOSED" and before in CLOSED_BY_FIN:
            self.stays[-2][2] = True
            if "fin_ack" in events and before != "CLOSE_WAIT":
                closing, proved = ["CLOSE_WAIT", "LAST_ACK"], False
            else:
                closing, proved = [CLOSED_BY_FIN[before]], True
            self.stays[-1:-1] = [[state, self.stays[-1][1], proved, False] for state in closing]
            self.stays[-1][3] = True
        # Its first ACK of the peer's FIN, captured when it was thought to be further.
        # If the peer's FIN came once more since (fin_again, its frame), the first may have been lost;
        # and if it can have had the ACK of its own FIN by then, that may have come before the peer's FIN.
        since = self.newest()[1]
        if ("fin_ack" in events and tuple(stay[0] for stay in self.stays[-2:]) in CROSSED and
                (self.newest()[0] == "CLOSED" or
                 fin_again <= since[1] and (self.quickest is None or now[0] - since[0] < self.quickest))):
            self.stays[-2][2] = True
        if sends and is_shown and since[1] != now[1]:
            response = now[0] - since[0]
            self.quickest = response if self.quickest is None else min(response, self.quickest)
        # Who sends a FIN in LAST_ACK was in CLOSE_WAIT, and who is in CLOSE_WAIT was ESTABLISHED.
        for before, after in zip(self.stays[-2::-1], self.stays[::-1]):
            if not after[2] or (before[0], after[0]) not in PROVED_BY_NEXT:
                break
            before[2] = True
        # Who is in a state that follows FIN_WAIT_1 was there.
        for before, after in zip(self.stays[-2::-1], self.stays[::-1]):
            if not self.newest()[2] or after[0] not in ("FIN_WAIT_2", "CLOSING", "TIME_WAIT"):
                break
            before[2] |= before[0] == "FIN_WAIT_1"


def is_confirmed(row, role):
    return row[f"tcpclose.{role}.confirmed"] in ("1", "True")


def end_of(row):
    """The sequence number after the segment."""
    flags = int(row["tcp.flags"], 16)
    length = 0 if flags & RST else int(row["tcp.len"]) + bool(flags & SYN) + bool(flags & FIN)
    return (int(row["tcp.seq_raw"]) + length) % 2**32


def is_after(number, other):
    return 0 < (number - other) % 2**32 < 2**31


def former_of(own, before):
    """What an endpoint was in when the stream before ended, and whether that was confirmed."""
    if not before:
        return "CLOSED", False
    role = next(role for role, endpoint in endpoints_of(before).items() if endpoint == own)
    return before[-1][f"tcpclose.{role}.state"], is_confirmed(before[-1], role)


def visits_of(rows, role, before, successor, capture_end):
    """The stays of one endpoint of a stream, as known in the end, in order of time."""
    own = endpoints_of(rows)[role]
    peer = ROLES[not ROLES.index(role)]
    course = Stays(rows[0], role, former_of(own, before))
    time_wait_end = None
    has_spoken = False
    fin_again = 0
    own_end = None
    for row in rows:
        at = row["at"]
        value = {name: row[f"tcpclose.{role}.{name}"] for name in NAMES_OF_ROLE}
        own_events = set(row["tcpclose.event"].split(",")) if row["src"] == own else set()
        sends_fin = "fin" in own_events and "fin_retransmission" not in own_events
        if row is not rows[0] and (sends_fin or row["src"] != own and
                                   row[f"tcpclose.{peer}.reason"].startswith(SYN_NOT_ITS_OWN)):
            course.prove_former()
        if row is not rows[0] and value["previous"]:
            if value["reason"] == EXPIRED:
                course.expire(at[0] - ns_of(value["since"]))
            else:
                if course.newest()[0] == "TIME_WAIT" and value["previous"] == "CLOSED":
                    course.expire(at[0] - ns_of(value["dwell"]))
                course.change(value["state"], value["reason"], is_confirmed(row, role), at,
                              has_spoken, sends_fin)
        has_spoken |= row["src"] == own
        follows = own_end is None or not is_after(int(row["tcp.seq_raw"]), own_end)
        course.prove(is_confirmed(row, role), own_events, fin_again, follows, at, row["src"] == own)
        if row["src"] == own and (own_end is None or is_after(end_of(row), own_end)):
            own_end = end_of(row)
        if (row is not rows[0] and not course.peer_has_fin and is_confirmed(row, peer) and
                row[f"tcpclose.{peer}.state"] == "CLOSE_WAIT"):
            course.peer_has_fin = at
        if row["src"] != own and "fin_retransmission" in row["tcpclose.event"].split(","):
            fin_again = at[1]
        if value["state"] == "TIME_WAIT":
            if "time_wait_reack" in row["tcpclose.event"].split(","):
                time_wait_end = at[0] + TWO_MSL
            elif value["previous"] or time_wait_end is None:
                time_wait_end = at[0] - ns_of(value["since"]) + TWO_MSL
    if course.newest()[0] == "TIME_WAIT" and (successor or (capture_end,))[0] >= time_wait_end:
        course.expire(time_wait_end)
    ends = [(stay[1], stay[3]) for stay in course.stays[1:]] + [(successor, True)]
    return [Visit(role, state, since, end, None if unseen else end[0] - since[0], proved)
            for (state, since, proved, _), (end, unseen) in zip(course.stays, ends)]


def measured(visits):
    """The times that percentiles are of: of proved visits that were left."""
    return [visit.time for visit in visits if visit.proved and visit.time is not None]


def path_of(visits, last):
    """The visits of one endpoint in one word; last: its newest segment. What the clock alone did after
    that is not in it."""
    return ">".join(visit.state + "?" * (not visit.proved) for visit in visits
                    if visit.start[1] != CLOCK or visit.start[0] <= last)


def all_visits(streams, every_stream):
    """stream -> its visits; every_stream: those of the capture, which give way to each other"""
    capture_end = max(row["at"][0] for rows in every_stream.values() for row in rows)
    next_begins = successors(every_stream)
    before = predecessors(every_stream)
    return {number: [visit for role in ROLES
                     for visit in visits_of(rows, role, before[number], next_begins[number],
                                             capture_end)]
            for number, rows in streams.items()}


def holds(visit, moment):
    return visit.start <= moment and (visit.end is None or moment < visit.end)


def most_at_once(visits):
    """The most is reached where one begins."""
    return max((sum(holds(other, visit.start) for other in visits) for visit in visits), default=0)


# ---- cells ----

def nearest_rank(times, percent):
    """The least time such that at least percent of the times are not above it."""
    return next(time for time in sorted(times)
                if 100 * sum(other <= time for other in times) >= percent * len(times))


def seconds(ns):
    us = (ns + 500) // 1000
    return f"{us // 10**6}.{us % 10**6:06}"


def percent(part, whole):
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}"


def cells_of(times, *columns):
    """Each column is a percentile, or the function of another figure."""
    if not times:
        return ["-"] * len(columns)
    return [seconds(column(times) if callable(column) else nearest_rank(times, column))
            for column in columns]


def without_empty_columns(rows):
    """The text leaves out a column that is empty in every row."""
    kept = [index for index in range(len(rows[0])) if any(row[index] != "-" for row in rows)]
    return [[row[index] for index in kept] for row in rows]


# ---- a storm ----

def of_other_client(packet, copy):
    """The packet with the client's address of a storm changed, a byte of it."""
    version = packet[0] >> 4
    source, destination, size = (12, 16, 4) if version == 4 else (8, 24, 16)
    packet = bytearray(packet)
    for address in (source, destination):
        if packet[address + size - 1] == 1:  # 10.9.0.1 and fd00:9::1 are the clients
            packet[address + size - 2] = copy
    return bytes(packet)


def large_storm(wireshark):
    """Four clients of the same services and some 500 streams. Ports come again after 16 s, and the
    clients 25 s after each other: TIME_WAITs are reused, and end. Times are cut to ms: many
    segments have the same."""
    path = wireshark.made / "large_storm.pcap"
    if not path.exists():
        packets = [(ns // 10**6 * 10**6 + copy * 25 * 10**9, of_other_client(packet, 2 * copy))
                   for copy in range(4) for capture in ("storm_lossy", "storm_clean")
                   for ns, packet in read_packets(wireshark.path(capture))]
        write_capture(path, RAW, sorted(packets, key=lambda packet: packet[0]))
        path.chmod(0o644)
    return path
