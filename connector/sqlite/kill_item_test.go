package sqlite

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/ergon-go/ergon"
)

// What comes of a transaction of the killed pipelines is a function of its number
// alone, which is its payload and stands in its id.

const (
	killInFlight = 64 // no more may be in flight
	killParts    = 4  // nothing is split into as many
)

var errKillRefused = errors.New("refused")

func killID(n int) string { return "i" + strconv.Itoa(n) }

// killPart is one of those into which a transaction is split.
type killPart struct{ N, Part int }

func (p killPart) id() string { return killID(p.N) + "/" + strconv.Itoa(p.Part) }

// killPartOf returns the part of an id, or part 0 of a transaction's own.
func killPartOf(id string) (killPart, error) {
	digits, part, split := strings.Cut(strings.TrimPrefix(id, "i"), "/")
	n, errN := strconv.Atoi(digits)
	if !split {
		part = "0"
	}
	at, errPart := strconv.Atoi(part)
	if err := errors.Join(errN, errPart); err != nil || at < 0 || at >= killParts {
		return killPart{}, fmt.Errorf("%q is no id of ours", id)
	}
	return killPart{N: n, Part: at}, nil
}

// killFate is what must have come of a transaction once it has left its queue:
// its parts that are stored, a bit each, and whether it is a dead letter.
func killFate(n int) (parts uint8, dead bool) {
	if killUnfit(n) {
		return 0, true
	}
	if !killWanted(n) {
		return 0, false
	}
	for part := range n % killParts {
		if killPriceless(killPart{n, part}) {
			dead = true
			continue
		}
		parts |= 1 << part
	}
	return parts, dead
}

func killUnfit(n int) bool             { return n%17 == 0 }
func killWanted(n int) bool            { return n%7 != 3 }
func killPriceless(part killPart) bool { return part.N%29 == 5 && part.Part == 1 }

// killCheck is a stage with some work, and with trouble: what is unfit is refused,
// and some of the rest is given back the first time it comes.
func killCheck(_ context.Context, t ergon.Transaction[int]) (ergon.Transaction[int], error) {
	n := t.Payload()
	switch killWork(n); {
	case killUnfit(n):
		return t, ergon.Business(errKillRefused)
	case n%23 == 1 && t.Deliveries() == 1:
		return t, errors.New("not now")
	}
	return t, nil
}

// killSplit makes up to three parts of one.
func killSplit(_ context.Context, n int) iter.Seq2[killPart, error] {
	return func(yield func(killPart, error) bool) {
		for part := range n % killParts {
			if !yield(killPart{n, part}, nil) {
				return
			}
		}
	}
}

// killPrice refuses single parts.
func killPrice(_ context.Context, part killPart) (killPart, error) {
	killWork(part.N)
	if killPriceless(part) {
		return part, ergon.Business(errKillRefused)
	}
	return part, nil
}

// killWork takes a while, and its time is spent, not slept.
func killWork(n int) {
	sum := sha256.Sum256([]byte(killID(n)))
	for range 200 {
		sum = sha256.Sum256(sum[:])
	}
}
