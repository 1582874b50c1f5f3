-- SPDX-License-Identifier: GPL-2.0-or-later
-- How many endpoints of a fleet are in each closing state: the intervals of all buckets added up.
--
-- Table "occupancy": the CSV of them all, told one begin and one end (README, "Many captures"). For
-- sqlite3, where all columns are text, and for DuckDB: read_csv('occupancy-*.csv', all_varchar = true).

CREATE TEMP VIEW counted AS
SELECT from_s, to_s,
       sum(CAST(fin_wait_1_end AS INTEGER)) AS fin_wait_1, sum(CAST(fin_wait_1_peak AS INTEGER)) AS fin_wait_1_peaks,
       sum(CAST(fin_wait_2_end AS INTEGER)) AS fin_wait_2, sum(CAST(fin_wait_2_peak AS INTEGER)) AS fin_wait_2_peaks,
       sum(CAST(close_wait_end AS INTEGER)) AS close_wait, sum(CAST(close_wait_peak AS INTEGER)) AS close_wait_peaks,
       sum(CAST(closing_end AS INTEGER)) AS closing, sum(CAST(closing_peak AS INTEGER)) AS closing_peaks,
       sum(CAST(last_ack_end AS INTEGER)) AS last_ack, sum(CAST(last_ack_peak AS INTEGER)) AS last_ack_peaks,
       sum(CAST(time_wait_end AS INTEGER)) AS time_wait, sum(CAST(time_wait_peak AS INTEGER)) AS time_wait_peaks
FROM occupancy GROUP BY from_s, to_s;

-- At the end of each interval.
SELECT from_s, to_s, fin_wait_1, fin_wait_2, close_wait, closing, last_ack, time_wait
FROM counted ORDER BY CAST(from_s AS DOUBLE PRECISION);

-- The most at the same time: buckets need not have had theirs at the same moment of an interval, so
-- that it is between two numbers. With shorter intervals they come together.
SELECT 'FIN_WAIT_1' AS state, max(fin_wait_1) AS at_least, max(fin_wait_1_peaks) AS at_most FROM counted
UNION ALL SELECT 'FIN_WAIT_2', max(fin_wait_2), max(fin_wait_2_peaks) FROM counted
UNION ALL SELECT 'CLOSE_WAIT', max(close_wait), max(close_wait_peaks) FROM counted
UNION ALL SELECT 'CLOSING', max(closing), max(closing_peaks) FROM counted
UNION ALL SELECT 'LAST_ACK', max(last_ack), max(last_ack_peaks) FROM counted
UNION ALL SELECT 'TIME_WAIT', max(time_wait), max(time_wait_peaks) FROM counted;
