-- +goose Up
-- The raw sealed records of one day of receipt, as they came. The blob stands
-- last, so that finding a batch does not read it.
CREATE TABLE batch (
	n        INTEGER PRIMARY KEY, -- number of its first record
	station  TEXT NOT NULL,
	segment  BLOB NOT NULL,
	first    INTEGER NOT NULL,
	count    INTEGER NOT NULL,
	before   BLOB NOT NULL,
	tip      BLOB NOT NULL,
	sig      BLOB NOT NULL,
	exchange BLOB NOT NULL, -- CBOR of store.Exchange
	fresh    TEXT NOT NULL, -- what no earlier batch held: "5-9,12-12"
	records  BLOB NOT NULL  -- CBOR array of byte strings
);
CREATE INDEX batch_segment ON batch (segment, first, count, before, tip);
CREATE TABLE header (
	segment  BLOB PRIMARY KEY,
	station  TEXT NOT NULL,
	body     BLOB NOT NULL,
	sig      BLOB NOT NULL,
	received INTEGER NOT NULL
) WITHOUT ROWID;
