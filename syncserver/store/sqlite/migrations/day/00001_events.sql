-- +goose Up
-- The opened records of one day (corrected time, UTC+7). Rows are appended by n.
CREATE TABLE event (
	n        INTEGER PRIMARY KEY,
	segment  BLOB NOT NULL,
	seq      INTEGER NOT NULL,
	station  TEXT NOT NULL,
	post     TEXT NOT NULL,
	lane     TEXT NOT NULL,
	kind     INTEGER NOT NULL,
	at       INTEGER NOT NULL, -- unix ms, by the station's clock; 0 = unknown
	ts       INTEGER NOT NULL, -- unix ms, corrected
	unc      INTEGER NOT NULL, -- ms
	received INTEGER NOT NULL,
	officer  TEXT NOT NULL,
	verdict  INTEGER NOT NULL,
	way      INTEGER NOT NULL,
	pending  TEXT NOT NULL,
	body     BLOB
);
CREATE UNIQUE INDEX event_id ON event (segment, seq);
CREATE INDEX event_place ON event (post, ts);
