package sqlite

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func deadOf[T any](t *testing.T, q *QueueConnector[T]) []DeadLetter[T] {
	t.Helper()
	var all []DeadLetter[T]
	for d, err := range q.DeadLetters(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return all
}

// broken is an error whose text cannot be had.
type broken struct{ text *string }

func (b broken) Error() string { return *b.text }

func TestDeadLetterKeepsWhyAndWhen(t *testing.T) {
	tests := []struct {
		name  string
		cause error
		want  string
	}{
		{"cause", ergon.Business(errors.New("no customer")), "no customer"},
		{"no cause", nil, ""},
		{"long cause", errors.New(strings.Repeat("ü", ergon.LongestText)), strings.Repeat("ü", ergon.LongestText/2) + "…"},
		{"cause byte for byte", errors.New("a\x00b\xff"), "a\x00b\xff"},
		{"cause that panics", broken{}, "%!v(PANIC=Error method: runtime error: invalid memory address or nil pointer dereference)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			clk := newClock()
			q := Queue(opened(t, clock(clk.now)), "orders", String())
			enqueued(t, q, ergon.NewTransaction("a", "payload").WithMeta("k", 7))
			settled(t, q, fetched(t, q, 1), ergon.Settlement[string]{Verdict: ergon.Returned})
			settled(t, q, fetched(t, q, 1), ergon.Settlement[string]{Verdict: ergon.DeadLettered, Cause: tt.cause})
			dead := deadOf(t, q)
			is.Equal(len(dead), 1)
			is.Equal(dead[0].Cause, tt.want)
			is.Equal(dead[0].Transaction.ID(), "a")
			is.Equal(dead[0].Transaction.Payload(), "payload")
			is.Equal(dead[0].Transaction.Deliveries(), 2)
			k, _ := dead[0].Transaction.Metadata().Get[int]("k")
			is.Equal(k, 7)
			is.True(dead[0].Time.Equal(clk.now()))
			is.Equal(dead[0].Undecodable, false)
			is.NoErr(dead[0].Err)
		})
	}
}

func TestRequeueBeginsAnew(t *testing.T) {
	is := is.New(t)
	q := Queue(opened(t), "orders", String())
	enqueued(t, q, texts("a", "b", "c")...)
	settled(t, q, fetched(t, q, 2), ergon.Settlement[string]{Verdict: ergon.DeadLettered})
	n, err := q.Requeue(t.Context(), "b", "b", "unknown", "c")
	is.NoErr(err)
	is.Equal(n, 1) // only b is a dead letter
	n, err = q.Requeue(t.Context())
	is.NoErr(err)
	is.Equal(n, 0) // no id means none
	is.Equal(statsOf(t, q), Stats{Ready: 2, Dead: 1})
	txs := fetched(t, q, 9)
	is.Equal(idsOf(txs), []string{"c", "b"}) // behind what is queued
	is.Equal(txs[1].Deliveries(), 1)
}

func TestWhatCannotBeDecodedIsSetAside(t *testing.T) {
	is := is.New(t)
	db := opened(t)
	raw, typed := Queue(db, "orders", String()), Queue(db, "orders", JSON[order]())
	for i := range 5 {
		enqueued(t, raw, ergon.NewTransaction(fmt.Sprint("bad-", i), "{"))
	}
	enqueued(t, raw, ergon.NewTransaction("good", `{"Number":"A1"}`), ergon.NewTransaction("damaged", `{}`))
	_, err := db.Exec(t.Context(), "UPDATE ergon_messages SET metadata = x'ff' WHERE id = 'damaged'")
	is.NoErr(err)
	txs := fetched(t, typed, 2) // the first five do not block the queue
	is.Equal(idsOf(txs), []string{"good"})
	is.Equal(idsOf(fetched(t, typed, 2)), []string{})
	is.Equal(statsOf(t, typed), Stats{Leased: 1, Dead: 6, Undecodable: 6})
	dead := deadOf(t, typed)
	is.Equal(len(dead), 6)
	is.True(dead[0].Undecodable)
	is.Equal(string(dead[0].Stored), "{")
	is.True(dead[0].Err != nil)
	is.True(strings.HasPrefix(dead[0].Cause, "the payload cannot be decoded"))
	is.Equal(dead[5].Cause, errMeta.Error())
	n, err := typed.Requeue(t.Context(), "bad-0")
	is.NoErr(err)
	is.Equal(n, 1)
	is.Equal(idsOf(fetched(t, raw, 9)), []string{"bad-0"})
}

