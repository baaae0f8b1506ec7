-- SPDX-License-Identifier: MIT
-- Version 4: what `mdock doctor --probe` has learned of the service that this mirror is of.
CREATE TABLE _probe (
    name VARCHAR(40) PRIMARY KEY NOT NULL,
    answer VARCHAR(200) NOT NULL,
    probed_at TIMESTAMP NOT NULL
);
