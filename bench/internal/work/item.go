package work

// Item is what travels: 48 bytes.
type Item struct{ ID, A, B, C, D, E uint64 }

// Items returns n items with the ids 0 to n-1.
func Items(n int) []Item {
	items := make([]Item, n)
	for i := range items {
		items[i] = Item{ID: uint64(i), A: uint64(i) * 0x9e3779b97f4a7c15}
	}
	return items
}
