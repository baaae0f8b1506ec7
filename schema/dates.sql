-- SPDX-License-Identifier: MIT
-- Fills the calendar from where it ends up to :last_day, in one statement; running it again changes nothing, and a
-- day before the end is no error.
INSERT INTO _dates (date_key)
WITH RECURSIVE calendar(day) AS (
    SELECT coalesce((SELECT date(max(date_key), '+1 day') FROM _dates), '2010-01-01')
    UNION ALL
    SELECT date(day, '+1 day') FROM calendar WHERE day < :last_day
)
SELECT day FROM calendar WHERE day <= :last_day;
