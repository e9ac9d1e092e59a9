package ergontest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

// Fill does what Fetch does.
func (c *depotDoor) Fill(ctx context.Context, source ergon.Source[string], txs []ergon.Transaction[string]) (int, error) {
	if source != ergon.Source[string](c) && c.bug != "fills for anybody" {
		return c.decline(ctx, txs)
	}
	if len(c.kept) > 0 && c.bug == "reads ahead into the slice" {
		n := copy(txs, c.kept)
		c.kept = c.kept[n:]
		return n, nil
	}
	room := len(txs)
	if c.bug == "fills more than there is room for" {
		room++
	}
	got, err := c.Fetch(ctx, room)
	n := copy(txs, got)
	return c.filled(txs, max(n, len(got)), err)
}

// decline is what it does for another.
func (c *depotDoor) decline(ctx context.Context, txs []ergon.Transaction[string]) (int, error) {
	switch c.bug {
	case "declines, and has taken something":
		_, _ = c.Fetch(ctx, 1)
	case "does not know that it is another":
		return 0, errors.New("depot: what is that?")
	}
	return 0, errors.ErrUnsupported
}

// filled returns what Fill says that it got, as a bug has it.
func (c *depotDoor) filled(txs []ergon.Transaction[string], n int, err error) (int, error) {
	switch {
	case c.bug == "says that it filled less than nothing" && n == 0:
		return -1, err
	case c.bug == "says that it filled one more" && n > 0 && n < len(txs):
		return n + 1, err
	case c.bug == "fails where it fills" && n > 0:
		return n, errors.New("depot: only by Fetch")
	case c.bug == "fills what stands behind the slice" && cap(txs) > len(txs):
		txs[:cap(txs)][len(txs)] = ergon.NewTransaction("ahead", "ahead")
	case c.bug == "reads ahead into the slice" && n > 1:
		c.kept = txs[n-1 : n]
		return n - 1, err
	case c.bug == "writes to the slice later" && n > 0:
		tx := txs[0]
		c.putOff(func() { txs[0] = tx })
	}
	for i, tx := range txs[:min(n, len(txs))] {
		switch c.bug {
		case "fills without metadata":
			txs[i] = tx.WithMetadata(ergon.Metadata{})
		case "fills with other ids":
			txs[i] = tx.WithID(tx.ID() + "'")
		case "fills without receipts":
			txs[i] = tx.WithReceipt(nil)
		}
	}
	return n, err
}

// counter is a connector with a Fetch of its own, in which one is embedded that
// fills.
type counter struct {
	*depotDoor
	fetches *int
}

func (c counter) Fetch(ctx context.Context, max int) ([]ergon.Transaction[string], error) {
	*c.fetches++
	return c.depotDoor.Fetch(ctx, max)
}

// What embeds a Filler may have a Fetch of its own: that Fill declines then is as
// it should be.
func TestAConnectorInWhichAFillerIsEmbeddedConforms(t *testing.T) {
	is := is.New(t)
	fetches := 0
	found, matrix := conformedTo(t, depotTraits, func(*testing.T) conformRig[string] {
		d := newDepot("")
		s := d.suite()
		s.Open = func(*testing.T) ergon.Connector[string] { return counter{d.open(), &fetches} }
		return s.rig()
	})
	is.Equal(found, map[string][]string{})
	is.True(fetches > 100) // in its place
	is.True(strings.Contains(matrix, "runs            fill: not for another source"))
}

func TestASourceThatDoesNotFillHasNothingToFill(t *testing.T) {
	is := is.New(t)
	_, s := newLog("")
	names := []string{"fetch: everything, once"}
	for _, trial := range conformTrialsOfFilling[string]() {
		names = append(names, trial.name)
	}
	found, matrix := conformedTo(t, logTraits, func(*testing.T) conformRig[string] { _, s = newLog(""); return s.rig() }, names...)
	is.Equal(len(found), 0)
	is.Equal(strings.Count(matrix, "no ergon.Filler"), len(names)-1)
}

// Each other test asks in both ways, where there are two.
func TestSourcesAreAskedByFillAndByFetchInTurn(t *testing.T) {
	door := newDepot("").open()
	for _, tt := range []struct {
		name   string
		source ergon.Source[string]
		only   string
		most   []int
		want   []bool // by Fill
	}{
		{"in turn", door, "", []int{1, 1, 0, 7}, []bool{true, false, true, false}},
		{"but never for less than nothing", door, "", []int{-1, 1, -1, 1}, []bool{false, true, false, false}},
		{"only by Fetch", door, conformByFetch, []int{1, 1}, []bool{false, false}},
		{"only by Fill", door, conformByFill, []int{1, 1}, []bool{true, true}},
		{"what does not fill", justSource{door}, "", []int{1, 1}, []bool{false, false}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &conformProbe[string]{asks: conformAsks{only: tt.only}}
			var got []bool
			for _, most := range tt.most {
				got = append(got, p.filler(tt.source, most) != nil)
			}
			is.New(t).True(slices.Equal(got, tt.want))
		})
	}
}
