-- SPDX-License-Identifier: GPL-2.0-or-later
-- Joins the rows of connections that a cut by time has left in several pieces of one capture.
--
-- Table "pieces": the CSV of all pieces, with their names and with one end for all (README, "Pieces
-- cut by time"). Prints a row a connection; cut says what was cut: "no", "life" (the close is in one
-- piece) or "close", whose pattern is put together from the pieces' facts. A time in a state that the
-- rows do not tell is empty. For sqlite3, from 3.32.

-- An endpoint is side a or b, whoever a piece takes for the client.
CREATE TEMP VIEW sided AS
SELECT rowid AS id, *,
       client_address || ' ' || client_port < server_address || ' ' || server_port AS client_is_a,
       min(client_address || ' ' || client_port, server_address || ' ' || server_port) AS a,
       max(client_address || ' ' || client_port, server_address || ' ' || server_port) AS b
FROM pieces;

CREATE TEMP VIEW faced AS
SELECT *,
       iif(client_is_a, client_isn, server_isn) AS a_isn,
       iif(client_is_a, server_isn, client_isn) AS b_isn,
       iif(client_is_a, client_first_seq, server_first_seq) AS a_first,
       iif(client_is_a, server_first_seq, client_first_seq) AS b_first,
       iif(client_is_a, client_next_seq, server_next_seq) AS a_next,
       iif(client_is_a, server_next_seq, client_next_seq) AS b_next,
       iif(client_is_a, client_acked, server_acked) AS a_acked,
       iif(client_is_a, server_acked, client_acked) AS b_acked,
       iif(client_is_a, client_fin, server_fin) = 'true' AS a_fin,
       iif(client_is_a, server_fin, client_fin) = 'true' AS b_fin,
       iif(client_is_a, client_path, server_path) AS a_path,
       iif(client_is_a, server_path, client_path) AS b_path,
       CAST(replace(first_seen_s, '.', '') AS INTEGER) AS first_ns,
       CAST(replace(last_seen_s, '.', '') AS INTEGER) AS last_ns,
       CAST(replace(idle_s, '.', '') AS INTEGER) AS idle_ns,
       history GLOB '[Rr]*' AS rst_is_first,
       directions IN ('both', iif(client_is_a, 'client', 'server')) AS a_is_seen,
       directions IN ('both', iif(client_is_a, 'server', 'client')) AS b_is_seen,
       -- whose silence made the other side repeat itself
       CASE WHEN cause = 'peer_vanished' THEN iif((cause_side = 'client') = client_is_a, 'a', 'b') END AS silent
FROM sided;

-- A row goes on with the one before it on the same endpoints if both sides' numbers do: the same
-- SYN, or no SYN and a number within 1 GiB of where the row before has left off (modulo 2^32). A SYN
-- of its own it has from before that: a later one begins another connection.
CREATE TEMP VIEW linked AS
SELECT *,
       lag(file) OVER before IS NOT NULL AND file <> lag(file) OVER before
       AND CASE
           WHEN a_isn <> '' AND lag(a_isn) OVER before <> '' THEN a_isn = lag(a_isn) OVER before
           WHEN a_isn <> '' AND lag(a_next) OVER before = '' THEN lag(b_next) OVER before <> ''
           WHEN a_isn <> '' THEN (lag(a_next) OVER before - a_isn) & 4294967295 < 1073741824
           WHEN a_first = '' OR lag(a_next) OVER before = '' THEN 1
           ELSE (a_first - lag(a_next) OVER before + 1073741824) & 4294967295 < 2147483648 END
       AND CASE
           WHEN b_isn <> '' AND lag(b_isn) OVER before <> '' THEN b_isn = lag(b_isn) OVER before
           WHEN b_isn <> '' AND lag(b_next) OVER before = '' THEN lag(a_next) OVER before <> ''
           WHEN b_isn <> '' THEN (lag(b_next) OVER before - b_isn) & 4294967295 < 1073741824
           WHEN b_first = '' OR lag(b_next) OVER before = '' THEN 1
           ELSE (b_first - lag(b_next) OVER before + 1073741824) & 4294967295 < 2147483648 END
       AS goes_on
FROM faced
WINDOW before AS (PARTITION BY a, b ORDER BY first_ns, id);

CREATE TEMP VIEW chained AS
SELECT *, sum(NOT goes_on) OVER (PARTITION BY a, b ORDER BY first_ns, id) AS chain
FROM linked;

