package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// schema holds, for each version of the tables in a file, how it is reached from
// the one before. A position is never used twice, so a receipt cannot fit another
// row. state is 0 ready, 1 delayed, 2 leased; until (Unix nanoseconds) says when
// the latter two are ready again; lease grows with every hand-over, so that older
// receipts no longer fit.
//
//nolint:gochecknoglobals // constants, for which Go has no list
var schema = []string{`
CREATE TABLE ergon_messages (
	position   INTEGER PRIMARY KEY AUTOINCREMENT,
	queue      TEXT    NOT NULL,
	id         TEXT    NOT NULL,
	state      INTEGER NOT NULL DEFAULT 0,
	until      INTEGER NOT NULL DEFAULT 0,
	lease      INTEGER NOT NULL DEFAULT 0,
	deliveries INTEGER NOT NULL DEFAULT 0,
	metadata   BLOB    NOT NULL,
	payload    BLOB    NOT NULL,
	UNIQUE (queue, id)
) STRICT;
CREATE INDEX ergon_ready   ON ergon_messages (queue, position)     WHERE state = 0;
CREATE INDEX ergon_waiting ON ergon_messages (queue, until, state) WHERE state > 0;
CREATE TABLE ergon_dead (
	position    INTEGER PRIMARY KEY AUTOINCREMENT,
	queue       TEXT    NOT NULL,
	id          TEXT    NOT NULL,
	deliveries  INTEGER NOT NULL,
	died        INTEGER NOT NULL,
	undecodable INTEGER NOT NULL,
	cause       TEXT    NOT NULL,
	metadata    BLOB    NOT NULL,
	payload     BLOB    NOT NULL,
	UNIQUE (queue, id)
) STRICT;
CREATE INDEX ergon_dead_in_order ON ergon_dead (queue, position);
CREATE TABLE ergon_acked (
	queue TEXT    NOT NULL,
	id    TEXT    NOT NULL,
	until INTEGER NOT NULL,
	PRIMARY KEY (queue, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ergon_acked_until ON ergon_acked (queue, until);
CREATE TABLE ergon_schema (version INTEGER NOT NULL) STRICT;
INSERT INTO ergon_schema (version) VALUES (0);
`}

// setUp brings a file to the newest schema and into WAL mode. It is looked at
// before it is changed: a file of a newer version stays as it is.
func setUp(ctx context.Context, conn *sql.Conn) error {
	return patiently(ctx, func() error {
		if err := checkVersion(ctx, conn); err != nil {
			return err
		}
		if err := setModes(ctx, conn); err != nil {
			return err
		}
		return migrate(ctx, conn)
	})
}

func checkVersion(ctx context.Context, conn *sql.Conn) error {
	found, err := versionOf(ctx, conn)
	if err == nil && found > len(schema) {
		return fmt.Errorf("%w: version %d, known up to %d", ErrSchema, found, len(schema))
	}
	return err
}

// versionOf is the version of the tables in a file; 0 where it has none.
func versionOf(ctx context.Context, conn *sql.Conn) (int, error) {
	var version int
	row := conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'ergon_schema'")
	if err := row.Scan(&version); err != nil || version == 0 {
		return 0, err
	}
	err := conn.QueryRowContext(ctx, "SELECT version FROM ergon_schema").Scan(&version)
	return version, err
}

// setModes checks what cannot be asked for in the DSN: that ids stay as they are,
// byte for byte, and that readers and the writer do not wait for each other.
func setModes(ctx context.Context, conn *sql.Conn) error {
	var encoding, journal string
	if err := conn.QueryRowContext(ctx, "PRAGMA encoding").Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF-8" {
		return errors.New("its text is not UTF-8 but " + encoding)
	}
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&journal); err != nil {
		return err
	}
	if !strings.EqualFold(journal, "wal") {
		return errors.New("write-ahead logging is not possible here: the journal mode stays " + journal)
	}
	return nil
}

// migrate takes the steps that are missing, in one transaction.
func migrate(ctx context.Context, conn *sql.Conn) error {
	if found, err := versionOf(ctx, conn); err != nil || found == len(schema) {
		return err
	}
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := migrateLocked(ctx, conn)
	if err == nil {
		_, err = conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // fails where SQLite has done so itself
	}
	return err
}

// migrateLocked looks again, now that no other process can be at it too.
func migrateLocked(ctx context.Context, conn *sql.Conn) error {
	if err := checkVersion(ctx, conn); err != nil {
		return err
	}
	found, err := versionOf(ctx, conn)
	if err != nil {
		return err
	}
	for _, step := range schema[found:] {
		if _, err := conn.ExecContext(ctx, step); err != nil {
			return err
		}
	}
	_, err = conn.ExecContext(ctx, "UPDATE ergon_schema SET version = ?", len(schema))
	return err
}
