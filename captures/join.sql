-- SPDX-License-Identifier: GPL-2.0-or-later
-- Joins the rows of connections that a cut by time has left in several pieces of one capture.
--
-- Table "pieces": the CSV of all pieces, with their names and with one end for all (README, "Pieces
-- cut by time"). Prints a row a connection; cut says what was cut: "no", "life" (the close is in one
-- piece) or "close", whose pattern is put together from the pieces' facts. For sqlite3, from 3.32.

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
       iif(client_is_a, server_path, client_path) AS b_path
FROM sided;

-- A row goes on with the one before it on the same endpoints if both sides' numbers do: the same
-- SYN, or no SYN and a number within 1 GiB of where the row before has left off (modulo 2^32).
CREATE TEMP VIEW linked AS
SELECT *,
       lag(file) OVER before IS NOT NULL AND file <> lag(file) OVER before
       AND CASE
           WHEN a_isn <> '' AND lag(a_isn) OVER before <> '' THEN a_isn = lag(a_isn) OVER before
           WHEN a_first = '' OR lag(a_next) OVER before = '' THEN 1
           ELSE (a_first - lag(a_next) OVER before + 1073741824) & 4294967295 < 2147483648 END
       AND CASE
           WHEN b_isn <> '' AND lag(b_isn) OVER before <> '' THEN b_isn = lag(b_isn) OVER before
           WHEN b_first = '' OR lag(b_next) OVER before = '' THEN 1
           ELSE (b_first - lag(b_next) OVER before + 1073741824) & 4294967295 < 2147483648 END
       AS goes_on
FROM faced
WINDOW before AS (PARTITION BY a, b ORDER BY first_seen_s, id);

CREATE TEMP VIEW chained AS
SELECT *, sum(NOT goes_on) OVER (PARTITION BY a, b ORDER BY first_seen_s, id) AS chain
FROM linked;

CREATE TEMP TABLE part AS
SELECT *, row_number() OVER (PARTITION BY a, b, chain ORDER BY first_seen_s, id) AS n,
       first_fin_frame <> '' OR first_rst_frame <> '' AS has_close
FROM chained;

CREATE INDEX temp.part_of ON part (a, b, chain, n);

-- Of each connection: which parts say how it began, and where its close is.
CREATE TEMP TABLE whole AS
SELECT a, b, chain, count(*) AS parts, max(n) AS newest,
       coalesce(min(iif(role_guessed = 'false', n, NULL)), 1) AS opening,
       min(iif(has_close, n, NULL)) AS closing,
       max(iif(pattern = 'open', n, NULL)) AS open_part,
       min(iif(reset_by <> 'none', n, NULL)) AS reset_part,
       max(a_fin) AS a_fin, max(b_fin) AS b_fin,
       min(iif(a_fin, n, NULL)) AS a_fin_part, min(iif(b_fin, n, NULL)) AS b_fin_part,
       min(first_seen_s) AS first_seen_s, max(last_seen_s) AS last_seen_s,
       sum(half_close_bytes) AS half_close_bytes, sum(rsts) AS rsts,
       -- a FIN that came in an earlier part, too, is a retransmission that its own part took for the first
       sum(fin_retransmissions) + max(sum(a_fin) - 1, 0) + max(sum(b_fin) - 1, 0)
           AS fin_retransmissions,
       count(DISTINCT directions) AS views
FROM part
GROUP BY a, b, chain;

-- The part that speaks for the close (k), and whether a later one changes what it says.
CREATE TEMP TABLE closing AS
SELECT w.*, o.client_is_a AS roles, k.id AS k,
       w.closing IS NOT NULL AND k.complete = 'false' AND w.newest > w.closing AS is_split,
       k.a_next AS k_a_next, k.b_next AS k_b_next, k.a_path AS k_a_path, k.b_path AS k_b_path,
       CASE k.closed_by WHEN 'client' THEN iif(k.client_is_a, 'a', 'b')
                        WHEN 'server' THEN iif(k.client_is_a, 'b', 'a') ELSE k.closed_by END AS closer,
       CASE r.reset_by WHEN 'client' THEN iif(r.client_is_a, 'a', 'b')
                       WHEN 'server' THEN iif(r.client_is_a, 'b', 'a')
                       ELSE coalesce(r.reset_by, 'none') END AS resetter,
       r.cause AS reset_cause, fa.a_next AS a_end, fb.b_next AS b_end,
       r.n AS r_n, r.a_next AS r_a_next, r.b_next AS r_b_next,
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
    AND NOT (k.complete = 'false' AND w.a_fin_acked AND w.b_fin_acked)