CREATE TEMP TABLE part AS
SELECT *, a_next - a_first NOT IN (0, a_fin) AS a_spoke, b_next - b_first NOT IN (0, b_fin) AS b_spoke,
       row_number() OVER (PARTITION BY a, b, chain ORDER BY first_ns, id) AS n,
       first_fin_frame <> '' OR first_rst_frame <> '' AS has_close
FROM chained;

CREATE INDEX temp.part_of ON part (a, b, chain, n);

-- The end that all parts were told, and the next connection on the same endpoints.
CREATE TEMP VIEW told_end AS SELECT max(CAST(replace(file_last_s, '.', '') AS INTEGER)) AS ns FROM pieces;

CREATE TEMP TABLE successor AS
SELECT a, b, chain - 1 AS chain, first_ns, file FROM part WHERE n = 1 AND chain > 1;

CREATE INDEX temp.successor_of ON successor (a, b, chain);

-- Of each connection: which parts say how it began, and where its close is.
CREATE TEMP TABLE whole AS
SELECT a, b, chain, count(*) AS parts, max(n) AS newest,
       coalesce(min(iif(role_guessed = 'false', n, NULL)), 1) AS opening,
       min(iif(has_close, n, NULL)) AS closing,
       max(iif(pattern = 'open', n, NULL)) AS open_part,
       min(iif(reset_by <> 'none', n, NULL)) AS reset_part,
       max(a_fin) AS a_fin, max(b_fin) AS b_fin,
       min(iif(a_fin, n, NULL)) AS a_fin_part, min(iif(b_fin, n, NULL)) AS b_fin_part,
       min(first_ns) AS first_ns, max(last_ns) AS last_ns,
       sum(half_close_bytes) AS half_close_bytes, sum(rsts) AS rsts,
       -- a FIN that came in an earlier part, too, is a retransmission that its own part took for the first
       sum(fin_retransmissions) + max(sum(a_fin) - 1, 0) + max(sum(b_fin) - 1, 0)
           AS fin_retransmissions,
       count(DISTINCT directions) AS views,
       max(iif(silent IS NOT NULL, n, NULL)) AS silent_part,
       max(iif(a_is_seen, n, NULL)) AS a_seen_part, max(iif(b_is_seen, n, NULL)) AS b_seen_part
FROM part
GROUP BY a, b, chain;

-- The part that speaks for the close (k), and whether a later one changes what it says. Others are those
-- of the RST that ends it (r), of the FINs (fa, fb), of the later FIN (f), of a silence (v), and the newest (z).
CREATE TEMP TABLE closing AS
SELECT w.*, o.client_is_a AS roles, k.id AS k, f.id AS f,
       w.closing IS NOT NULL AND k.complete = 'false' AND w.newest > w.closing AS is_split,
       k.a_next AS k_a_next, k.b_next AS k_b_next, k.a_path AS k_a_path, k.b_path AS k_b_path,
       iif(k.closed_by = 'client' = k.client_is_a, k.b_next <> k.b_acked, k.a_next <> k.a_acked) AS is_unacked,
       k.a_acked = fa.a_next AS k_acks_a, k.b_acked = fb.b_next AS k_acks_b,
       -- before its own FIN the other side sent what acknowledges this one
       f.b_path LIKE 'ESTABLISHED%' AND f.a_first = fa.a_next AS f_acks_a,
       f.a_path LIKE 'ESTABLISHED%' AND f.b_first = fb.b_next AS f_acks_b,
       CASE WHEN f.closed_by = 'both' THEN 'both'
            WHEN k.closed_by = 'client' THEN iif(k.client_is_a, 'a', 'b')
            WHEN k.closed_by = 'server' THEN iif(k.client_is_a, 'b', 'a') ELSE k.closed_by END AS closer,
       CASE r.reset_by WHEN 'client' THEN iif(r.client_is_a, 'a', 'b')
                       WHEN 'server' THEN iif(r.client_is_a, 'b', 'a')
                       ELSE coalesce(r.reset_by, 'none') END AS resetter,
       r.cause AS r_cause, r.rst_is_first, r.a_spoke AS r_a_spoke, r.b_spoke AS r_b_spoke,
       r.first_ns - k.last_ns + k.idle_ns AS silence_ns,
       fa.a_next AS a_end, fb.b_next AS b_end,
       r.n AS r_n, r.a_next AS r_a_next, r.b_next AS r_b_next,
       f.complete = 'false' AS f_is_open,
       CASE WHEN r.rsts = '1' AND r.history GLOB '*[Rr]' THEN r.last_ns END AS reset_ns,
       z.a_next AS z_a_next, z.b_next AS z_b_next,
       -- the client has sent something before that part, and the server never anything but its FIN
       w.opening < w.closing AND k.closed_by <> 'none' AND
       CASE WHEN o.client_is_a THEN (k.closed_by = 'server') = k.client_is_a
                 AND (o.a_next - o.a_isn) & 4294967295 > 1 AND (fb.b_next - o.b_isn) & 4294967295 = 2
            ELSE (k.closed_by = 'client') = k.client_is_a
                 AND (o.b_next - o.b_isn) & 4294967295 > 1 AND (fa.a_next - o.a_isn) & 4294967295 = 2
            END AS is_without_reply,
       CASE v.silent WHEN 'a' THEN iif(w.a_seen_part > v.n, NULL, 'a')
                     WHEN 'b' THEN iif(w.b_seen_part > v.n, NULL, 'b') END AS silent,
       w.a_fin_acked AND w.b_fin_acked AS both_acked
