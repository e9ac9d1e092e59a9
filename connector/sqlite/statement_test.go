package sqlite

import (
	"errors"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

func TestOneStatementIsOne(t *testing.T) {
	for query, want := range map[string]bool{
		"SELECT 1":  true,
		"SELECT 1;": true,
		"SELECT 1; \n-- the end\n ; /* really; */": true,
		"INSERT INTO t VALUES (';')":               true,
		"INSERT INTO t VALUES ('it''s; so')":       true,
		`UPDATE "a;b" SET [c;d] = 1`:               true,
		"UPDATE `a;b` SET c = 1":                   true,
		"SELECT 1 -- ; SELECT 2":                   true,
		"SELECT ';":                                true, // SQLite says what is wrong with it
		"CREATE TABLE x (a); COMMIT":               false,
		"SELECT ''; SELECT 2":                      false,
		"SELECT 1 /* ; */ ; DROP TABLE t":          false,
		"CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END;":                          true,
		"create temp trigger a after insert on t begin select case when 1 then 2 end; select 3; end": true,
		"CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END; COMMIT":                             false,
		"SELECT CASE WHEN 1 THEN 2 END; COMMIT":                                                      false,
	} {
		t.Run(query, func(t *testing.T) { is.New(t).Equal(single(query), want) })
	}
}

// Exec writes nothing of a query that would end the transaction of others.
func TestExecRefusesMoreThanOneStatement(t *testing.T) {
	is := is.New(t)
	db := opened(t)
	_, err := db.Exec(t.Context(), "CREATE TABLE x (a); COMMIT")
	is.True(errors.Is(err, ergon.ErrConfig))
	_, err = db.Exec(t.Context(), "CREATE TABLE x (a);")
	is.NoErr(err)
}