LEFT JOIN part fa ON (fa.a, fa.b, fa.chain, fa.n) = (w.a, w.b, w.chain, w.a_fin_part)
LEFT JOIN part fb ON (fb.a, fb.b, fb.chain, fb.n) = (w.a, w.b, w.chain, w.b_fin_part);

-- What the other side sent after the part with the first FIN, but for its own FIN, was sent against
-- that FIN.
CREATE TEMP VIEW judged AS
SELECT *,
       half_close_bytes + CASE
           WHEN NOT is_split OR (b_end = k_b_next AND a_end = k_a_next) THEN 0
           WHEN closer = 'a' AND b_fin_part > closing AND k_b_next NOT IN ('', b_end)
               THEN (b_end - 1 - k_b_next) & 4294967295
           WHEN closer = 'b' AND a_fin_part > closing AND k_a_next NOT IN ('', a_end)
               THEN (a_end - 1 - k_a_next) & 4294967295
           WHEN closer = 'a' AND NOT b_fin AND r_n > closing AND '' NOT IN (r_b_next, k_b_next)
               THEN (r_b_next - k_b_next) & 4294967295
           WHEN closer = 'b' AND NOT a_fin AND r_n > closing AND '' NOT IN (r_a_next, k_a_next)
               THEN (r_a_next - k_a_next) & 4294967295
           ELSE 0 END AS bytes,
       iif(closer = 'a', k_a_path, k_b_path) LIKE '%FIN_WAIT_2%' AS acked_first
FROM closing;

CREATE TEMP VIEW told AS
SELECT *,
       CASE
           WHEN resetter <> 'none' THEN iif(resetter = closer, 'fin_then_reset', 'fin_answered_by_reset')
           WHEN a_fin AND b_fin AND NOT both_acked THEN 'last_ack_missing'
           WHEN closer = 'both' THEN 'simultaneous'
           WHEN a_fin AND b_fin AND bytes > 0 THEN 'half_close'
           WHEN a_fin AND b_fin THEN iif(acked_first, 'four_way', 'three_way')
           WHEN a_fin_acked OR b_fin_acked THEN 'half_closed'
           ELSE 'fin_unanswered' END AS split_pattern
FROM judged;

SELECT iif(roles = k.client_is_a, k.client_address, k.server_address) AS client_address,
       iif(roles = k.client_is_a, k.client_port, k.server_port) AS client_port,
       iif(roles = k.client_is_a, k.server_address, k.client_address) AS server_address,
       iif(roles = k.client_is_a, k.server_port, k.client_port) AS server_port,
       t.first_seen_s, t.last_seen_s,
       iif(is_split, split_pattern, k.pattern) AS pattern,
       CASE closer WHEN 'a' THEN iif(roles, 'client', 'server')
                   WHEN 'b' THEN iif(roles, 'server', 'client') ELSE closer END AS closed_by,
       CASE resetter WHEN 'a' THEN iif(roles, 'client', 'server')
                     WHEN 'b' THEN iif(roles, 'server', 'client') ELSE resetter END AS reset_by,
       CASE WHEN NOT is_split THEN k.complete
            WHEN both_acked OR resetter <> 'none' THEN 'true' ELSE 'false' END AS complete,
       iif(is_split, bytes, t.half_close_bytes) AS half_close_bytes,
       t.fin_retransmissions, t.rsts,
       CASE WHEN k.cause = 'one_direction' AND k.pattern = 'open' AND views > 1 THEN 'open_at_end'
            WHEN NOT is_split THEN k.cause
            WHEN resetter <> 'none' THEN reset_cause
            WHEN both_acked THEN 'normal_close' ELSE k.cause END AS cause,
       parts, CASE WHEN is_split THEN 'close' WHEN parts > 1 THEN 'life' ELSE 'no' END AS cut
FROM told t JOIN part k ON k.id = t.k
ORDER BY t.first_seen_s, t.a, t.b;
