-- SPDX-License-Identifier: GPL-2.0-or-later
-- What a fleet's closes look like: the rows of all buckets, or of captures that share no connection.
--
-- Table "streams": the CSV of them all (README, "Many captures"). For sqlite3, where all columns are
-- text, and for DuckDB: read_csv('report-*.csv', all_varchar = true).

-- Patterns.
SELECT pattern, count(*) AS streams, sum(CASE complete WHEN 'true' THEN 1 ELSE 0 END) AS complete
FROM streams GROUP BY pattern ORDER BY streams DESC, pattern;

-- Causes of each service, and whose doing they were.
SELECT cause, cause_side AS side, server_address || ' ' || server_port AS service, count(*) AS streams,
       sum(CASE cause_sure WHEN 'true' THEN 1 ELSE 0 END) AS sure
FROM streams GROUP BY cause, cause_side, service ORDER BY streams DESC, cause, side, service;

-- Services: what their servers have open at the end, and how long they kept the client's FIN waiting.
SELECT server_address || ' ' || server_port AS service, count(*) AS streams,
       sum(CASE server_state WHEN 'CLOSE_WAIT' THEN 1 ELSE 0 END) AS close_wait,
       sum(CASE server_state WHEN 'FIN_WAIT_2' THEN 1 ELSE 0 END) AS fin_wait_2,
       sum(CASE server_state WHEN 'TIME_WAIT' THEN 1 ELSE 0 END) AS time_wait,
       max(CASE WHEN server_close_wait_s <> '' THEN CAST(server_close_wait_s AS DOUBLE PRECISION) END)
           AS longest_close_wait_s
FROM streams GROUP BY service ORDER BY streams DESC, service;