FROM (SELECT *,
             EXISTS (SELECT 1 FROM part p
                     JOIN part f ON (f.a, f.b, f.chain, f.n) = (p.a, p.b, p.chain, a_fin_part)
                     WHERE (p.a, p.b, p.chain) = (whole.a, whole.b, whole.chain)
                     AND p.n >= f.n AND p.a_acked = f.a_next) AS a_fin_acked,
             EXISTS (SELECT 1 FROM part p
                     JOIN part f ON (f.a, f.b, f.chain, f.n) = (p.a, p.b, p.chain, b_fin_part)
                     WHERE (p.a, p.b, p.chain) = (whole.a, whole.b, whole.chain)
                     AND p.n >= f.n AND p.b_acked = f.b_next) AS b_fin_acked
      FROM whole) w
JOIN part o ON (o.a, o.b, o.chain, o.n) = (w.a, w.b, w.chain, w.opening)
JOIN part k ON (k.a, k.b, k.chain, k.n) =
               (w.a, w.b, w.chain, coalesce(w.closing, w.open_part, w.newest))
-- a RST after both FINs were acknowledged ends nothing
LEFT JOIN part r ON (r.a, r.b, r.chain, r.n) = (w.a, w.b, w.chain, w.reset_part)
    AND NOT (w.a_fin_acked AND w.b_fin_acked AND (k.complete = 'false' OR r.n > k.n))
LEFT JOIN part fa ON (fa.a, fa.b, fa.chain, fa.n) = (w.a, w.b, w.chain, w.a_fin_part)
LEFT JOIN part fb ON (fb.a, fb.b, fb.chain, fb.n) = (w.a, w.b, w.chain, w.b_fin_part)
LEFT JOIN part f ON (f.a, f.b, f.chain, f.n) = (w.a, w.b, w.chain, max(w.a_fin_part, w.b_fin_part))
LEFT JOIN part v ON (v.a, v.b, v.chain, v.n) = (w.a, w.b, w.chain, w.silent_part)
JOIN part z ON (z.a, z.b, z.chain, z.n) = (w.a, w.b, w.chain, w.newest);