func TestDecoderThatPanicsSpoilsItsOwnAlone(t *testing.T) {
	is := is.New(t)
	q := Queue(opened(t), "orders", panicky{})
	enqueued(t, q, texts("a", "panic", "b")...)
	is.Equal(idsOf(fetched(t, q, 9)), []string{"a", "b"})
	is.Equal(statsOf(t, q), Stats{Leased: 2, Dead: 1, Undecodable: 1})
	items := ergon.ItemErrorsOf(q.Dispatch(t.Context(), texts("c", "unwritable")), 2)
	is.NoErr(items[0])
	var caught *ergon.PanicError
	is.True(errors.As(items[1], &caught))
}

// panicky is a codec that some values are too much for.
type panicky struct{}

func (panicky) Encode(s string) ([]byte, error) {
	if s == "unwritable" {
		panic("encode")
	}
	return []byte(s), nil
}

func (panicky) Decode(b []byte) (string, error) {
	if string(b) == "panic" {
		panic("decode")
	}
	return string(b), nil
}

func TestManyDeadLettersAreReadPageByPage(t *testing.T) {
	is := is.New(t)
	q := Queue(opened(t), "orders", String())
	var ids []string
	for i := range 250 {
		ids = append(ids, fmt.Sprintf("%03d", i))
	}
	enqueued(t, q, texts(ids...)...)
	settled(t, q, fetched(t, q, 250), ergon.Settlement[string]{Verdict: ergon.DeadLettered})
	var got []string
	for d, err := range q.DeadLetters(t.Context()) {
		is.NoErr(err)
		got = append(got, d.Transaction.ID())
	}
	is.Equal(got, ids)
	for d := range q.DeadLetters(t.Context()) { // it can be left, and begun again
		is.Equal(d.Transaction.ID(), "000")
		break
	}
}

func TestPrintedDeadLetterDoesNotShowItsPayload(t *testing.T) {
	is := is.New(t)
	q := Queue(opened(t), "orders", String())
	enqueued(t, q, ergon.NewTransaction("a", "canary").WithMeta("k", "canary"))
	settled(t, q, fetched(t, q, 1), ergon.Settlement[string]{Verdict: ergon.DeadLettered, Cause: errors.New("why")})
	d := deadOf(t, q)[0]
	is.Equal(fmt.Sprintf("%v", d), `dead letter "a": "why"`)
	is.Equal(fmt.Sprintf("%+v", d), `dead letter "a": "why"`)
	is.Equal(fmt.Sprintf("%#v", d), `dead letter "a": "why"`)
	is.Equal(d.LogValue().String(), "[id=a cause=why]")
}

func TestFind(t *testing.T) {
	is := is.New(t)
	q := Queue(opened(t), "orders", JSON[string](), Lease(time.Hour))
	for _, id := range []string{"acked", "dead", "leased", "ready"} {
		enqueued(t, q, ergon.NewTransaction(id, "of "+id).WithMeta("k", id))
	}
	settled(t, q, fetched(t, q, 1), ergon.Settlement[string]{Verdict: ergon.Acked})
	settled(t, q, fetched(t, q, 1), ergon.Settlement[string]{Verdict: ergon.DeadLettered})
	fetched(t, q, 1)
	tests := []struct {
		id         string
		found      bool
		deliveries int
	}{
		{"ready", true, 0}, {"leased", true, 1}, {"dead", true, 1}, {"acked", false, 0}, {"unknown", false, 0}, {"", false, 0},
	}
	for _, tt := range tests {
		t.Run("id "+tt.id, func(t *testing.T) {
			is := is.New(t)
			tx, err := q.Find(t.Context(), tt.id)
			if !tt.found {
				is.True(errors.Is(err, ergon.ErrNotFound))
				return
			}
			is.NoErr(err)
			is.Equal(tx.ID(), tt.id)
			is.Equal(tx.Payload(), "of "+tt.id)
			is.Equal(tx.Deliveries(), tt.deliveries)
			k, _ := tx.Metadata().Get[string]("k")
			is.Equal(k, tt.id)
		})
	}
	before := statsOf(t, q)
	tx, err := q.Find(t.Context(), "leased")
	is.NoErr(err)
	settled(t, q, []ergon.Transaction[string]{tx}, ergon.Settlement[string]{Verdict: ergon.Acked})
	is.Equal(statsOf(t, q), before) // what was found is not leased
	_, err = q.db.Exec(t.Context(), "UPDATE ergon_messages SET payload = x'7b' WHERE id = 'ready'")
	is.NoErr(err)
	_, err = q.Find(t.Context(), "ready")
	steering, _ := ergon.SteeringOf(err)
	is.Equal(steering, ergon.SteerBusiness)
}
