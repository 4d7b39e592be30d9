-- SPDX-License-Identifier: GPL-2.0-only
-- What a database is asked for, all of it in memory; its answers are checked.
CREATE TABLE item(id INTEGER PRIMARY KEY, number INTEGER, name TEXT);
CREATE TABLE answer(is_right INTEGER CHECK (is_right));

BEGIN;
INSERT INTO item
	SELECT value, value * 7919 % 10007, 'item ' || (value * 31 % 1009)
	FROM generate_series(1, 2000);
COMMIT;
CREATE INDEX by_number ON item(number);
CREATE INDEX by_name ON item(name);

-- By an index, by each of many keys, by none, and in order
INSERT INTO answer
	SELECT sum(number) = 99454 FROM item WHERE number BETWEEN 100 AND 1000;
INSERT INTO answer
	SELECT count(*) = 3982 FROM item AS a JOIN item AS b ON a.name = b.name;
INSERT INTO answer
	SELECT count(*) = 2 FROM item WHERE name LIKE '%m 77' AND number > 1000;
INSERT INTO answer
	SELECT group_concat(id) = '1562,553,1920,911,1269' FROM
	(SELECT id FROM item ORDER BY name DESC, number LIMIT 5);

UPDATE item SET name = 'another ' || number WHERE number % 7 = 3;
DELETE FROM item WHERE number % 11 = 5;
INSERT INTO answer SELECT count(*) = 1812 FROM item;
INSERT INTO answer SELECT sum(length(name)) = 15380 FROM item;