-- What the other side sent after the part with the first FIN, but for its own FIN, was sent against
-- that FIN, if it has it. What it still sends when that side has reset is, too.
CREATE TEMP VIEW judged AS
SELECT *,
       half_close_bytes + CASE
           WHEN (closer = 'a' AND NOT a_fin_acked) OR (closer = 'b' AND NOT b_fin_acked) THEN 0
           WHEN NOT is_split AND resetter <> closer THEN 0
           WHEN b_end = k_b_next AND a_end = k_a_next THEN 0
           WHEN closer = 'a' AND b_fin_part > closing AND k_b_next NOT IN ('', b_end)
               THEN (b_end - 1 - k_b_next) & 4294967295
           WHEN closer = 'b' AND a_fin_part > closing AND k_a_next NOT IN ('', a_end)
               THEN (a_end - 1 - k_a_next) & 4294967295
           WHEN closer = 'a' AND NOT b_fin AND newest > closing AND r_n >= closing AND '' NOT IN (z_b_next, k_b_next)
               THEN (z_b_next - k_b_next) & 4294967295
           WHEN closer = 'b' AND NOT a_fin AND newest > closing AND r_n >= closing AND '' NOT IN (z_a_next, k_a_next)
               THEN (z_a_next - k_a_next) & 4294967295
           ELSE 0 END AS bytes,
       -- its FIN was acknowledged before the other one came
       CASE closer WHEN 'a' THEN k_a_path LIKE '%FIN_WAIT_2%' OR (b_fin_part > closing AND (k_acks_a OR f_acks_a))
                   WHEN 'b' THEN k_b_path LIKE '%FIN_WAIT_2%' OR (a_fin_part > closing AND (k_acks_b OR f_acks_b))
                   END AS acked_first,
       CASE WHEN closer <> 'both' THEN closer WHEN a_fin_part < b_fin_part THEN 'a'
            WHEN b_fin_part < a_fin_part THEN 'b' END AS first_closer,
       -- who closes what the other side has reset: that RST was lost
       CASE WHEN closer <> 'none' THEN NULL
            WHEN resetter = 'a' AND b_fin_part > r_n THEN 'b'
            WHEN resetter = 'b' AND a_fin_part > r_n THEN 'a' END AS late_closer,
       -- the other side said nothing any more, and then a RST was all there was
       r_cause IN ('no_connection_seen', 'abort') AND resetter <> silent AND NOT (a_fin OR b_fin) AS is_given_up,
       iif(resetter = 'a', r_b_spoke AND NOT r_a_spoke, r_a_spoke AND NOT r_b_spoke) AS r_answers_payload,
       iif(resetter = 'a', a_fin_part, b_fin_part) < r_n AS r_closed_before,
       iif(resetter = 'a', b_fin_part, a_fin_part) = r_n AS r_answers_fin
FROM closing;

-- A part without the handshake takes an answer for a stray one, and what has no answer in it for what
-- was never a connection. A RST that comes before all other segments of its part answers none of them.
CREATE TEMP VIEW told AS
SELECT *,
       CASE
           WHEN resetter <> 'none' THEN iif(resetter = first_closer, 'fin_then_reset', 'fin_answered_by_reset')
           WHEN a_fin AND b_fin AND NOT both_acked THEN 'last_ack_missing'
           WHEN closer = 'both' THEN 'simultaneous'
           WHEN a_fin AND b_fin AND bytes > 0 THEN 'half_close'
           WHEN a_fin AND b_fin THEN iif(acked_first, 'four_way', 'three_way')
           WHEN a_fin_acked OR b_fin_acked THEN 'half_closed'
           ELSE 'fin_unanswered' END AS split_pattern,
       CASE
           WHEN late_closer IS NOT NULL AND r_cause IN ('abort', 'keepalive_timeout', 'retransmission_timeout')
               THEN 'abort'
           WHEN r_n = 1 THEN r_cause
           WHEN r_cause = 'no_connection_seen' AND resetter = closer AND is_unacked AND silence_ns < 1000000000
               THEN 'data_after_full_close'
           WHEN r_cause = 'no_connection_seen' OR (rst_is_first AND r_cause IN ('stray_after_close', 'unknown'))
               THEN 'abort'
           WHEN r_cause NOT IN ('stray_after_close', 'connection_lost') THEN r_cause
           WHEN r_answers_payload AND NOT (a_fin OR b_fin) THEN 'connection_lost'
           WHEN r_answers_payload AND r_closed_before AND resetter = closer
               THEN iif(half_close_bytes > 0 OR silence_ns < 1000000000, 'data_after_full_close', 'idle_close_race')
           WHEN r_closed_before AND r_answers_fin THEN 'stray_after_close'
           ELSE r_cause END AS reset_cause
FROM judged;

-- The times in each state, in ns, by endpoint. What is open at the end, the next connection on the same
-- endpoints had ended so long before, if it begins in another file.
CREATE TEMP VIEW succeeded AS
SELECT p.*, iif(s.file <> p.file, (SELECT ns FROM told_end) - s.first_ns, 0) AS ago
FROM part p LEFT JOIN successor s ON (s.a, s.b, s.chain) = (p.a, p.b, p.chain);

CREATE TEMP TABLE stay AS
SELECT id, iif(client_is_a, 'a', 'b') AS side, ago,
       CAST(nullif(replace(client_fin_wait_1_s, '.', ''), '') AS INTEGER)
           - iif(client_state = 'FIN_WAIT_1', ago, 0) AS fin_wait_1,
       CAST(nullif(replace(client_fin_wait_2_s, '.', ''), '') AS INTEGER)
           - iif(client_state = 'FIN_WAIT_2', ago, 0) AS fin_wait_2,
       CAST(nullif(replace(client_close_wait_s, '.', ''), '') AS INTEGER)
           - iif(client_state = 'CLOSE_WAIT', ago, 0) AS close_wait,
       CAST(nullif(replace(client_closing_s, '.', ''), '') AS INTEGER)
           - iif(client_state = 'CLOSING', ago, 0) AS closing,
       CAST(nullif(replace(client_last_ack_s, '.', ''), '') AS INTEGER)
           - iif(client_state = 'LAST_ACK', ago, 0) AS last_ack,
       CAST(nullif(replace(client_time_wait_s, '.', ''), '') AS INTEGER)
           - iif(client_state = 'TIME_WAIT', ago, 0) AS time_wait
