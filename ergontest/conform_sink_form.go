package ergontest

// conformTrialsOfSinkForm are about what a transaction is when it is stored.
func conformTrialsOfSinkForm[T any]() []conformTrial[T] {
	trials := []conformTrial[T]{
		{
			name: "sink: metadata", of: ableMetadata, run: (*conformProbe[T]).storesMetadata,
			promise: "Traits.Metadata: keys and values are stored, byte for byte and with their types.",
		},
		{
			name: "sink: ids", of: ableIDs, run: (*conformProbe[T]).storesIDs,
			promise: "Traits.IDs: what is stored has the id that it was dispatched with.",
		},
	}
	for _, form := range conformForms() {
		trials = append(trials, conformTrial[T]{
			name: "sink: " + form.name, texts: []string{form.text},
			promise: "A payload is stored as it was dispatched: " + form.name + ".",
			run:     func(p *conformProbe[T]) { p.storesForm(form.text) },
		})
	}
	return trials
}

func (p *conformProbe[T]) storesForm(text string) {
	sink := p.openSink()
	p.dispatch(sink, p.tx("1"), p.tx(text), p.tx("2"))
	p.stop(sink)
	p.holds([]string{"1", text, "2"}, "after it was dispatched between two others")
}

func (p *conformProbe[T]) storesMetadata() {
	sink := p.openSink()
	p.dispatch(sink, p.tx("1").WithMetadata(conformMetadata()))
	p.stop(sink)
	stored := p.rig.stored(p.t)
	p.unlessf(len(stored) == 1, "1 was dispatched, and %d are there", len(stored))
	p.sameMetadata(stored[0].Metadata())
}

func (p *conformProbe[T]) storesIDs() {
	sink := p.openSink()
	txs, _ := p.make(4)
	p.dispatch(sink, txs...)
	p.stop(sink)
	for _, tx := range p.rig.stored(p.t) {
		text := p.text(tx)
		p.unlessf(tx.ID() == p.ids[text], "%s was dispatched with the id %q, and stored with %q", conformShown(text), p.ids[text], tx.ID())
	}
}
