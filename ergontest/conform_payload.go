package ergontest

import (
	"math/rand/v2"
	"reflect"
	"time"

	"github.com/ergon-go/ergon"
)

// conformTrialsOfForm are about what a transaction is when it is handed out.
func conformTrialsOfForm[T any]() []conformTrial[T] {
	trials := []conformTrial[T]{
		{
			name: "form: metadata", of: ableMetadata, run: (*conformProbe[T]).metadataKept,
			promise: "Traits.Metadata: keys and values are kept, byte for byte and with their types.",
		},
		{
			name: "form: ids as published", of: ableIDs, run: (*conformProbe[T]).idsKept,
			promise: "Traits.IDs: what is handed out has the id that it was published with.",
		},
		{
			name: "form: an id each", of: ableNames, run: (*conformProbe[T]).idsUnique,
			promise: "Every transaction has an id, and no two have the same: sinks recognise duplicates by it.",
		},
		{
			name: "form: the id stays", of: ableNames | ableSettle, run: (*conformProbe[T]).idsStable,
			promise: "The same thing fetched again has the same id, also after a restart: sinks recognise duplicates by it.",
		},
		{
			name: "form: a receipt each", of: ableSettle, run: (*conformProbe[T]).receiptsUnique,
			promise: "Every transaction that is out has a receipt of its own: that, and not the id, is what it is settled by.",
		},
	}
	for _, form := range conformForms() {
		trials = append(trials, conformTrial[T]{
			name: "form: " + form.name, texts: []string{form.text},
			promise: "A payload is handed out as it was published: " + form.name + ".",
			run:     func(p *conformProbe[T]) { p.handsOut(form.text) },
		})
	}
	return trials
}

// conformForms are payloads that are easily damaged.
func conformForms() []struct{ name, text string } {
	large := make([]byte, 1<<20)
	for i, random := 0, rand.New(rand.NewPCG(3, 4)); i < len(large); i++ {
		large[i] = "abcdefghijklmnopqrstuvwxyz012345"[random.Uint32()%32]
	}
	return []struct{ name, text string }{
		{"UTF-8", "größer – 日本語 🚚 e\u0301"},
		{"quotes and commas", `"a", 'b'; \ <c> &d \n`},
		{"binary", "\x00\x01\x7f\x80\xfe\xff\r\n\x00"},
		{"no bytes", ""},
		{"a mebibyte", string(large)},
		{"blanks around it", " \t a "},
		{"several lines", "a\nb\r\n\nc"},
	}
}

func (p *conformProbe[T]) handsOut(text string) {
	tx := p.tx(text)
	p.rig.publish(p.t, tx)
	source := p.open()
	p.gather(source, []string{text}) // by its text
	p.stop(source)
}

// conformMetadata is metadata with a value of every type.
func conformMetadata() ergon.Metadata {
	return ergon.Metadata{}.With("text", "größer\x00\xff").With("", "no key").With("int", int64(-1)<<62).
		With("float", 0.1).With("yes", true).With("bytes", []byte{0, 255}).With("key\xff\n", "").
		With("time", time.Date(2026, 2, 3, 4, 5, 6, 7, time.UTC))
}

func (p *conformProbe[T]) metadataKept() {
	tx := p.tx("1").WithMetadata(conformMetadata())
	p.rig.publish(p.t, tx)
	source := p.open()
	p.sameMetadata(p.gather(source, []string{"1"})[0].Metadata())
	p.stop(source)
}

// sameMetadata compares metadata with what went in. More may be there.
func (p *conformProbe[T]) sameMetadata(got ergon.Metadata) {
	values := map[string]any{}
	for key, value := range got.All() {
		values[key] = value
	}
	for key, want := range conformMetadata().All() {
		value := values[key]
		if at, ok := value.(time.Time); ok {
			value = at.UTC()
		}
		p.unlessf(reflect.DeepEqual(value, want), "under the key %q went in %v (%T), and came out %v (%T)", key, want, want, value, value)
	}
}

func (p *conformProbe[T]) idsKept() {
	texts := p.publish(5)
	source := p.open()
	for _, tx := range p.gather(source, texts) {
		text := p.text(tx)
		p.unlessf(tx.ID() == p.ids[text], "%s was published with the id %q, and handed out with %q", conformShown(text), p.ids[text], tx.ID())
	}
	p.stop(source)
}

func (p *conformProbe[T]) idsUnique() {
	texts := p.publish(100)
	source := p.open()
	owners := map[string]string{}
	for _, tx := range p.gatherAt(source, texts, 7) {
		id, text := tx.ID(), p.text(tx)
		p.unlessf(id != "", "%s has no id", conformShown(text))
		other, twice := owners[id]
		p.unlessf(!twice, "%s and %s both have the id %q", conformShown(other), conformShown(text), id)
		owners[id] = text
	}
	p.stop(source)
}

func (p *conformProbe[T]) idsStable() {
	texts := p.publish(5)
	source := p.open()
	ids := map[string]string{}
	for _, tx := range p.gather(source, texts) {
		ids[p.text(tx)] = tx.ID()
	}
	source = p.recover(source)
	for _, tx := range p.gather(source, texts) {
		text := p.text(tx)
		p.unlessf(tx.ID() == ids[text], "%s had the id %q, and when it came again %q", conformShown(text), ids[text], tx.ID())
	}
	p.stop(source)
}

func (p *conformProbe[T]) receiptsUnique() {
	texts := p.publish(20)
	source := p.open()
	owners := map[any]string{}
	for _, tx := range p.gatherAt(source, texts, 7) {
		receipt, text := tx.Receipt(), p.text(tx)
		p.unlessf(receipt != nil, "%s has no receipt", conformShown(text))
		if !reflect.TypeOf(receipt).Comparable() {
			continue // nobody can tell but the source
		}
		other, twice := owners[receipt]
		p.unlessf(!twice, "%s and %s have the same receipt", conformShown(other), conformShown(text))
		owners[receipt] = text
	}
	p.stop(source)
}