FROM succeeded
UNION ALL
SELECT id, iif(client_is_a, 'b', 'a') AS side, ago,
       CAST(nullif(replace(server_fin_wait_1_s, '.', ''), '') AS INTEGER)
           - iif(server_state = 'FIN_WAIT_1', ago, 0) AS fin_wait_1,
       CAST(nullif(replace(server_fin_wait_2_s, '.', ''), '') AS INTEGER)
           - iif(server_state = 'FIN_WAIT_2', ago, 0) AS fin_wait_2,
       CAST(nullif(replace(server_close_wait_s, '.', ''), '') AS INTEGER)
           - iif(server_state = 'CLOSE_WAIT', ago, 0) AS close_wait,
       CAST(nullif(replace(server_closing_s, '.', ''), '') AS INTEGER)
           - iif(server_state = 'CLOSING', ago, 0) AS closing,
       CAST(nullif(replace(server_last_ack_s, '.', ''), '') AS INTEGER)
           - iif(server_state = 'LAST_ACK', ago, 0) AS last_ack,
       CAST(nullif(replace(server_time_wait_s, '.', ''), '') AS INTEGER)
           - iif(server_state = 'TIME_WAIT', ago, 0) AS time_wait
FROM succeeded;

CREATE INDEX temp.stay_of ON stay (id, side);

-- What the part with the first FIN takes to last until the end ended so long before it: with the later
-- FIN, which that side's FIN_WAIT_1 began with, or with the RST. NULL: the rows do not tell.
CREATE TEMP TABLE cut AS
SELECT t.k, closer, iif(closer = 'a', 'b', 'a') AS other, split_pattern,
       iif(closer = 'a', a_fin_acked, b_fin_acked) AS is_acked, y.fin_wait_1 AS f_last_ack,
       CASE WHEN resetter = 'none' AND NOT (a_fin AND b_fin) THEN 0
            WHEN resetter = 'none' AND f_is_open AND fin_retransmissions = 0
                THEN y.fin_wait_1 + coalesce(y.fin_wait_2, 0)
            WHEN NOT (a_fin AND b_fin) THEN (SELECT ns FROM told_end) - reset_ns - x.ago END AS ago
FROM told t JOIN stay x ON x.id = t.k AND x.side = closer
LEFT JOIN stay y ON a_fin AND b_fin AND y.id = t.f AND y.side = iif(closer = 'a', 'b', 'a')
WHERE is_split AND closer IN ('a', 'b');

-- Of a close in one part they are that part's, but a FIN or RST that comes later may change the last
-- ones. 2MSL is 60 s.
CREATE TEMP VIEW whole_stay AS
SELECT k, closer AS side,
       CASE WHEN y.fin_wait_2 IS NOT NULL THEN y.fin_wait_1
            WHEN split_pattern IN ('three_way', 'fin_unanswered') THEN y.fin_wait_1 - cut.ago END AS fin_wait_1,
       y.fin_wait_2 - cut.ago AS fin_wait_2, NULL AS close_wait, NULL AS closing, NULL AS last_ack,
       CASE WHEN f_last_ack IS NOT NULL THEN min(cut.ago, 60000000000) END AS time_wait
FROM cut JOIN stay y ON y.id = k AND y.side = closer
UNION ALL
SELECT k, other, NULL, NULL, iif(is_acked, y.close_wait - cut.ago, NULL), NULL,
       iif(cut.ago IS NULL, NULL, f_last_ack), NULL
FROM cut JOIN stay y ON y.id = k AND y.side = other
UNION ALL
SELECT k, y.side, y.fin_wait_1, y.fin_wait_2, y.close_wait, iif(is_last, y.closing, NULL),
       iif(is_last, y.last_ack, NULL), iif(is_last, y.time_wait, NULL)
FROM (SELECT *, newest = coalesce(closing, newest) AS is_last FROM told) JOIN stay y ON y.id = k
WHERE NOT is_split AND (is_last OR (both_acked AND resetter = 'none'));

