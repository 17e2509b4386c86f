-- +goose Up
-- Times are unix milliseconds; 0 = never.
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE post (
	code TEXT PRIMARY KEY COLLATE NOCASE, name TEXT NOT NULL, kind TEXT NOT NULL, lat REAL, lon REAL
);
CREATE TABLE station (
	id       TEXT PRIMARY KEY,
	name     TEXT NOT NULL,
	post     TEXT NOT NULL,
	state    TEXT NOT NULL,
	issuer   INTEGER NOT NULL,
	computer TEXT NOT NULL DEFAULT '',
	key      BLOB UNIQUE,
	epoch    INTEGER NOT NULL DEFAULT 0,
	created  INTEGER NOT NULL,
	enrolled INTEGER NOT NULL DEFAULT 0,
	ended    INTEGER NOT NULL DEFAULT 0,
	seen     BLOB, -- JSON of store.Seen
	held     INTEGER NOT NULL DEFAULT 0,
	stored   INTEGER NOT NULL DEFAULT 0,
	forked   INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE code (
	token BLOB PRIMARY KEY, station TEXT NOT NULL, issuer INTEGER NOT NULL, expires INTEGER NOT NULL, key BLOB
) WITHOUT ROWID;

-- The cursor: everything here is rebuilt from the raw files.
CREATE TABLE cursor (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL); -- the next record
CREATE TABLE segment (
	id      BLOB PRIMARY KEY,
	station TEXT NOT NULL,
	body    BLOB, -- of the signed header; NULL = it never came
	sig     BLOB,
	held    INTEGER NOT NULL,
	chain   BLOB, -- at held; NULL = nothing is known of it yet
	highest INTEGER NOT NULL,
	fork    INTEGER NOT NULL,
	first   INTEGER NOT NULL,
	wall    INTEGER NOT NULL DEFAULT 0,
	parent  BLOB, -- segment, of the header
	parent_seq INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX segment_station ON segment (station, wall);
CREATE INDEX segment_parent ON segment (parent) WHERE parent IS NOT NULL;
CREATE TABLE segment_day (
	segment BLOB NOT NULL, raw INTEGER NOT NULL, day TEXT NOT NULL, PRIMARY KEY (segment, raw, day)
) WITHOUT ROWID;
CREATE TABLE context (
	segment BLOB NOT NULL, seq INTEGER NOT NULL,
	officer TEXT NOT NULL, post TEXT NOT NULL, lane TEXT NOT NULL, way INTEGER NOT NULL,
	PRIMARY KEY (segment, seq)
) WITHOUT ROWID;
CREATE TABLE pending (
	segment BLOB NOT NULL, seq INTEGER NOT NULL, station TEXT NOT NULL, why TEXT NOT NULL, day TEXT NOT NULL,
	PRIMARY KEY (segment, seq)
) WITHOUT ROWID;
CREATE INDEX pending_station ON pending (station);
CREATE TABLE day (day TEXT PRIMARY KEY, min_n INTEGER NOT NULL, max_n INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE link (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	ak INTEGER NOT NULL, an TEXT NOT NULL, bk INTEGER NOT NULL, bn TEXT NOT NULL,
	why TEXT NOT NULL, UNIQUE (ak, an, bk, bn)
);
CREATE INDEX link_back ON link (bk, bn);
CREATE TABLE card (
	number INTEGER PRIMARY KEY, token BLOB, name TEXT NOT NULL, birth TEXT NOT NULL, sex TEXT NOT NULL, ward TEXT NOT NULL,
	station TEXT NOT NULL, step TEXT NOT NULL, issued INTEGER NOT NULL, expires INTEGER NOT NULL
);

CREATE TABLE officer (id TEXT PRIMARY KEY COLLATE NOCASE, name TEXT NOT NULL, role TEXT NOT NULL, pin TEXT NOT NULL);
CREATE TABLE account (name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, created INTEGER NOT NULL);
CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, subject TEXT NOT NULL);

CREATE TABLE watch (
	kind INTEGER NOT NULL, number TEXT NOT NULL, details BLOB NOT NULL, added INTEGER NOT NULL, PRIMARY KEY (kind, number)
) WITHOUT ROWID;
CREATE TABLE sealed (
	kind INTEGER NOT NULL, number TEXT NOT NULL, entry BLOB NOT NULL, details BLOB NOT NULL, PRIMARY KEY (kind, number)
) WITHOUT ROWID;
CREATE TABLE revoked (
	card INTEGER NOT NULL, token BLOB NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (card, token)
) WITHOUT ROWID;
CREATE TABLE card_key (kid BLOB PRIMARY KEY, station TEXT NOT NULL, key BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE supply (station TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE list (name TEXT PRIMARY KEY, entry BLOB NOT NULL, content BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE serial (one INTEGER PRIMARY KEY CHECK (one = 1), serial INTEGER NOT NULL);