CREATE TEMP TABLE shown AS
SELECT k, side,
       iif(fin_wait_1 IS NULL, NULL, printf('%d.%09d', fin_wait_1 / 1000000000, fin_wait_1 % 1000000000)) AS fin_wait_1,
       iif(fin_wait_2 IS NULL, NULL, printf('%d.%09d', fin_wait_2 / 1000000000, fin_wait_2 % 1000000000)) AS fin_wait_2,
       iif(close_wait IS NULL, NULL, printf('%d.%09d', close_wait / 1000000000, close_wait % 1000000000)) AS close_wait,
       iif(closing IS NULL, NULL, printf('%d.%09d', closing / 1000000000, closing % 1000000000)) AS closing,
       iif(last_ack IS NULL, NULL, printf('%d.%09d', last_ack / 1000000000, last_ack % 1000000000)) AS last_ack,
       iif(time_wait IS NULL, NULL, printf('%d.%09d', time_wait / 1000000000, time_wait % 1000000000)) AS time_wait
FROM whole_stay;

CREATE INDEX temp.shown_of ON shown (k, side);

SELECT iif(roles = k.client_is_a, k.client_address, k.server_address) AS client_address,
       iif(roles = k.client_is_a, k.client_port, k.server_port) AS client_port,
       iif(roles = k.client_is_a, k.server_address, k.client_address) AS server_address,
       iif(roles = k.client_is_a, k.server_port, k.client_port) AS server_port,
       printf('%d.%09d', t.first_ns / 1000000000, t.first_ns % 1000000000) AS first_seen_s,
       printf('%d.%09d', t.last_ns / 1000000000, t.last_ns % 1000000000) AS last_seen_s,
       CASE WHEN late_closer IS NOT NULL THEN 'fin_answered_by_reset' WHEN is_split THEN split_pattern
            WHEN is_given_up THEN 'gave_up' ELSE k.pattern END AS pattern,
       CASE coalesce(late_closer, closer)
           WHEN 'a' THEN iif(roles, 'client', 'server') WHEN 'b' THEN iif(roles, 'server', 'client')
           ELSE closer END AS closed_by,
       CASE resetter WHEN 'a' THEN iif(roles, 'client', 'server')
                     WHEN 'b' THEN iif(roles, 'server', 'client') ELSE resetter END AS reset_by,
       CASE WHEN NOT is_split THEN k.complete
            WHEN both_acked OR resetter <> 'none' THEN 'true' ELSE 'false' END AS complete,
       bytes AS half_close_bytes,
       t.fin_retransmissions, t.rsts,
       CASE WHEN parts = 1 THEN k.cause
            WHEN resetter <> 'none' THEN reset_cause
            WHEN k.pattern = 'open' AND t.silent IS NOT NULL THEN 'peer_vanished'
            WHEN k.cause = 'one_direction' AND k.pattern = 'open' AND views > 1 THEN 'open_at_end'
            WHEN k.cause = 'one_direction' AND views > 1 AND t.a_fin + t.b_fin = 1
                THEN iif(t.fin_retransmissions > 1, 'peer_vanished', 'unknown')
            WHEN k.cause IN ('closed_without_reply', 'idle_close') THEN k.cause
            WHEN k.cause IN ('normal_close', 'open_at_end') AND is_without_reply THEN 'closed_without_reply'
            WHEN is_split AND both_acked THEN 'normal_close' ELSE k.cause END AS cause,
       c.fin_wait_1 AS client_fin_wait_1_s,
       c.fin_wait_2 AS client_fin_wait_2_s,
       c.close_wait AS client_close_wait_s,
       c.closing AS client_closing_s,
       c.last_ack AS client_last_ack_s,
       c.time_wait AS client_time_wait_s,
       s.fin_wait_1 AS server_fin_wait_1_s,
       s.fin_wait_2 AS server_fin_wait_2_s,
       s.close_wait AS server_close_wait_s,
       s.closing AS server_closing_s,
       s.last_ack AS server_last_ack_s,
       s.time_wait AS server_time_wait_s,
       parts, CASE WHEN is_split THEN 'close' WHEN parts > 1 THEN 'life' ELSE 'no' END AS cut
FROM told t JOIN part k ON k.id = t.k
LEFT JOIN shown c ON c.k = t.k AND c.side = iif(roles, 'a', 'b')
LEFT JOIN shown s ON s.k = t.k AND s.side = iif(roles, 'b', 'a')
ORDER BY t.first_ns, t.a, t.b;
